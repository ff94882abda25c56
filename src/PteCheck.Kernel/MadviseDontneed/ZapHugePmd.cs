using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.MadviseDontneed;

/// <summary>
/// zap_huge_pmd (mm/huge_memory.c): a leaf goes as a whole, with its mapping, its pages in rss, and the table that
/// was deposited for it. Flush and free are left to the gather.
/// </summary>
public static class ZapHugePmd
{
    /// <summary>The folio that a leaf maps, -1 where the entry is none.</summary>
    public static int FolioOf<TArch>(KernelContext<TArch> kernel, int pmd)
        where TArch : struct, IArch => FolioOf(kernel, kernel.Machine.Pmds[pmd].Entry);

    /// <summary>Takes the leaf away, where nobody else acts between a look at it and the lock.</summary>
    /// <param name="kernel">The primitives of the CPU that zaps.</param>
    /// <param name="pmd">The PMD slot; it holds a leaf.</param>
    /// <param name="gather">A gather that was begun for the mm.</param>
    public static void Run<TArch>(KernelContext<TArch> kernel, int pmd, MmuGather gather)
        where TArch : struct, IArch
    {
        int mm = kernel.Machine.Pmds[pmd].Mm;
        kernel.SpinLockPmd(mm);
        var entry = kernel.Machine.Pmds[pmd].Entry;
        Clear(kernel, pmd, entry, gather, DecisionSet.Empty);
        kernel.SpinUnlockPmd(mm);
        RemovePageSize(kernel, FolioOf(kernel, entry), gather);
    }

    /// <summary>Takes a leaf away that was seen without the lock, if there is one still (__pmd_trans_huge_lock).</summary>
    /// <param name="kernel">The primitives of the CPU that zaps.</param>
    /// <param name="pmd">The PMD slot.</param>
    /// <param name="seen">What it held at the first look.</param>
    /// <param name="gather">A gather that was begun for the mm.</param>
    /// <param name="decisions">What is done wrongly; see <see cref="MadviseDontneedDecisions"/>.</param>
    /// <returns>False where there is none any more.</returns>
    internal static bool TryRun<TArch>(
        KernelContext<TArch> kernel,
        int pmd,
        PmdEntry seen,
        MmuGather gather,
        DecisionSet decisions
    )
        where TArch : struct, IArch
    {
        int mm = kernel.Machine.Pmds[pmd].Mm;
        kernel.SpinLockPmd(mm);
        var trusts = decisions.Has(MadviseDontneedDecisions.TrustFirstLook);
        var entry = trusts ? seen : kernel.PmdpGetLockless(pmd);
        if (!entry.IsHuge)
        {
            kernel.SpinUnlockPmd(mm);
            return false;
        }

        Clear(kernel, pmd, entry, gather, decisions);
        kernel.UserDiscard(mm, kernel.Machine.Pmds[pmd].BaseVpn, kernel.Machine.Slots);
        kernel.SpinUnlockPmd(mm);
        RemovePageSize(kernel, FolioOf(kernel, entry), gather);
        return true;
    }

    /// <summary>What is done under the PMD lock.</summary>
    private static void Clear<TArch>(
        KernelContext<TArch> kernel,
        int pmd,
        PmdEntry entry,
        MmuGather gather,
        DecisionSet decisions
    )
        where TArch : struct, IArch
    {
        var machine = kernel.Machine;
        var vpn = machine.Pmds[pmd].BaseVpn;
        int mm = machine.Pmds[pmd].Mm;
        var folio = FolioOf(kernel, entry);
        var first = kernel.PmdpHugeGetAndClear(pmd).Page<TArch>(0);
        if (!decisions.Has(MadviseDontneedDecisions.ForgetFlush))
        {
            KernelContext<TArch>.TlbFlushPteRange(gather, vpn, machine.Slots);
        }

        kernel.FolioRemoveRmapPmd(folio);
        var pages = decisions.Has(MadviseDontneedDecisions.RssOnce) ? 1 : machine.Slots;
        kernel.AddMmCounter(mm, machine.Folios[folio].Kind, -pages);
        if (!machine.Folios[folio].IsAnon && TArch.PteDirty(first))
        {
            kernel.FolioMarkDirty(folio);
        }

        var leaves = decisions.Has(MadviseDontneedDecisions.LeaveDeposit);
        if (machine.Pmds[pmd].Deposited != 0 && !leaves)
        {
            ZapDepositedTable(kernel, mm, pmd);
        }
    }

    /// <summary>tlb_remove_page_size: the one reference that the mapping had goes after the flush.</summary>
    private static void RemovePageSize<TArch>(
        KernelContext<TArch> kernel,
        int folio,
        MmuGather gather
    )
        where TArch : struct, IArch =>
        kernel.TlbRemoveFolioPages(
            gather,
            folio,
            kernel.Machine.Folios[folio].FirstFrame,
            1,
            false
        );

    /// <summary>zap_deposited_table: no walker has ever been in it, so that it goes at once.</summary>
    private static void ZapDepositedTable<TArch>(KernelContext<TArch> kernel, int mm, int pmd)
        where TArch : struct, IArch
    {
        kernel.PteFree(kernel.PgtableTransHugeWithdraw(pmd));
        kernel.MmDecNrPtes(mm);
    }

    private static int FolioOf<TArch>(KernelContext<TArch> kernel, PmdEntry entry)
        where TArch : struct, IArch
    {
        var first = entry.Page<TArch>(0);
        return TArch.PtePresent(first) && !TArch.PteSpecial(first)
            ? kernel.Machine.FolioOf(TArch.PtePfn(first))
            : -1;
    }
}
