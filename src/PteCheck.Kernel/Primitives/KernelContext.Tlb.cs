using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Kernel.Primitives;

/// <summary>TLB invalidation and the deferred flushes of reclaim (mm/rmap.c, arch tlbflush.h).</summary>
public sealed partial class KernelContext<TArch>
{
    private const uint PendingMask = 0x7fff;
    private const int FlushedShift = 16;

    /// <summary>
    /// flush_tlb_range: every CPU forgets its translations of the range before the call returns. From
    /// <see cref="Model.Architectures.IArch.FlushMmFromPages"/> pages on, those of the whole mm.
    /// </summary>
    public void FlushTlbRange(int mm, uint vpn, int pages)
    {
        if (pages >= TArch.FlushMmFromPages)
        {
            FlushTlbMm(mm);
            return;
        }

        RecordFlush(mm, vpn, pages);
    }

    /// <summary>flush_tlb_mm.</summary>
    public void FlushTlbMm(int mm) => Record(Primitive.TlbFlushMm, mm);

    /// <summary>
    /// flush_tlb_batched_pending: when reclaim has unmapped pages of this mm and not flushed yet, flush
    /// now; called under the page-table lock by those who would trust an empty entry. What others add
    /// during the flush stays pending.
    /// </summary>
    public void FlushTlbBatchedPending(int mm)
    {
        Record(Primitive.FlushTlbBatchedPending, mm);
        ref var owner = ref Machine.Mms[mm];
        var batch = owner.TlbFlushBatched;
        var pending = batch & PendingMask;
        var flushed = batch >> FlushedShift;
        if (pending == flushed)
        {
            return;
        }

        FlushTlbMm(mm);
        if (owner.TlbFlushBatched == batch)
        {
            owner.TlbFlushBatched = pending | (pending << FlushedShift);
        }
    }

    /// <summary>mmu_notifier_invalidate_range_start: the secondary MMU drops the range and may not refill it.</summary>
    public void MmuNotifierInvalidateRangeStart(int mm, uint vpn, int pages)
    {
        Machine.Mms[mm].NotifierDepth++;
        Record(Primitive.NotifierStart, mm, nr: pages, a: vpn);
    }

    /// <summary>mmu_notifier_invalidate_range_end: the secondary MMU may refill.</summary>
    public void MmuNotifierInvalidateRangeEnd(int mm, uint vpn, int pages)
    {
        if (Machine.Mms[mm].NotifierDepth == 0)
        {
            Fault(FaultKind.LockMisuse, mm, 0, "mmu_notifier_invalidate_range_end");
            throw new RunStoppedException();
        }

        Machine.Mms[mm].NotifierDepth--;
        Record(Primitive.NotifierEnd, mm, nr: pages, a: vpn);
    }

    private void RecordFlush(int mm, uint vpn, int pages, bool byArch = false) =>
        Record(Primitive.TlbFlushRange, mm, nr: pages, a: vpn, byArch: byArch);
}
