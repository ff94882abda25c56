using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;

namespace PteCheck.Kernel.CollapseAnon;

/// <summary>
/// __collapse_huge_page_copy (mm/khugepaged.c): each page of the new folio gets what its source holds, or zeroes
/// where there is none. Poisoned memory ends it, and nothing but the new folio has been written by then.
/// </summary>
internal static class CollapseCopy
{
    /// <summary>Copies the window that is isolated.</summary>
    public static ScanResult Run<TArch>(KernelContext<TArch> kernel, in AnonCollapse state)
        where TArch : struct, IArch
    {
        var first = kernel.Machine.Folios[state.Folio].FirstFrame;
        for (var i = 0; i < state.Pages; i++)
        {
            var frame = kernel.Sources.Frames[i];
            if (
                state.Request.Mishap == CollapseMishap.CopyFails
                && state.Request.MishapPage == i
                && frame >= 0
            )
            {
                return ScanResult.CopyMc;
            }

            if (frame >= 0)
            {
                kernel.CopyPage(frame, first + i);
            }
            else if (!state.Has(CollapseAnonDecisions.NoZeroFill))
            {
                kernel.ClearUserHighpage(first + i);
            }
        }

        return ScanResult.Succeed;
    }
}
