using PteCheck.Kernel.Operations;

namespace PteCheck.Kernel.CollapseAnon;

/// <summary>
/// Every choice in which implementations of collapse-anon differ. Those of the patch under review come first; the
/// others each leave one precaution out, for the oracles to say what it is there for.
/// </summary>
public static class CollapseAnonDecisions
{
    private static readonly DecisionRegistry Known = new();

    /// <summary>RFC 9/12: the copy is made while the entries still translate.</summary>
    public static readonly Decision CopyBeforeClear = Known.Fault(
        "copy-before-clear",
        "clear-before-copy",
        "the pages are copied while their entries still stand; what clears and flushes them comes after"
    );

    /// <summary>RFC 9/12: nothing is flushed.</summary>
    public static readonly Decision NoFlush = Known.Fault(
        "no-flush",
        "flush",
        "the entries, or the PMD entry, are cleared without a flush"
    );

    /// <summary>RFC 9/12: references are tested while GUP-fast can still find the pages.</summary>
    public static readonly Decision CheckFirst = Known.Fault(
        "check-first",
        "check-after-clear",
        "the references are tested before the entries, or the PMD entry, are cleared"
    );

    /// <summary>RFC 9/12: the entries of the window are cleared in the linked table, under its lock and mmap_lock for reading.</summary>
    public static readonly Decision OneLevel = Known.Shape(
        "one-level",
        "unlink-table",
        "the window's entries are cleared in place, instead of the PMD entry"
    );

    /// <summary>The sources are cleared and unmapped entry by entry, as up to 6.16.</summary>
    public static readonly Decision ClearOneByOne = Known.Shape(
        "clear-one-by-one",
        "clear-batch",
        "no batches when the source entries are cleared and their mappings taken back"
    );

    /// <summary>The reviewer's sketch: the table is changed first and linked again then.</summary>
    public static readonly Decision SetDetached = Known.Shape(
        "set-detached",
        "set-linked",
        "the new entries are set before the table is linked again"
    );

    /// <summary>The flush comes when the sources are freed.</summary>
    public static readonly Decision LateFlush = Known.Fault(
        "late-flush",
        "early-flush",
        "the flush comes after the sources are put"
    );

    /// <summary>The references are tested between the clearing and the flush.</summary>
    public static readonly Decision CheckBeforeFlush = Known.Shape(
        "check-before-flush",
        "flush-before-check",
        "the flush comes when the references are tested, and before the copy"
    );

    /// <summary>The references are tested when everything is copied.</summary>
    public static readonly Decision CheckLast = Known.Shape(
        "check-last",
        "check-before-copy",
        "the references are tested after the copy, which is thrown away where there are too many"
    );

    /// <summary>The references are not tested.</summary>
    public static readonly Decision NoRefCheck = Known.Fault(
        "no-refcheck",
        "refcheck",
        "the references of the sources are not tested"
    );

    /// <summary>tlb_remove_table_sync_one is left out.</summary>
    public static readonly Decision NoIpi = Known.Fault(
        "no-ipi",
        "ipi",
        "tlb_remove_table_sync_one is left out"
    );

    /// <summary>The new folio is mapped before the copy.</summary>
    public static readonly Decision PublishBeforeCopy = Known.Fault(
        "publish-before-copy",
        "copy-before-publish",
        "the new folio is mapped before anything is copied into it"
    );

    /// <summary>The old table is linked again before the copy.</summary>
    public static readonly Decision RelinkBeforeCopy = Known.Fault(
        "relink-before-copy",
        "copy-before-relink",
        "below PMD order the old table is linked again before the copy"
    );

    /// <summary>Holes and the zero page are left as the allocator gave the page.</summary>
    public static readonly Decision NoZeroFill = Known.Fault(
        "no-zero-fill",
        "zero-fill",
        "what stands for holes and the zero page is not filled with zeroes"
    );

