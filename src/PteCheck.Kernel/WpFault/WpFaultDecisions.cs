using PteCheck.Kernel.Operations;

namespace PteCheck.Kernel.WpFault;

/// <summary>Choices of the write fault that can be taken wrongly. The reference takes none of them.</summary>
public static class WpFaultDecisions
{
    private static readonly DecisionRegistry Known = new();

    /// <summary>Before 6ce64428d620 (5.12): the copy does not wait for a flush that userfaultfd has deferred.</summary>
    public static readonly Decision NoPendingFlush = Known.Fault(
        "no-pending-flush",
        "flush-pending",
        "the page is copied while the flush of a write protection is pending"
    );

    /// <summary>Before AnonExclusive (5.19): an extra reference makes a page of one's own look shared.</summary>
    public static readonly Decision CopyExclusive = Known.Fault(
        "copy-exclusive",
        "reuse-exclusive",
        "an exclusive page with an extra reference is copied"
    );

    /// <summary>A shared page is taken for one's own.</summary>
    public static readonly Decision ReuseShared = Known.Fault(
        "reuse-shared",
        "count-references",
        "wp_can_reuse_anon_folio says yes to everything"
    );

    /// <summary>A uffd-wp entry is made writable.</summary>
    public static readonly Decision IgnoreUffd = Known.Fault(
        "ignore-uffd",
        "ask-userfaultfd",
        "the uffd-wp bit does not stop the fault"
    );

    /// <summary>The old translation is flushed after the unlock.</summary>
    public static readonly Decision FlushAfterUnlock = Known.Fault(
        "flush-after-unlock",
        "flush-under-ptl",
        "the old entry is cleared, and flushed once the lock is dropped"
    );

    /// <summary>The new page stays empty.</summary>
    public static readonly Decision NoCopy = Known.Fault(
        "no-copy",
        "copy-contents",
        "the new page is full of zeroes"
    );

    /// <summary>The mapping of the old page stays counted.</summary>
    public static readonly Decision KeepRmap = Known.Fault(
        "keep-rmap",
        "remove-rmap",
        "folio_remove_rmap_pte of the old page is left out"
    );

    /// <summary>The folio of a shared mapping stays clean.</summary>
    public static readonly Decision ForgetDirty = Known.Fault(
        "forget-dirty",
        "mark-dirty",
        "folio_mark_dirty is left out"
    );

    /// <summary>The secondary MMU is not told.</summary>
    public static readonly Decision NoNotifier = Known.Fault(
        "no-notifier",
        "notify",
        "mmu_notifier_invalidate_range_start and _end are left out"
    );

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Decision> All => Known.All;
}
