using System.Numerics;
using PteCheck.Kernel.MthpSelect;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Scenarios;

/// <summary>What mthp-select is asked to do, and what khugepaged finds before it scans a table.</summary>
public static class WindowRules
{
    /// <summary>Most scans of one run: one more than a table of 512 slots has orders below its own.</summary>
    public const int MaxScans = 8;

    /// <summary>The table that is scanned, and the limits: also where a file says that the state is unreachable.</summary>
    public static readonly IReadOnlyList<ReachabilityRule> Shape =
    [
        new(
            "RS18",
            "mthp-select works on one whole table, all of it in one VMA.",
            "mm/khugepaged.c, hugepage_vma_revalidate: the VMA must hold the whole PMD range at any order",
            s => Broken(s, WholeTable(s))
        ),
        new(
            "RS19",
            "mthp-select has orders from 2 to that of the table (MADV_COLLAPSE that of the table alone), max_ptes_none below the number of slots, the other limits up to it, 1 to 8 scans, and results for aligned windows of the table; other operations have none of it.",
            "mm/khugepaged.c, max_ptes_none_store; mm/huge_memory.c, THP_ORDERS_ALL_ANON",
            s => Broken(s, Limits(s)) ?? Results(s)
        ),
    ];

    /// <summary>The rules in order.</summary>
    public static readonly IReadOnlyList<ReachabilityRule> All =
    [
        new(
            "RS73",
            "khugepaged chooses windows in private anonymous VMAs alone.",
            "mm/khugepaged.c, collapse_possible_orders and collapse_single_pmd",
            s =>
                s.Operation().Selects
                && (
                    s.Vmas[s.Run.Vma].Flags
                    & (VmaFlags.FileBacked | VmaFlags.Shared | VmaFlags.ShadowStack)
                ) != 0
                    ? new Offender(OffenderKind.Vma, s.Run.Vma)
                    : null
        ),
    ];

    private static Offender? Broken(Scenario s, bool good) =>
        !s.Operation().Selects || good ? null : new Offender(OffenderKind.Scenario, 0);

    private static bool WholeTable(Scenario s)
    {
        Span<uint> starts = stackalloc uint[Machine.MaxVmas];
        ScenarioLayout.Place(s, starts);
        var first = starts[s.Run.Vma] + (uint)s.Run.First;
        return s.Run.Pages == s.Slots && first % (uint)s.Slots == 0;
    }

    private static bool Limits(Scenario s)
    {
        var run = s.Run;
        var whole = 1 << Windows.PmdOrder(s.Slots);
        return (run.Orders & ~Windows.AllOrders(s.Slots)) == 0
            && (!run.Forced || run.Orders == whole)
            && run.MaxPtesNone >= 0
            && run.MaxPtesNone < s.Slots
            && run.MaxPtesSwap >= 0
            && run.MaxPtesSwap <= s.Slots
            && run.MaxPtesShared >= 0
            && run.MaxPtesShared <= s.Slots
            && run.Scans is >= 1 and <= MaxScans
            && Enum.IsDefined(run.Result);
    }

    private static Offender? Results(Scenario s)
    {
        var before = 0;
        foreach (ref readonly var window in s.UsedWindows)
        {
            var offset = window.Page - s.Run.First;
            var inside =
                s.Operation().Selects
                && window.Order >= Windows.MinOrder
                && window.Order <= Windows.PmdOrder(s.Slots)
                && offset >= 0
                && offset + (1 << window.Order) <= s.Slots
                && BitOperations.TrailingZeroCount(offset | s.Slots) >= window.Order;
            var number = inside ? Windows.Number(s.Slots, offset, window.Order) : 0;
            if (number <= before || window.Result == s.Run.Result || !Enum.IsDefined(window.Result))
            {
                return new(OffenderKind.Scenario, 0);
            }

            before = number;
        }

        return null;
    }
}
