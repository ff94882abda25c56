using PteCheck.Kernel.Operations;

namespace PteCheck.Kernel.Mremap;

/// <summary>
/// Every choice in which implementations of mremap differ. The first ones come from the patch, its
/// review and its fixes; the others each break one thing on purpose, for the oracles to find.
/// </summary>
public static class MremapDecisions
{
    private static readonly DecisionRegistry Known = new();

    /// <summary>Batches form whatever the architecture hints; upstream asks pte_batch_hint() first since 0b5be138ce00 (6.17-rc2).</summary>
    public static readonly Decision AnyArch = Known.Scope(
        "any-arch",
        "hint-only",
        "form batches where pte_batch_hint is 1, too"
    );

    /// <summary>The batch does not compare the write bit (f822a9a81a31, mended by 04d1c9d60c6e with FPB_RESPECT_WRITE).</summary>
    public static readonly Decision IgnoreWrite = Known.Fault(
        "ignore-write",
        "respect-write",
        "the batch ignores the write bit and stamps the first entry's on all"
    );

    /// <summary>The reviewer's sketch: present and non-present entries in branches of their own.</summary>
    public static readonly Decision SplitBranches = Known.Shape(
        "split-branches",
        "joint-branches",
        "present and non-present entries are handled in separate branches"
    );

    /// <summary>The question about the sketch: is the old entry cleared in the swap branch?</summary>
    public static readonly Decision NoClear = Known.Fault(
        "no-clear",
        "clear-old",
        "a swap entry is copied to the destination and not cleared at the source"
    );

    /// <summary>CVE-2025-21696: the VMA loses its uffd registration, the entries keep their uffd-wp bits.</summary>
    public static readonly Decision KeepUffd = Known.Fault(
        "keep-uffd",
        "clear-uffd",
        "uffd-wp bits and markers survive the move of a VMA that loses its uffd"
    );

    /// <summary>CVE-2018-18281: the source is flushed after both page-table locks are dropped.</summary>
    public static readonly Decision FlushAfterUnlock = Known.Fault(
        "flush-after-unlock",
        "flush-before-unlock",
        "the TLB is flushed after the page-table locks are dropped"
    );

    /// <summary>FPB_RESPECT_WRITE compares RW, and a shadow-stack entry has none though pte_write() is true.</summary>
    public static readonly Decision CompareRawWrite = Known.Fault(
        "compare-raw-write",
        "compare-pte-write",
        "the batch compares the RW bit, so a shadow-stack entry equals a read-only one"
    );

    /// <summary>Gathering dirty with pte_mkdirty moves DIRTY of an RW=0 entry to SAVED_DIRTY.</summary>
    public static readonly Decision MergeUndoesShadowStack = Known.Fault(
        "merge-undoes-shadow-stack",
        "merge-keeps-shadow-stack",
        "gathering dirty turns a shadow-stack entry into a read-only one"
    );

    /// <summary>No flush at all.</summary>
    public static readonly Decision SkipFlush = Known.Fault(
        "skip-flush",
        "flush",
        "moved entries are not flushed"
    );

    /// <summary>The flush covers the first page only.</summary>
    public static readonly Decision FlushFirstPage = Known.Fault(
        "flush-first-page",
        "flush-extent",
        "only the first page of the extent is flushed"
    );

    /// <summary>An empty entry is trusted though reclaim has yet to flush (3ea277194daa).</summary>
    public static readonly Decision TrustNone = Known.Fault(
        "trust-none",
        "flush-batched-pending",
        "flush_tlb_batched_pending is left out"
    );

    /// <summary>The batch does not compare uffd-wp.</summary>
    public static readonly Decision IgnoreUffd = Known.Fault(
        "ignore-uffd",
        "respect-uffd",
        "the batch ignores the uffd-wp bit"
    );

    /// <summary>The batch does not compare protnone.</summary>
    public static readonly Decision IgnoreProtnone = Known.Fault(
        "ignore-protnone",
        "respect-protnone",
        "the batch ignores protnone"
    );

    /// <summary>The batch does not stop at the end of the folio.</summary>
    public static readonly Decision IgnoreFolioEnd = Known.Fault(
        "ignore-folio-end",
        "stop-at-folio-end",
        "the batch goes on into the next folio"
    );

    /// <summary>The PFN of a protnone entry is advanced as if it were not inverted.</summary>
    public static readonly Decision PlainAdvance = Known.Fault(
        "plain-advance",
        "inverted-advance",
        "set_ptes adds to an inverted PFN (x86-64 before 6.6)"
    );

    /// <summary>Young and dirty of later entries are lost: one step below relaxation R1.</summary>
    public static readonly Decision MergeDropsYoungDirty = Known.Fault(
        "merge-drops-young-dirty",
        "merge-gathers-young-dirty",
        "young and dirty of all but the first entry of a batch are lost"
    );

    /// <summary>Young and dirty appear from nowhere: one step above relaxation R1.</summary>
    public static readonly Decision MergeMarksAlways = Known.Fault(
        "merge-marks-always",
        "merge-marks-by-entry",
        "every batch becomes young and dirty"
    );

