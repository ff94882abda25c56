using PteCheck.Kernel.Operations;

namespace PteCheck.Kernel.LazyfreeUnmap;

/// <summary>
/// Every choice in which implementations of lazyfree-unmap differ. The first ones come from the patch and
/// its fixes; the others each break one thing on purpose, for the oracles to find.
/// </summary>
public static class LazyfreeDecisions
{
    private static readonly List<Decision> Known = [];

    /// <summary>CVE-2025-38447: the scan ends at the folio's end alone.</summary>
    public static readonly Decision UnboundedScan = Fault(
        "unbounded-scan",
        "bounded-scan",
        "the batch is bounded by the folio, not by the page table and the VMA"
    );

    /// <summary>6.15.0: a batch is the whole folio, from its first page, or one entry; ddd05742b45b takes any.</summary>
    public static readonly Decision WholeFolio = Shape(
        "whole-folio",
        "any-batch",
        "only whole folios are batched, and a batch ends the walk"
    );

    /// <summary>CVE-2026-31398: write and soft-dirty are not compared, and restored from the first entry.</summary>
    public static readonly Decision IgnoreWriteSoftDirty = Fault(
        "ignore-write-soft-dirty",
        "respect-write-soft-dirty",
        "the batch ignores write and soft-dirty, and a restore stamps the first entry's on all"
    );

    /// <summary>CVE-2026-63950: the length of a batch is kept over the turns of the walk.</summary>
    public static readonly Decision StaleCount = Fault(
        "stale-count",
        "reset-count",
        "a device-exclusive entry is accounted with the length of the batch before it"
    );

    /// <summary>Upstream: gathering dirty with pte_mkdirty sets soft-dirty too on x86-64.</summary>
    public static readonly Decision MergeMarksSoftDirty = Fault(
        "merge-marks-soft-dirty",
        "merge-keeps-soft-dirty",
        "gathering dirty marks the whole batch soft-dirty"
    );

    /// <summary>The question of the v4 review: what if a batch could begin with a protnone entry and go on with others?</summary>
    public static readonly Decision IgnoreProtnone = Fault(
        "ignore-protnone",
        "respect-protnone",
        "protnone is not compared, and the first entry decides whether to flush"
    );

    /// <summary>Pages are dropped although the folio is dirty: one step beyond relaxation R2.</summary>
    public static readonly Decision DropDirty = Fault(
        "drop-dirty",
        "keep-dirty",
        "pages of a dirty folio are dropped"
    );

    /// <summary>Pages are dropped although somebody else holds a reference.</summary>
    public static readonly Decision DropPinned = Fault(
        "drop-pinned",
        "keep-pinned",
        "pages are dropped whatever the reference count says"
    );

    /// <summary>Nothing is ever dropped: the other side of relaxation R2.</summary>
    public static readonly Decision NeverDrop = Fault(
        "never-drop",
        "drop-clean",
        "every batch is restored"
    );

    /// <summary>The rule before faeb2831b517: one step beyond relaxation R3.</summary>
    public static readonly Decision SwapbackedAlways = Fault(
        "swapbacked-always",
        "swapbacked-if-dirty",
        "the folio becomes swap-backed after an extra reference, too"
    );

    /// <summary>The folio is marked dirty though no entry was: one step beyond relaxation R3.</summary>
    public static readonly Decision DirtyAlways = Fault(
        "dirty-always",
        "dirty-if-gathered",
        "folio_mark_dirty for every batch"
    );

    /// <summary>What later entries gathered is lost.</summary>
    public static readonly Decision MergeDropsYoungDirty = Fault(
        "merge-drops-young-dirty",
        "merge-young-dirty",
        "young and dirty of the first entry stand for the batch"
    );

    /// <summary>Only the first entry of a batch comes back.</summary>
    public static readonly Decision RestoreFirstOnly = Fault(
        "restore-first-only",
        "restore-batch",
        "set_pte_at of the first entry restores a batch"
    );

    /// <summary>Nothing comes back.</summary>
    public static readonly Decision NoRestore = Fault(
        "no-restore",
        "restore",
        "a batch that may not be dropped stays cleared"
    );

    /// <summary>One mapping is removed for a batch.</summary>
    public static readonly Decision RmapOnce = Fault(
        "rmap-once",
        "rmap-batch",
        "folio_remove_rmap_pte for a batch"
    );

    /// <summary>One reference is put for a batch.</summary>
    public static readonly Decision RefOnce = Fault(
        "ref-once",
        "ref-batch",
        "folio_put for a batch"
    );

    /// <summary>No flush, now or later.</summary>
    public static readonly Decision ForgetFlush = Fault(
        "forget-flush",
        "flush",
        "nothing is flushed and no flush is recorded"
    );

    /// <summary>The flush of a batch covers its first page.</summary>
    public static readonly Decision FlushFirstPage = Fault(
        "flush-first-page",
        "flush-batch",
        "one page is flushed for a batch"
    );

    /// <summary>The folio is free before the deferred flush is done.</summary>
    public static readonly Decision FreeBeforeFlush = Fault(
        "free-before-flush",
        "flush-before-free",
        "try_to_unmap_flush after the folio is freed"
    );

    /// <summary>The secondary MMU is not told.</summary>
    public static readonly Decision NoNotifier = Fault(
        "no-notifier",
        "notify",
        "mmu_notifier_invalidate_range_start and _end are left out"
    );

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Decision> All => Known;

    /// <summary>Upstream's batched unmap, as it is since 7.0.</summary>
    public static readonly DecisionSet Upstream = MergeMarksSoftDirty.Set;

    private static Decision Fault(string name, string mend, string meaning) =>
        Add(new(Known.Count, name, mend, DecisionKind.Fault, meaning));

    private static Decision Shape(string name, string mend, string meaning) =>
        Add(new(Known.Count, name, mend, DecisionKind.Shape, meaning));

    private static Decision Add(Decision decision)
    {
        Known.Add(decision);
        return decision;
    }
}
