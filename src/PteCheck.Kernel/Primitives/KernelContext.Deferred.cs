using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Kernel.Primitives;

/// <summary>The deferred flushes of reclaim (mm/rmap.c; arch_tlbbatch_* of the architectures).</summary>
public sealed partial class KernelContext<TArch>
{
    private const uint PendingLimit = 0x3fff;

    /// <summary>
    /// should_defer_flush: TTU_BATCH_FLUSH is set, and on x86-64 a CPU other than this one, CPU 0, may
    /// hold translations of the mm; arm64 always defers.
    /// </summary>
    public bool ShouldDeferFlush(int mm, bool batchFlush) =>
        batchFlush && (TArch.HasContpte || (Machine.Mms[mm].CpuMask & ~1u) != 0);

    /// <summary>
    /// set_tlb_ubc_flush_pending: remembers that cleared entries have yet to be flushed. Nothing at all is
    /// remembered, not even that one was dirty, when the value says that no CPU can hold a translation.
    /// </summary>
    /// <param name="mm">The mm.</param>
    /// <param name="pteval">The cleared value, of the whole batch.</param>
    /// <param name="vpn">First page.</param>
    /// <param name="pages">Length.</param>
    /// <param name="note">Whether the mm is told, as it must be.</param>
    public void SetTlbUbcFlushPending(int mm, Pte pteval, uint vpn, int pages, bool note = true)
    {
        ref var owner = ref Machine.Mms[mm];
        Record(Primitive.SetTlbUbcFlushPending, mm, nr: pages, a: vpn, b: pteval.Word);
        if (!MayBeCached(mm, pteval))
        {
            return;
        }

        AddPending(mm, vpn, pages);
        Machine.TlbUbc.FlushRequired = true;
        if (note)
        {
            var pending = owner.TlbFlushBatched & PendingMask;
            owner.TlbFlushBatched = pending > PendingLimit ? 1 : owner.TlbFlushBatched + 1;
        }

        Machine.TlbUbc.Writable |= TArch.PteDirty(pteval);
    }

    /// <summary>try_to_unmap_flush: waits until no CPU holds what was deferred.</summary>
    public void TryToUnmapFlush()
    {
        Record(Primitive.TryToUnmapFlush);
        if (!Machine.TlbUbc.FlushRequired)
        {
            return;
        }

        for (var mm = 0; mm < Machine.MmCount; mm++)
        {
            if ((Machine.TlbUbc.Mms & (1u << mm)) != 0)
            {
                FlushTlbMm(mm);
            }
        }

        foreach (
            ref readonly var range in Machine.TlbUbcRanges.AsSpan(0, Machine.TlbUbc.RangeCount)
        )
        {
            RecordFlush(range.Mm, range.Vpn, range.Pages);
        }

        Machine.TlbUbc = default;
    }

    /// <summary>try_to_unmap_flush_dirty: the same, before write-out, when a CPU may still write silently.</summary>
    public void TryToUnmapFlushDirty()
    {
        if (Machine.TlbUbc.Writable)
        {
            TryToUnmapFlush();
        }
    }

    /// <summary>arch_tlbbatch_add_pending: x86-64 adds the CPUs of the mm, arm64 issues the TLBI of the range and does not wait.</summary>
    private void AddPending(int mm, uint vpn, int pages)
    {
        ref var batch = ref Machine.TlbUbc;
        if (!TArch.HasContpte)
        {
            batch.Mms |= 1u << mm;
            return;
        }

        if (batch.RangeCount == TlbUbc.MaxRanges)
        {
            batch.Mms |= 1u << mm;
            return;
        }

        Machine.TlbUbcRanges[batch.RangeCount++] = new()
        {
            Mm = mm,
            Vpn = vpn,
            Pages = pages,
        };
    }
}