    /// <summary>Moved entries are not marked soft-dirty.</summary>
    public static readonly Decision NoSoftDirty = Known.Fault(
        "no-soft-dirty",
        "mark-soft-dirty",
        "move_soft_dirty_pte is left out"
    );

    /// <summary>The batch is not capped by what remains of the extent.</summary>
    public static readonly Decision NoCap = Known.Fault(
        "no-cap",
        "cap-to-extent",
        "the batch is bounded by the folio alone"
    );

    /// <summary>A special entry is taken for one of a folio.</summary>
    public static readonly Decision AssumeFolio = Known.Fault(
        "assume-folio",
        "test-special",
        "page_folio instead of vm_normal_folio"
    );

    /// <summary>The destination's lock is not taken.</summary>
    public static readonly Decision NoNewPtl = Known.Fault(
        "no-new-ptl",
        "lock-new-ptl",
        "the destination table is written without its lock"
    );

    /// <summary>cond_resched inside the loop.</summary>
    public static readonly Decision SleepUnderPtl = Known.Fault(
        "sleep-under-ptl",
        "sleep-outside",
        "cond_resched under the page-table locks"
    );

    /// <summary>The destination is stored twice.</summary>
    public static readonly Decision SetTwice = Known.Fault(
        "set-twice",
        "set-once",
        "set_ptes again over entries that are present by then"
    );

    /// <summary>The remaining length is one short.</summary>
    public static readonly Decision EmptyBatch = Known.Fault(
        "empty-batch",
        "count-all",
        "the last entry is batched with a maximum of none"
    );

    /// <summary>A mapping of each moved page is removed.</summary>
    public static readonly Decision DropRmap = Known.Fault(
        "drop-rmap",
        "keep-rmap",
        "folio_remove_rmap_ptes for entries that only moved"
    );

    /// <summary>Two mappings of each moved page are removed, and given back.</summary>
    public static readonly Decision DropRmapTwice = Known.Fault(
        "drop-rmap-twice",
        "keep-rmap-count",
        "folio_remove_rmap_ptes twice for entries that only moved, then folio_add_rmap_ptes twice"
    );

    /// <summary>AnonExclusive of each moved page is cleared, as if it were shared.</summary>
    public static readonly Decision ClearExclusive = Known.Fault(
        "clear-exclusive",
        "keep-exclusive",
        "ClearPageAnonExclusive for entries that only moved"
    );

    /// <summary>Each moved swap entry counts as one more.</summary>
    public static readonly Decision DuplicateSwap = Known.Fault(
        "duplicate-swap",
        "keep-swap-count",
        "swap_duplicate for swap entries that only moved"
    );

    /// <summary>A reference of each moved page is put.</summary>
    public static readonly Decision DropRef = Known.Fault(
        "drop-ref",
        "keep-ref",
        "folio_put_refs for entries that only moved"
    );

    /// <summary>Moved pages are counted again.</summary>
    public static readonly Decision CountAgain = Known.Fault(
        "count-again",
        "count-once",
        "add_mm_counter for entries that only moved"
    );

    /// <summary>The source's lock is released twice.</summary>
    public static readonly Decision UnlockTwice = Known.Fault(
        "unlock-twice",
        "unlock-once",
        "the source lock is released twice"
    );

    /// <summary>The loop stands still at an empty slot.</summary>
    public static readonly Decision NoAdvance = Known.Fault(
        "no-advance",
        "advance",
        "the cursors do not move on from an empty slot"
    );

    /// <summary>A flush for each batch.</summary>
    public static readonly Decision FlushEachBatch = Known.Fault(
        "flush-each-batch",
        "flush-once",
        "every batch flushes on its own"
    );

    /// <summary>A batch is formed and then stored one entry at a time.</summary>
    public static readonly Decision StoreOneByOne = Known.Fault(
        "store-one-by-one",
        "store-batch",
        "set_pte_at for each entry of a batch"
    );

    /// <summary>The secondary MMU is not told.</summary>
    public static readonly Decision NoNotifier = Known.Fault(
        "no-notifier",
        "notify",
        "mmu_notifier_invalidate_range_start and _end are left out"
    );

    /// <summary>arm64: a block is folded and unfolded without invalidating it in between.</summary>
    public static readonly Decision ConvertWithoutTlbi = Known.Fault(
        "convert-without-tlbi",
        "convert-with-tlbi",
        "contpte_convert does not invalidate between the old and the new block"
    );

    /// <summary>BB-36: the PMD entry is looked at before the rmap locks are taken (before 6fa1066fc5d0).</summary>
    public static readonly Decision DecideBeforeLock = Known.Fault(
        "decide-before-lock",
        "look-under-lock",
        "a whole table is moved without a look, under the locks, if it is still there"
    );

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Decision> All => Known.All;

    /// <summary>Upstream's batched move, as it is since 6.18.</summary>
    public static readonly DecisionSet Upstream = CompareRawWrite.Set.With(
        MergeUndoesShadowStack.Set
    );
}
