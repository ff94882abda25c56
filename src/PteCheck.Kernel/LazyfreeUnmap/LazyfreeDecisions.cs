using PteCheck.Kernel.Operations;

namespace PteCheck.Kernel.LazyfreeUnmap;

/// <summary>
/// Every choice in which implementations of lazyfree-unmap differ. The first ones come from the patch and
/// its fixes; the others each break one thing on purpose, for the oracles to find.
/// </summary>
public static class LazyfreeDecisions
{
    private static readonly DecisionRegistry Known = new();

    /// <summary>CVE-2025-38447: the scan ends at the folio's end alone.</summary>
    public static readonly Decision UnboundedScan = Known.Fault(
        "unbounded-scan",
        "bounded-scan",
        "the batch is bounded by the folio, not by the page table and the VMA"
    );

    /// <summary>6.15.0: a batch is the whole folio, from its first page, or one entry; ddd05742b45b takes any.</summary>
    public static readonly Decision WholeFolio = Known.Shape(
        "whole-folio",
        "any-batch",
        "only whole folios are batched, and a batch ends the walk"
    );

    /// <summary>CVE-2026-31398: write and soft-dirty are not compared, and restored from the first entry.</summary>
    public static readonly Decision IgnoreWriteSoftDirty = Known.Fault(
        "ignore-write-soft-dirty",
        "respect-write-soft-dirty",
        "the batch ignores write and soft-dirty, and a restore stamps the first entry's on all"
    );

    /// <summary>CVE-2026-63950: the length of a batch is kept over the turns of the walk.</summary>
    public static readonly Decision StaleCount = Known.Fault(
        "stale-count",
        "reset-count",
        "a device-exclusive entry is accounted with the length of the batch before it"
    );

    /// <summary>Upstream: gathering dirty with pte_mkdirty sets soft-dirty too on x86-64.</summary>
    public static readonly Decision MergeMarksSoftDirty = Known.Fault(
        "merge-marks-soft-dirty",
        "merge-keeps-soft-dirty",
        "gathering dirty marks the whole batch soft-dirty"
    );

    /// <summary>
    /// Upstream on arm64 without BBML2_NOABORT: set_ptes paints an aligned block of a restored batch CONT while the
    /// deferred TLBI of the entries that were cleared there has been issued and not waited for. Mended by the wait,
    /// try_to_unmap_flush before set_ptes. To paint CONT only where it was would do as well, block by block: the
    /// first entry of a batch does not say it of the blocks behind its own.
    /// </summary>
    public static readonly Decision RestoreBeforeFlush = Known.Fault(
        "restore-before-flush",
        "flush-before-restore",
        "a batch is restored, and may become CONT, before its deferred TLBI is waited for"
    );

    /// <summary>Upstream on x86-64: FPB_RESPECT_WRITE compares RW, and a shadow-stack entry has none though pte_write() is true.</summary>
    public static readonly Decision CompareRawWrite = Known.Fault(
        "compare-raw-write",
        "compare-pte-write",
        "the batch compares the RW bit, so a shadow-stack entry equals a read-only one"
    );

    /// <summary>Upstream on x86-64: gathering dirty with pte_mkdirty moves DIRTY of an RW=0 entry to SAVED_DIRTY.</summary>
    public static readonly Decision MergeUndoesShadowStack = Known.Fault(
        "merge-undoes-shadow-stack",
        "merge-keeps-shadow-stack",
        "gathering dirty turns a shadow-stack entry into a read-only one"
    );

    /// <summary>The question of the v4 review: what if a batch could begin with a protnone entry and go on with others?</summary>
    public static readonly Decision IgnoreProtnone = Known.Fault(
        "ignore-protnone",
        "respect-protnone",
        "protnone is not compared, and the first entry decides whether to flush"
    );

    /// <summary>Pages are dropped although the folio is dirty: one step beyond relaxation R2.</summary>
    public static readonly Decision DropDirty = Known.Fault(
        "drop-dirty",
        "keep-dirty",
        "pages of a dirty folio are dropped"
    );

    /// <summary>Pages are dropped although somebody else holds a reference.</summary>
    public static readonly Decision DropPinned = Known.Fault(
        "drop-pinned",
        "keep-pinned",
        "pages are dropped whatever the reference count says"
    );

    /// <summary>Nothing is ever dropped: the other side of relaxation R2.</summary>
    public static readonly Decision NeverDrop = Known.Fault(
        "never-drop",
        "drop-clean",
        "every batch is restored"
    );

