using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;

namespace PteCheck.Kernel.CollapseFile;

/// <summary>Step 2 one entry at a time, as collapse_pte_mapped_thp did up to 6.16: the reference.</summary>
internal readonly struct PerPte : IClearPtes
{
    /// <inheritdoc/>
    public ScanResult Clear<TArch>(KernelContext<TArch> kernel, ref CollapseState state)
        where TArch : struct, IArch
    {
        var first = kernel.Machine.Folios[state.Folio].FirstFrame;
        for (var i = 0; i < kernel.Machine.Slots; i++)
        {
            var ptep = state.Ptep.Add(i);
            var ptent = kernel.PtepGet(ptep);
            if (TArch.PteNone(ptent))
            {
                continue;
            }

            // What PTL did not keep away since the scan: swap-out and migration of pages that COW put there.
            if (!TArch.PtePresent(ptent))
            {
                return ScanResult.PteNonPresent;
            }

            if (kernel.VmNormalFrame(ptent) != first + i)
            {
                return ScanResult.Fail;
            }

            kernel.PtepGetAndClear(ptep);
            kernel.FolioRemoveRmapPtes(state.Folio, first + i, 1);
            state.Mapped++;
        }

        return ScanResult.Succeed;
    }
}
