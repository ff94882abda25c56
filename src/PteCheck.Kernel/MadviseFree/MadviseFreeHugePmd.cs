using PteCheck.Kernel.MadviseDontneed;
using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.MadviseFree;

/// <summary>
/// madvise_free_huge_pmd (mm/huge_memory.c), with what stands around it: madvise_free_single_vma and
/// madvise_free_pte_range (mm/madvise.c). The pages of a leaf become lazyfree and stay mapped, old and clean.
/// </summary>
internal static class MadviseFreeHugePmd
{
    /// <summary>MADV_FREE of a range of one VMA, from taking mmap_lock to the return to user space.</summary>
    public static void Run<TArch>(
        KernelContext<TArch> kernel,
        in OperationCall call,
        DecisionSet decisions
    )
        where TArch : struct, IArch
    {
        var slots = (uint)kernel.Machine.Slots;
        var tlb = kernel.Gather;
        kernel.MmapReadLock(call.Mm);
        kernel.TlbGatherMmu(tlb, call.Mm);
        kernel.MmuNotifierInvalidateRangeStart(call.Mm, call.Vpn, (int)call.Pages);
        for (uint done = 0; done < call.Pages; done += slots)
        {
            FreePteRange(kernel, call.Mm, call.Vpn + done, tlb, decisions);
        }

        kernel.MmuNotifierInvalidateRangeEnd(call.Mm, call.Vpn, (int)call.Pages);
        kernel.TlbFinishMmu(tlb);
        kernel.MmapReadUnlock(call.Mm);
        kernel.ReturnToUser(call.Mm);
    }

    /// <summary>madvise_free_pte_range as far as it concerns a leaf: the first look is without the lock.</summary>
    private static void FreePteRange<TArch>(
        KernelContext<TArch> kernel,
        int mm,
        uint vpn,
        MmuGather tlb,
        DecisionSet decisions
    )
        where TArch : struct, IArch
    {
        var pmd = kernel.PmdOffset(mm, vpn);
        if (kernel.PmdpGetLockless(pmd).IsHuge)
        {
            kernel.SpinLockPmd(mm);
            FreeLeaf(kernel, mm, pmd, tlb, decisions);
            kernel.SpinUnlockPmd(mm);
        }

        kernel.CondResched();
    }

    /// <summary>Under the PMD lock: only a folio of this mm alone, and one that nobody has locked, is marked.</summary>
    private static void FreeLeaf<TArch>(
        KernelContext<TArch> kernel,
        int mm,
        int pmd,
        MmuGather tlb,
        DecisionSet decisions
    )
        where TArch : struct, IArch
    {
        var orig = kernel.PmdpGetLockless(pmd);
        var folio = ZapHugePmd.FolioOf(kernel, pmd);
        if (folio < 0 || kernel.FolioMaybeMappedShared(folio) || !kernel.FolioTrylock(folio))
        {
            return;
        }

        if ((kernel.Machine.Folios[folio].Flags & FolioFlags.Dirty) != 0)
        {
            kernel.FolioTestClearDirty(folio);
        }

        kernel.FolioUnlock(folio);
        var first = orig.Page<TArch>(0);
        if (TArch.PteYoung(first) || TArch.PteDirty(first))
        {
            MakeOldAndClean(kernel, mm, pmd, orig, tlb, decisions);
        }

        kernel.FolioMarkLazyfree(folio);
    }

    /// <summary>
    /// Hardware loses sight of the entry before it gets its new value. What hardware has set in it since the first
    /// look is meant to go.
    /// </summary>
    private static void MakeOldAndClean<TArch>(
        KernelContext<TArch> kernel,
        int mm,
        int pmd,
        PmdEntry orig,
        MmuGather tlb,
        DecisionSet decisions
    )
        where TArch : struct, IArch
    {
        var vpn = kernel.Machine.Pmds[pmd].BaseVpn;
        if (decisions.Has(MadviseFreeDecisions.ClearFirst))
        {
            orig = kernel.PmdpHugeGetAndClear(pmd);
        }
        else
        {
            kernel.PmdpInvalidate(mm, pmd, vpn);
        }

        var first = orig.Page<TArch>(0);
        kernel.SetPmdAt(pmd, PmdEntry.OfHuge(TArch.PteMkClean(TArch.PteMkOld(first))));
        KernelContext<TArch>.TlbFlushPteRange(tlb, vpn, kernel.Machine.Slots);
    }
}
