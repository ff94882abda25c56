using PteCheck.Kernel.Operations;

namespace PteCheck.Kernel.MthpSelect;

/// <summary>
/// Choices of the mTHP scan. Those of policy differ between versions by design, and the reference makes them,
/// too; of the faults two are in mailed versions, the others are made on purpose.
/// </summary>
public static class MthpDecisions
{
    private static readonly DecisionRegistry Known = new();

    /// <summary>v17 and before: every failure leads to the halves, also where a large folio is mapped.</summary>
    public static readonly Decision DescendMappedHuge = Known.Policy(
        "descend-mapped-huge",
        "skip-mapped-huge",
        "after SCAN_PTE_MAPPED_HUGEPAGE the halves of the window are tried (v17)"
    );

    /// <summary>v17 and before: no result ends the walk.</summary>
    public static readonly Decision GoOnAfterStop = Known.Policy(
        "go-on-after-stop",
        "end-at-stop",
        "results that are not of one window do not end the walk (v17)"
    );

    /// <summary>v17: collapse_max_ptes_none is negative below PMD order for other values than 0 and the largest.</summary>
    public static readonly Decision RefuseOtherThresholds = Known.Policy(
        "refuse-other-thresholds",
        "other-thresholds-as-0",
        "max_ptes_none other than 0 and HPAGE_PMD_NR - 1 ends the walk below PMD order (v17)"
    );

    /// <summary>v1 to about v13: the threshold is shifted down with the order.</summary>
    public static readonly Decision ScaleThreshold = Known.Policy(
        "scale-threshold",
        "no-scaling",
        "max_ptes_none is halved with each order below PMD order (early versions)"
    );

    /// <summary>All mailed versions but v18: whether the VMA is armed for userfaultfd is not asked between scan and collapse.</summary>
    public static readonly Decision ForgetArmed = Known.Policy(
        "forget-armed",
        "remember-armed",
        "collapse_max_ptes_none is asked without the VMA, so holes of a uffd-armed one do not count (Wei Yang, 2026-05)"
    );

    /// <summary>v17 and v19: a PMD with swapped-out pages is measured by its present ones alone.</summary>
    public static readonly Decision ForgetSwapped = Known.Fault(
        "forget-swapped",
        "count-swapped",
        "at PMD order the entries that would be swapped in do not count as occupied (v17, v19)"
    );

    /// <summary>v17 and before: the result is success or plain failure.</summary>
    public static readonly Decision LoseAllocationFailure = Known.Fault(
        "lose-allocation-failure",
        "keep-allocation-failure",
        "SCAN_ALLOC_HUGE_PAGE_FAIL of an attempt becomes SCAN_FAIL (v17)"
    );

    /// <summary>v18: the threshold is asked for with the VMA, after mmap_lock has been dropped.</summary>
    public static readonly Decision AskVma = Known.Fault(
        "ask-vma",
        "ask-flag",
        "with remember-armed: the VMA itself is asked, after mmap_lock is dropped (v18)"
    );

    /// <summary>Not upstream: the scan ends at the first hole too many whatever orders are enabled.</summary>
    public static readonly Decision AlwaysLimit = Known.Fault(
        "always-limit",
        "scan-all",
        "the scan enforces max_ptes_none also where orders below PMD order are enabled"
    );

    /// <summary>Not upstream: the halves change places on the stack.</summary>
    public static readonly Decision RightFirst = Known.Fault(
        "right-first",
        "left-first",
        "the right half of a window is tried before the left one"
    );

    /// <summary>Not upstream: the linear walk goes on with the order that it has.</summary>
    public static readonly Decision KeepOrder = Known.Fault(
        "keep-order",
        "order-by-alignment",
        "the order is not set anew from the alignment of the next offset"
    );

    /// <summary>Not upstream: one entry less than the bound.</summary>
    public static readonly Decision ShortStack = Known.Fault(
        "short-stack",
        "whole-stack",
        "the stack has one entry less than the depth of the tree needs"
    );

    /// <summary>What the review suspected: collapse_huge_page alone drops mmap_lock.</summary>
    public static readonly Decision UnlockLate = Known.Fault(
        "unlock-late",
        "unlock-before",
        "mmap_lock is left to the first collapse to drop, and reported as dropped"
    );

    /// <summary>Not upstream: the second line of defence is missing.</summary>
    public static readonly Decision TrustScan = Known.Fault(
        "trust-scan",
        "check-again",
        "the isolation does not ask whether the VMA is armed for userfaultfd"
    );

    /// <summary>The choices of policy.</summary>
    public static readonly DecisionSet Policies = DescendMappedHuge
        .Set.With(GoOnAfterStop.Set)
        .With(RefuseOtherThresholds.Set)
        .With(ScaleThreshold.Set)
        .With(ForgetArmed.Set);

    /// <summary>The newest tree.</summary>
    public static readonly DecisionSet Upstream = ForgetArmed.Set;

    /// <summary>v19.</summary>
    public static readonly DecisionSet V19 = Upstream.With(ForgetSwapped.Set);

    /// <summary>v17, the one under review.</summary>
    public static readonly DecisionSet V17 = V19.With(DescendMappedHuge.Set)
        .With(GoOnAfterStop.Set)
        .With(RefuseOtherThresholds.Set)
        .With(LoseAllocationFailure.Set);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Decision> All => Known.All;
}
