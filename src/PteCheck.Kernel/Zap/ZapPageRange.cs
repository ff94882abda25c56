using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.Zap;

/// <summary>
/// What stands around the loop body and is the same for every version of it: MADV_DONTNEED of a range of one
/// VMA (madvise_dontneed_single_vma, zap_page_range_single) down to zap_pte_range with its lock, its
/// flush and its gather. <see cref="Clear{TArch}"/> and <see cref="Finish"/> are the two steps that other
/// actors take one by one: between them the entries are empty, and neither flushed nor free.
/// </summary>
public static class ZapPageRange
{
    /// <summary>
    /// Zaps a stretch of one table as upstream does today, from the lock to the unlock; the flush is left for
    /// later unless a dirty file page or a full gather forces it.
    /// </summary>
    /// <param name="kernel">The primitives of the CPU that zaps.</param>
    /// <param name="mm">Index of the mm.</param>
    /// <param name="vma">Index of the VMA.</param>
    /// <param name="vpn">First page number.</param>
    /// <param name="pages">Length, 1 or more; all pages lie in one table and in the VMA.</param>
    /// <param name="gather">A gather that was begun by <see cref="KernelContext{TArch}.TlbGatherMmu"/> for the mm.</param>
    /// <returns>Pages done; fewer than asked for when the gather is full: then <see cref="FreeForced"/>, and again for the rest.</returns>
    public static int Clear<TArch>(
        KernelContext<TArch> kernel,
        int mm,
        int vma,
        uint vpn,
        int pages,
        MmuGather gather
    )
        where TArch : struct, IArch =>
        Clear(
            kernel,
            new(mm, vma, vpn, pages),
            new Batched(ZapDecisions.Upstream),
            ZapDecisions.Upstream,
            gather
        );

    /// <summary>After the unlock: frees what was gathered, where <see cref="Clear{TArch}"/> had to flush.</summary>
    public static void FreeForced<TArch>(KernelContext<TArch> kernel, MmuGather gather)
        where TArch : struct, IArch
    {
        if (gather.FlushForced)
        {
            gather.FlushForced = false;
            kernel.TlbFlushMmu(gather);
        }
    }

    /// <summary>Flushes and frees what was gathered (tlb_finish_mmu).</summary>
    public static void Finish<TArch>(KernelContext<TArch> kernel, MmuGather gather)
        where TArch : struct, IArch => kernel.TlbFinishMmu(gather);

    /// <summary>MADV_DONTNEED, from taking mmap_lock to the return to user space.</summary>
    internal static void Run<TArch, TZap>(
        KernelContext<TArch> kernel,
        in OperationCall call,
        TZap zap,
        DecisionSet decisions
    )
        where TArch : struct, IArch
        where TZap : struct, IZapPtes
    {
        var notify = !decisions.Has(ZapDecisions.NoNotifier);
        kernel.MmapReadLock(call.Mm);
        var tlb = kernel.Gather;
        kernel.TlbGatherMmu(tlb, call.Mm);
        if (notify)
        {
            kernel.MmuNotifierInvalidateRangeStart(call.Mm, call.Vpn, (int)call.Pages);
        }

        ZapPmdRange(kernel, call, zap, decisions, tlb);
        if (notify)
        {
            kernel.MmuNotifierInvalidateRangeEnd(call.Mm, call.Vpn, (int)call.Pages);
        }

        Finish(kernel, tlb);
        kernel.MmapReadUnlock(call.Mm);
        kernel.ReturnToUser(call.Mm);
    }

    /// <summary>zap_pmd_range, and the retries of zap_pte_range: from table to table, from one full gather to the next.</summary>
    private static void ZapPmdRange<TArch, TZap>(
        KernelContext<TArch> kernel,
        in OperationCall call,
        TZap zap,
        DecisionSet decisions,
        MmuGather tlb
    )
        where TArch : struct, IArch
        where TZap : struct, IZapPtes
    {
        var slots = (uint)kernel.Machine.Slots;
        for (uint done = 0; done < call.Pages; )
        {
            var vpn = call.Vpn + done;
            var pages = Math.Min(call.Pages - done, slots - (vpn & (slots - 1)));
            var extent = new ZapExtent(call.Mm, call.Vma, vpn, (int)pages);
            done += (uint)Clear(kernel, extent, zap, decisions, tlb);
            FreeForced(kernel, tlb);
            kernel.CondResched();
        }
    }

    /// <summary>zap_pte_range up to its unlock.</summary>
    private static int Clear<TArch, TZap>(
        KernelContext<TArch> kernel,
        in ZapExtent extent,
        TZap zap,
        DecisionSet decisions,
        MmuGather tlb
    )
        where TArch : struct, IArch
        where TZap : struct, IZapPtes
    {
        var state = default(ZapState);
        var ptep = kernel.PteOffsetMapLock(extent.Mm, extent.Vpn, extent.Pages);
        if (!decisions.Has(ZapDecisions.TrustNone))
        {
            kernel.FlushTlbBatchedPending(extent.Mm);
        }

        var done = 0;
        while (done < extent.Pages && !state.ForceBreak)
        {
            done += zap.DoZapPteRange(
                kernel,
                extent,
                ptep.Add(done),
                extent.Vpn + (uint)done,
                extent.Pages - done,
                tlb,
                ref state
            );
        }

        AddMmRssVec(kernel, extent.Mm, state);
        kernel.UserDiscard(extent.Mm, extent.Vpn, done);
        var late = decisions.Has(ZapDecisions.FlushAfterUnlock);
        if (state.ForceFlush && !late)
        {
            kernel.TlbFlushMmuTlbOnly(tlb);
            kernel.TlbFlushRmaps(tlb);
        }

        kernel.SpinUnlockPtl(ptep.Table);
        if (state.ForceFlush && late)
        {
            kernel.TlbFlushMmuTlbOnly(tlb);
            kernel.TlbFlushRmaps(tlb);
        }

        tlb.FlushForced = state.ForceFlush;
        return done;
    }

    /// <summary>add_mm_rss_vec.</summary>
    private static void AddMmRssVec<TArch>(KernelContext<TArch> kernel, int mm, in ZapState state)
        where TArch : struct, IArch
    {
        Add(FolioKind.File, state.File);
        Add(FolioKind.Anon, state.Anon);
        Add(FolioKind.Shmem, state.Shmem);
        if (state.Swap != 0)
        {
            kernel.AddSwapEntries(mm, state.Swap);
        }

        void Add(FolioKind kind, int nr)
        {
            if (nr != 0)
            {
                kernel.AddMmCounter(mm, kind, nr);
            }
        }
    }
}
