using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.Primitives;

/// <summary>PTE markers (include/linux/mm_inline.h, include/linux/swapops.h).</summary>
public sealed partial class KernelContext<TArch>
{
    /// <summary>make_pte_marker.</summary>
    public static Pte MakePteMarker(PteMarkers markers) =>
        TArch.SwpEntryToPte(SwapType.Marker, (ulong)markers);

    /// <summary>
    /// pte_install_uffd_wp_if_needed: leaves a uffd-wp marker in one emptied slot of a file-backed VMA that
    /// is armed for write protection, when the entry that was there had the bit in any form.
    /// </summary>
    /// <returns>Whether a marker was installed.</returns>
    public bool PteInstallUffdWpIfNeeded(int vma, PtePointer ptep, Pte pteval) =>
        CondInstallUffdWpPtes(vma, ptep, pteval, 1);

    /// <summary>cond_install_uffd_wp_ptes: the same for <paramref name="nr"/> slots that held a batch.</summary>
    /// <returns>Whether markers were installed.</returns>
    public bool CondInstallUffdWpPtes(int vma, PtePointer ptep, Pte pteval, int nr)
    {
        ref readonly var owner = ref Machine.Vmas[vma];
        var armed = owner.Has(VmaFlags.UffdWp) && (owner.Flags & VmaFlags.FileBacked) != 0;
        if (!armed || !HadUffdWp(pteval))
        {
            return false;
        }

        for (var i = 0; i < nr; i++)
        {
            SetPteAt(ptep.Add(i), MakePteMarker(PteMarkers.UffdWp));
        }

        return true;
    }

    /// <summary>copy_pte_marker: what fork copies of a marker: poison and guard always, uffd-wp only into an armed VMA.</summary>
    public static PteMarkers CopyPteMarker(PteMarkers markers, bool destinationArmed) =>
        markers
        & (
            PteMarkers.Poisoned
            | PteMarkers.Guard
            | (destinationArmed ? PteMarkers.UffdWp : PteMarkers.None)
        );

    private static bool HadUffdWp(Pte pte)
    {
        if (TArch.PteNone(pte))
        {
            return false;
        }

        return TArch.PtePresent(pte)
            ? TArch.PteUffdWp(pte)
            : PteIsUffdWpMarker(pte) || TArch.PteSwpUffdWp(pte);
    }
}
