using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.CollapseAnon;

/// <summary>How many empty, swapped and shared entries a collapse tolerates (mm/khugepaged.c).</summary>
internal static class CollapseLimits
{
    /// <summary>
    /// collapse_max_ptes_none: none in a VMA with userfaultfd; below PMD order all but one, or none at all, by the
    /// value of sysfs.
    /// </summary>
    /// <param name="kernel">The primitives.</param>
    /// <param name="state">The collapse.</param>
    /// <param name="armed">Whether to ask the VMA; the choice of windows cannot.</param>
    public static int MaxNone<TArch>(KernelContext<TArch> kernel, in AnonCollapse state, bool armed)
        where TArch : struct, IArch
    {
        var asks = armed && !state.Has(CollapseAnonDecisions.IgnoreArmed);
        if (asks && (kernel.Machine.Vmas[state.Vma].Flags & VmaFlags.UffdAny) != 0)
        {
            return 0;
        }

        if (!state.Request.Khugepaged)
        {
            return state.Slots;
        }

        if (state.IsPmdOrder)
        {
            return state.Request.MaxNone;
        }

        return state.Request.MaxNone == state.Slots - 1 ? state.Pages - 1 : 0;
    }

    /// <summary>collapse_max_ptes_swap, of the scan.</summary>
    public static int MaxSwap(in AnonCollapse state) =>
        state.Request.Khugepaged ? state.Request.MaxSwap : state.Slots;

    /// <summary>collapse_max_ptes_shared: none below PMD order once the window is isolated.</summary>
    public static int MaxShared(in AnonCollapse state, bool ofWindow)
    {
        if (ofWindow && !state.IsPmdOrder)
        {
            return 0;
        }

        return state.Request.Khugepaged ? state.Request.MaxShared : state.Slots;
    }
}
