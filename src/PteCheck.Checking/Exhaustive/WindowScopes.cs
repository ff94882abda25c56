using PteCheck.Checking.Scenarios;

namespace PteCheck.Checking.Exhaustive;

/// <summary>The named scopes of mthp-select.</summary>
public static class WindowScopes
{
    /// <summary>M1: the equivalence of the walks.</summary>
    public static readonly ExhaustiveScope Walks = new WindowScope(
        "M1",
        "every table of 16 slots over none and present (65,536; by what each window of 4 slots holds "
            + "16 classes at max_ptes_none 0, full or not, and 16 at 15, occupied or not), all 8 sets of the orders 2, 3 and 4, "
            + "max_ptes_none 0 and 15, and every assignment of success and retry to the windows that may be tried, those inside a window that succeeds left out",
        slots: 16,
        [EntryKind.None, EntryKind.Present],
        thresholds: [0, 15],
        swapLimits: [2]
    );

    /// <summary>M2: where swapped-out pages decide.</summary>
    public static readonly ExhaustiveScope Swapped = new WindowScope(
        "M2",
        "every table of 8 slots over none, present and swap (6,561), all 4 sets of the orders 2 and 3, "
            + "max_ptes_none 0 to 7, max_ptes_swap 1 (an eighth, the default) and 8 (no limit), "
            + "and every assignment of success and retry to the windows that may be tried, those inside a window that succeeds left out",
        slots: 8,
        [EntryKind.None, EntryKind.Present, EntryKind.Swap],
        thresholds: [0, 1, 2, 3, 4, 5, 6, 7],
        swapLimits: [1, 8]
    );
}
