using PteCheck.Kernel.Operations;

namespace PteCheck.Kernel.MthpSelect;

/// <summary>The limits of khugepaged by order: collapse_max_ptes_none, collapse_max_ptes_swap, collapse_max_ptes_shared.</summary>
internal static class CollapseLimits
{
    /// <summary>collapse_max_ptes_none: how many slots of a window may be empty; negative where windows of this order are refused (v17).</summary>
    /// <param name="call">The arguments.</param>
    /// <param name="armed">Whether a VMA is given that is armed for userfaultfd in any mode.</param>
    /// <param name="order">The window's order.</param>
    /// <param name="decisions">The choices of policy.</param>
    public static int MaxPtesNone(
        in OperationCall call,
        bool armed,
        int order,
        DecisionSet decisions
    )
    {
        var slots = (int)call.Pages;
        var pmdOrder = Windows.PmdOrder(slots);
        if (armed)
        {
            return 0;
        }

        if (call.Forced)
        {
            return slots;
        }

        if (order == pmdOrder)
        {
            return call.MaxPtesNone;
        }

        if (decisions.Has(MthpDecisions.ScaleThreshold))
        {
            return call.MaxPtesNone >> (pmdOrder - order);
        }

        if (call.MaxPtesNone == slots - 1)
        {
            return (1 << order) - 1;
        }

        return call.MaxPtesNone != 0 && decisions.Has(MthpDecisions.RefuseOtherThresholds) ? -1 : 0;
    }

    /// <summary>collapse_max_ptes_swap: MADV_COLLAPSE takes any number, windows below PMD order none.</summary>
    public static int MaxPtesSwap(in OperationCall call, int order) =>
        order < Windows.PmdOrder((int)call.Pages) ? 0
        : call.Forced ? (int)call.Pages
        : call.MaxPtesSwap;

    /// <summary>collapse_max_ptes_shared: the same for pages that others may map.</summary>
    public static int MaxPtesShared(in OperationCall call, int order) =>
        order < Windows.PmdOrder((int)call.Pages) ? 0
        : call.Forced ? (int)call.Pages
        : call.MaxPtesShared;
}