    /// <summary>The rule before faeb2831b517: one step beyond relaxation R3.</summary>
    public static readonly Decision SwapbackedAlways = Known.Fault(
        "swapbacked-always",
        "swapbacked-if-dirty",
        "the folio becomes swap-backed after an extra reference, too"
    );

    /// <summary>The folio is marked dirty though no entry was: one step beyond relaxation R3.</summary>
    public static readonly Decision DirtyAlways = Known.Fault(
        "dirty-always",
        "dirty-if-gathered",
        "folio_mark_dirty for every batch"
    );

    /// <summary>What later entries gathered is lost.</summary>
    public static readonly Decision MergeDropsYoungDirty = Known.Fault(
        "merge-drops-young-dirty",
        "merge-young-dirty",
        "young and dirty of the first entry stand for the batch"
    );

    /// <summary>Only the first entry of a batch comes back.</summary>
    public static readonly Decision RestoreFirstOnly = Known.Fault(
        "restore-first-only",
        "restore-batch",
        "set_pte_at of the first entry restores a batch"
    );

    /// <summary>Nothing comes back.</summary>
    public static readonly Decision NoRestore = Known.Fault(
        "no-restore",
        "restore",
        "a batch that may not be dropped stays cleared"
    );

    /// <summary>One mapping is removed for a batch.</summary>
    public static readonly Decision RmapOnce = Known.Fault(
        "rmap-once",
        "rmap-batch",
        "folio_remove_rmap_pte for a batch"
    );

    /// <summary>One reference is put for a batch.</summary>
    public static readonly Decision RefOnce = Known.Fault(
        "ref-once",
        "ref-batch",
        "folio_put for a batch"
    );

    /// <summary>No flush, now or later.</summary>
    public static readonly Decision ForgetFlush = Known.Fault(
        "forget-flush",
        "flush",
        "nothing is flushed and no flush is recorded"
    );

    /// <summary>The flush of a batch covers its first page.</summary>
    public static readonly Decision FlushFirstPage = Known.Fault(
        "flush-first-page",
        "flush-batch",
        "one page is flushed for a batch"
    );

    /// <summary>An immediate flush is done again.</summary>
    public static readonly Decision FlushTwice = Known.Fault(
        "flush-twice",
        "flush-once",
        "an immediate flush is done a second time"
    );

    /// <summary>The folio is free before the deferred flush is done.</summary>
    public static readonly Decision FreeBeforeFlush = Known.Fault(
        "free-before-flush",
        "flush-before-free",
        "try_to_unmap_flush after the folio is freed"
    );

    /// <summary>The dirty flag is read first: a user of a pinned page may write, mark it dirty and unpin in between.</summary>
    public static readonly Decision DirtyBeforeRefcount = Known.Fault(
        "dirty-before-refcount",
        "refcount-before-dirty",
        "folio_test_dirty is read before folio_ref_count"
    );

    /// <summary>The references are read first: GUP-fast may take one and still see the entry in place.</summary>
    public static readonly Decision RefcountBeforeClear = Known.Fault(
        "refcount-before-clear",
        "clear-before-refcount",
        "folio_ref_count is read before the entries are cleared"
    );

    /// <summary>The secondary MMU is not told.</summary>
    public static readonly Decision NoNotifier = Known.Fault(
        "no-notifier",
        "notify",
        "mmu_notifier_invalidate_range_start and _end are left out"
    );

    /// <summary>
    /// Upstream on arm64 without BBML2_NOABORT: blocks that a batch covers whole are cleared without unfolding, so
    /// without a TLBI (contpte_get_and_clear_full_ptes). Until the flush a fault of another CPU may put a page
    /// there whose entry has no CONT while the block is still cached.
    /// </summary>
    public static readonly Decision ClearFolded = Known.Fault(
        "clear-folded",
        "unfold-first",
        "whole contiguous blocks are cleared without a TLBI, and a fault may map a page there before the flush"
    );

    /// <summary>
    /// What is deferred is neither waited for, as long as the folio is not freed, nor noted in the mm: whoever
    /// looks there afterwards trusts an empty entry (3ea277194daa). By itself the operation breaks nothing.
    /// </summary>
    public static readonly Decision LeaveUnnoted = Known.Fault(
        "leave-unnoted",
        "flush-in-the-end",
        "a deferred flush is left to the next reclaim, and mm->tlb_flush_batched does not tell of it"
    );

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Decision> All => Known.All;

    /// <summary>Upstream's batched unmap, as it is since 7.0.</summary>
    public static readonly DecisionSet Upstream = MergeMarksSoftDirty
        .Set.With(RestoreBeforeFlush.Set)
        .With(ClearFolded.Set)
        .With(CompareRawWrite.Set)
        .With(MergeUndoesShadowStack.Set);
}
