using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.CollapseAnon;

/// <summary>What is asked again whenever a lock was dropped, and questions to single entries (mm/khugepaged.c).</summary>
internal static class CollapseVma
{
    /// <summary>
    /// hugepage_vma_revalidate: the VMA covers the whole table, also for a smaller window, since the table might
    /// be another VMA's, too; and it is anonymous.
    /// </summary>
    /// <param name="kernel">The primitives.</param>
    /// <param name="state">The collapse.</param>
    /// <param name="forWrite">mmap_lock is held for writing: the last time.</param>
    public static ScanResult Revalidate<TArch>(
        KernelContext<TArch> kernel,
        in AnonCollapse state,
        bool forWrite
    )
        where TArch : struct, IArch
    {
        if (forWrite && state.Request.Mishap == CollapseMishap.MmExits)
        {
            return ScanResult.AnyProcess;
        }

        if (forWrite && state.Request.Mishap == CollapseMishap.VmaGone)
        {
            return ScanResult.VmaNull;
        }

        ref readonly var vma = ref kernel.Machine.Vmas[state.Vma];
        if (state.Haddr < vma.Start || state.Haddr + (uint)state.Slots > vma.End)
        {
            return ScanResult.AddressRange;
        }

        return (vma.Flags & VmaFlags.FileBacked) != 0 ? ScanResult.PageAnon : ScanResult.Succeed;
    }

    /// <summary>find_pmd_or_thp_or_none, and pmd_offset before it.</summary>
    public static ScanResult FindPmdOrThpOrNone<TArch>(
        KernelContext<TArch> kernel,
        ref AnonCollapse state
    )
        where TArch : struct, IArch
    {
        state.Pmd = kernel.PmdOffset(state.Mm, state.Haddr);
        return kernel.PmdpGetLockless(state.Pmd).Kind switch
        {
            PmdKind.Table => ScanResult.Succeed,
            PmdKind.None => ScanResult.NoPteTable,
            _ => ScanResult.PmdMapped,
        };
    }

    /// <summary>pte_none, or the zero page.</summary>
    public static bool IsNoneOrZero<TArch>(Pte pte)
        where TArch : struct, IArch =>
        TArch.PteNone(pte) || (TArch.PtePresent(pte) && TArch.PtePfn(pte) == Machine.ZeroPfn);

    /// <summary>khugepaged leaves clean lazyfree pages to reclaim, which drops them; those of a droppable VMA are always so.</summary>
    public static bool IsDroppedLater<TArch>(
        KernelContext<TArch> kernel,
        in AnonCollapse state,
        Pte pte,
        in Folio folio
    )
        where TArch : struct, IArch =>
        state.Request.Khugepaged
        && !kernel.Machine.Vmas[state.Vma].Has(VmaFlags.Droppable)
        && folio.IsAnon
        && (folio.Flags & (FolioFlags.Swapbacked | FolioFlags.Dirty)) == 0
        && !TArch.PteDirty(pte);
}
