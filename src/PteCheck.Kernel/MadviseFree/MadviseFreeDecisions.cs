using PteCheck.Kernel.Operations;

namespace PteCheck.Kernel.MadviseFree;

/// <summary>Choices of MADV_FREE of a huge PMD entry that can be taken wrongly. The reference takes none of them.</summary>
public static class MadviseFreeDecisions
{
    private static readonly DecisionRegistry Known = new();

    /// <summary>
    /// Before 58ceeb6bec86 (4.11): the entry is taken out with pmdp_huge_get_and_clear and set again, and reads
    /// as empty in between.
    /// </summary>
    public static readonly Decision ClearFirst = Known.Fault(
        "clear-first",
        "invalidate-in-place",
        "the PMD entry is empty until its new value is set, for whoever looks without the lock"
    );

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Decision> All => Known.All;
}