    /// <summary>A batch ends with the table in place of the window.</summary>
    public static readonly Decision BatchToTableEnd = Known.Fault(
        "batch-to-table-end",
        "batch-to-window-end",
        "the end of the table bounds a batch, and not that of the window"
    );

    /// <summary>A batch is one mapping.</summary>
    public static readonly Decision RmapOnce = Known.Fault(
        "rmap-once",
        "rmap-batch",
        "folio_remove_rmap_pte for a batch"
    );

    /// <summary>A batch is one reference.</summary>
    public static readonly Decision PutOnce = Known.Fault(
        "put-once",
        "put-batch",
        "one reference is put for a batch"
    );

    /// <summary>rss grows by the whole window.</summary>
    public static readonly Decision CountWindow = Known.Fault(
        "count-window",
        "count-holes",
        "rss grows by the whole window, and not by its holes"
    );

    /// <summary>Secondary MMUs are not told.</summary>
    public static readonly Decision NoNotifier = Known.Fault(
        "no-notifier",
        "notifier",
        "mmu_notifier_invalidate_range_start is left out"
    );

    /// <summary>Holes of a registered VMA count as everywhere.</summary>
    public static readonly Decision IgnoreArmed = Known.Fault(
        "ignore-armed",
        "respect-armed",
        "holes of a VMA with userfaultfd are filled as everywhere"
    );

    /// <summary>uffd-wp entries are collapsed.</summary>
    public static readonly Decision IgnoreUffdWp = Known.Fault(
        "ignore-uffd-wp",
        "respect-uffd-wp",
        "entries that are write-protected by userfaultfd are taken like others"
    );

    /// <summary>Folios are taken whether somebody has them locked or not.</summary>
    public static readonly Decision NoTrylock = Known.Fault(
        "no-trylock",
        "trylock",
        "the sources are not locked"
    );

    /// <summary>The sources are locked with folio_lock.</summary>
    public static readonly Decision LockSleeps = Known.Fault(
        "lock-sleeps",
        "lock-tries",
        "folio_lock under the page-table lock, in place of folio_trylock"
    );

    /// <summary>A failed collapse forgets what it isolated.</summary>
    public static readonly Decision KeepIsolated = Known.Fault(
        "keep-isolated",
        "release-isolated",
        "a failed collapse leaves the sources locked and off their lists"
    );

    /// <summary>A failed collapse does not link the table again.</summary>
    public static readonly Decision NoRelink = Known.Fault(
        "no-relink",
        "relink",
        "a failed collapse leaves the PMD entry empty"
    );

    /// <summary>A failed collapse restores the first entry over the others.</summary>
    public static readonly Decision RestoreBatch = Known.Fault(
        "restore-batch",
        "restore-each",
        "a failed collapse restores the entries of a folio by set_ptes from the first of them"
    );

    /// <summary>mmap_lock for reading while the PMD entry is empty.</summary>
    public static readonly Decision MmapRead = Known.Fault(
        "mmap-read",
        "mmap-write",
        "the PMD entry is cleared with mmap_lock held for reading"
    );

    /// <summary>vma_start_write is left out.</summary>
    public static readonly Decision NoVmaStartWrite = Known.Fault(
        "no-vma-start-write",
        "vma-start-write",
        "faults that hold the lock of the VMA alone go on"
    );

    /// <summary>The PMD entry is not looked at again under the lock.</summary>
    public static readonly Decision TrustPmd = Known.Fault(
        "trust-pmd",
        "check-pmd",
        "that the table is still there is not checked when mmap_lock is held for writing"
    );

    /// <summary>The page-table lock is dropped for the copy.</summary>
    public static readonly Decision DropPtl = Known.Fault(
        "drop-ptl",
        "hold-ptl",
        "with one level, the page-table lock is dropped for the copy"
    );

    /// <summary>The anon_vma is not locked.</summary>
    public static readonly Decision NoAnonVmaLock = Known.Fault(
        "no-anon-vma-lock",
        "anon-vma-lock",
        "rmap walks go on beside"
    );

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Decision> All => Known.All;
}
