using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;

namespace PteCheck.Kernel.Zap;

/// <summary>
/// zap_huge_pmd (mm/huge_memory.c): a leaf goes as a whole, with its mapping, its pages in rss, and the table that
/// was deposited for it.
/// </summary>
public static class ZapHugePmd
{
    /// <summary>The folio that a leaf maps, -1 where the entry is none.</summary>
    public static int FolioOf<TArch>(KernelContext<TArch> kernel, int pmd)
        where TArch : struct, IArch
    {
        var first = kernel.Machine.Pmds[pmd].Entry.Page<TArch>(0);
        return TArch.PtePresent(first) && !TArch.PteSpecial(first)
            ? kernel.Machine.FolioOf(TArch.PtePfn(first))
            : -1;
    }

    /// <summary>Takes the leaf away; flush and free are left to the gather.</summary>
    /// <param name="kernel">The primitives of the CPU that zaps.</param>
    /// <param name="pmd">The PMD slot; it holds a leaf.</param>
    /// <param name="gather">A gather that was begun for the mm.</param>
    public static void Run<TArch>(KernelContext<TArch> kernel, int pmd, MmuGather gather)
        where TArch : struct, IArch
    {
        var machine = kernel.Machine;
        var vpn = machine.Pmds[pmd].BaseVpn;
        int mm = machine.Pmds[pmd].Mm;
        kernel.SpinLockPmd(mm);
        var folio = FolioOf(kernel, pmd);
        var first = kernel.PmdpHugeGetAndClear(pmd).Page<TArch>(0);
        KernelContext<TArch>.TlbFlushPteRange(gather, vpn, machine.Slots);
        kernel.FolioRemoveRmapPmd(folio);
        kernel.AddMmCounter(mm, machine.Folios[folio].Kind, -machine.Slots);
        if (!machine.Folios[folio].IsAnon && TArch.PteDirty(first))
        {
            kernel.FolioMarkDirty(folio);
        }

        if (machine.Pmds[pmd].Deposited != 0)
        {
            kernel.PteFree(kernel.PgtableTransHugeWithdraw(pmd));
            kernel.MmDecNrPtes(mm);
        }

        kernel.SpinUnlockPmd(mm);
        kernel.TlbRemoveFolioPages(gather, folio, machine.Folios[folio].FirstFrame, 1, false);
    }
}
