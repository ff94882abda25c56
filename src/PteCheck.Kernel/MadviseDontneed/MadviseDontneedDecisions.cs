using PteCheck.Kernel.Operations;

namespace PteCheck.Kernel.MadviseDontneed;

/// <summary>Choices of MADV_DONTNEED of a huge PMD entry that can be taken wrongly. The reference takes none of them.</summary>
public static class MadviseDontneedDecisions
{
    private static readonly DecisionRegistry Known = new();

    /// <summary>The leaf is taken for what it was at the look without the lock.</summary>
    public static readonly Decision TrustFirstLook = Known.Fault(
        "trust-first-look",
        "look-under-lock",
        "the PMD entry is not looked at again under its lock"
    );

    /// <summary>Nothing is gathered for the flush.</summary>
    public static readonly Decision ForgetFlush = Known.Fault(
        "forget-flush",
        "gather-range",
        "tlb_remove_pmd_tlb_entry is left out"
    );

    /// <summary>One page is taken from the counters for a leaf.</summary>
    public static readonly Decision RssOnce = Known.Fault(
        "rss-once",
        "rss-leaf",
        "rss falls by one for a leaf"
    );

    /// <summary>The table that was deposited for the split of the leaf stays where it is.</summary>
    public static readonly Decision LeaveDeposit = Known.Fault(
        "leave-deposit",
        "free-deposit",
        "zap_deposited_table is left out"
    );

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Decision> All => Known.All;
}
