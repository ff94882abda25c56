using PteCheck.Kernel.Operations;

namespace PteCheck.Kernel.Mprotect;

/// <summary>
/// Every choice in which implementations of mprotect differ. The first ones are upstream's, or were until a
/// fix; the others each break one thing on purpose, for the oracles to find.
/// </summary>
public static class MprotectDecisions
{
    private static readonly DecisionRegistry Known = new();

    /// <summary>Upstream: gathering dirty with pte_mkdirty sets soft-dirty too on x86-64.</summary>
    public static readonly Decision MergeMarksSoftDirty = Known.Fault(
        "merge-marks-soft-dirty",
        "merge-keeps-soft-dirty",
        "gathering dirty marks the whole batch soft-dirty"
    );

    /// <summary>
    /// Upstream on arm64 without BBML2_NOABORT: blocks that a batch covers whole are emptied without a TLBI, and stored
    /// again before the gather flushes: without CONT where sub-batches of equal AnonExclusive break a block that had
    /// it, with CONT where a uniform block had it not. Mended by a flush in between where CONT would change.
    /// </summary>
    public static readonly Decision ContBeforeFlush = Known.Fault(
        "cont-before-flush",
        "flush-before-cont",
        "a batch is stored with another CONT bit before the old entries are flushed"
    );

    /// <summary>
    /// Upstream on arm64 without BBML2_NOABORT: blocks that a batch covers whole are emptied without unfolding, so
    /// without a TLBI (contpte_get_and_clear_full_ptes). Until the flush of the gather a fault of another CPU may put an
    /// entry there that has no CONT while the block is still cached.
    /// </summary>
    public static readonly Decision ClearFolded = Known.Fault(
        "clear-folded",
        "unfold-first",
        "whole contiguous blocks are emptied without a TLBI, and a fault may map a page there before the flush"
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

    /// <summary>cac1db8c3aad (6.17-rc1), mended in August 2025: sub-batches are looked up from page 0 of the folio on.</summary>
    public static readonly Decision ExclusiveFromFolio = Known.Fault(
        "exclusive-from-folio",
        "exclusive-from-batch",
        "AnonExclusive is read from the folio's first pages instead of the batch's"
    );

    /// <summary>No sub-batches: one look at AnonExclusive for a batch.</summary>
    public static readonly Decision OneExclusive = Known.Fault(
        "one-exclusive",
        "sub-batches",
        "the first page of a batch says for all whether they are exclusive"
    );

    /// <summary>AnonExclusive is not looked at.</summary>
    public static readonly Decision UpgradeShared = Known.Fault(
        "upgrade-shared",
        "upgrade-exclusive",
        "pages of a private mapping become writable whether or not they are exclusive"
    );

    /// <summary>One step beyond relaxation R7: a clean entry without a dirty sibling becomes writable.</summary>
    public static readonly Decision UpgradeClean = Known.Fault(
        "upgrade-clean",
        "upgrade-dirty",
        "entries of a shared mapping become writable whether or not any is dirty"
    );

    /// <summary>pte_needs_soft_dirty_wp is left out.</summary>
    public static readonly Decision UpgradeUntracked = Known.Fault(
        "upgrade-untracked",
        "respect-soft-dirty-fault",
        "entries become writable although soft-dirty tracking waits for their next write"
    );

    /// <summary>userfaultfd_pte_wp is left out.</summary>
    public static readonly Decision UpgradeArmed = Known.Fault(
        "upgrade-armed",
        "respect-uffd-fault",
        "entries become writable although user space waits for their next write"
    );

    /// <summary>MM_CP_TRY_CHANGE_WRITABLE is not looked at.</summary>
    public static readonly Decision NeverUpgrade = Known.Fault(
        "never-upgrade",
        "try-upgrade",
        "no entry becomes writable without a write fault"
    );

    /// <summary>FPB_RESPECT_WRITE is left out, as the first entry then says whether to flush.</summary>
    public static readonly Decision IgnoreWrite = Known.Fault(
        "ignore-write",
        "respect-write",
        "the batch ignores the write bit"
    );

    /// <summary>FPB_RESPECT_SOFT_DIRTY is left out.</summary>
    public static readonly Decision IgnoreSoftDirty = Known.Fault(
        "ignore-soft-dirty",
        "respect-soft-dirty",
        "the batch ignores soft-dirty"
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
        "the batch ignores protnone, and the first entry says whether to flush"
    );

    /// <summary>The batch does not stop at the end of the folio.</summary>
    public static readonly Decision IgnoreFolioEnd = Known.Fault(
        "ignore-folio-end",
        "stop-at-folio-end",
        "the batch goes on into the next folio"
    );

    /// <summary>The batch is not capped by what remains of the table and of the range.</summary>
    public static readonly Decision NoCap = Known.Fault(
        "no-cap",
        "cap-to-range",
        "the batch is bounded by the folio alone"
    );

    /// <summary>Young and dirty of later entries are lost.</summary>
    public static readonly Decision MergeDropsYoungDirty = Known.Fault(
        "merge-drops-young-dirty",
        "merge-young-dirty",
        "young and dirty of the first entry stand for the batch"
    );

    /// <summary>One step beyond relaxation R1.</summary>
    public static readonly Decision MergeMarksAlways = Known.Fault(
        "merge-marks-always",
        "merge-marks-by-entry",
        "every batch becomes young and dirty"
    );

    /// <summary>ptep_modify_prot_commit for a batch.</summary>
    public static readonly Decision CommitFirstOnly = Known.Fault(
        "commit-first-only",
        "commit-batch",
        "one entry is stored for a batch"
    );

    /// <summary>pte_advance_pfn without L1TF inversion, as set_ptes had it before 6.6.</summary>
    public static readonly Decision PlainAdvance = Known.Fault(
        "plain-advance",
        "inverted-advance",
        "modify_prot_commit_ptes adds to an inverted PFN (x86-64)"
    );

    /// <summary>prot_commit_flush_ptes does not advance the PFN by idx.</summary>
    public static readonly Decision CommitFromFirst = Known.Fault(
        "commit-from-first",
        "commit-from-sub-batch",
        "every sub-batch is stored with the first page of the batch"
    );

    /// <summary>24f91eba18bb (3.14): the bits that pte_modify keeps do not include soft-dirty.</summary>
    public static readonly Decision ModifyDropsSoftDirty = Known.Fault(
        "modify-drops-soft-dirty",
        "modify-keeps-soft-dirty",
        "pte_modify loses soft-dirty"
    );

    /// <summary>As 912efa17e512 (5.12) found it in /proc/PID/clear_refs: entries lose rights, and the gather elides its flush since no page was added.</summary>
    public static readonly Decision ForgetFlush = Known.Fault(
        "forget-flush",
        "flush",
        "nothing is gathered for the flush"
    );

    /// <summary>One page is gathered for a batch.</summary>
    public static readonly Decision FlushFirstPage = Known.Fault(
        "flush-first-page",
        "flush-batch",
        "the flush covers the first page of a sub-batch"
    );

    /// <summary>prot_commit_flush_ptes does not advance the address by idx.</summary>
    public static readonly Decision FlushFromBatch = Known.Fault(
        "flush-from-batch",
        "flush-from-sub-batch",
        "every sub-batch is gathered at the address of the batch"
    );

    /// <summary>Before 99baac21e458 (4.14): another gather may have changed an entry and not flushed it yet.</summary>
    public static readonly Decision IgnoreNested = Known.Fault(
        "ignore-nested",
        "flush-nested",
        "tlb_finish_mmu flushes its own range alone while another gather runs"
    );

    /// <summary>3ea277194daa (4.13): an empty entry is trusted although reclaim has not flushed it yet.</summary>
    public static readonly Decision TrustNone = Known.Fault(
        "trust-none",
        "flush-batched-pending",
        "flush_tlb_batched_pending is left out"
    );

    /// <summary>The secondary MMU is not told.</summary>
    public static readonly Decision NoNotifier = Known.Fault(
        "no-notifier",
        "notify",
        "mmu_notifier_invalidate_range_start and _end are left out"
    );

    /// <summary>Writable migration entries are not downgraded.</summary>
    public static readonly Decision KeepMigrationWrite = Known.Fault(
        "keep-migration-write",
        "downgrade-migration",
        "writable migration entries stay writable"
    );

    /// <summary>The page was exclusive, and the entry does not say so any more.</summary>
    public static readonly Decision LoseExclusive = Known.Fault(
        "lose-exclusive",
        "keep-exclusive",
        "a writable migration entry of an anonymous page becomes a readable one"
    );

    /// <summary>pte_swp_mksoft_dirty is left out at the downgrade.</summary>
    public static readonly Decision LoseMigrationSoftDirty = Known.Fault(
        "lose-migration-soft-dirty",
        "keep-migration-soft-dirty",
        "a migration entry that is downgraded loses soft-dirty"
    );

    /// <summary>pte_swp_mkuffd_wp and pte_swp_clear_uffd_wp are left out.</summary>
    public static readonly Decision UffdPresentOnly = Known.Fault(
        "uffd-present-only",
        "uffd-every-entry",
        "entries that are not present keep their uffd-wp bit as it was"
    );

    /// <summary>No uffd-wp marker is left in an empty slot.</summary>
    public static readonly Decision NoMarkers = Known.Fault(
        "no-markers",
        "install-markers",
        "empty slots are not write-protected"
    );

    /// <summary>userfaultfd_wp_use_markers is left out.</summary>
    public static readonly Decision MarkersEverywhere = Known.Fault(
        "markers-everywhere",
        "markers-where-used",
        "empty slots are write-protected in every VMA"
    );

    /// <summary>uffd-wp markers stay when writes are let through.</summary>
    public static readonly Decision KeepMarkers = Known.Fault(
        "keep-markers",
        "drop-markers",
        "resolving leaves uffd-wp markers"
    );

    /// <summary>Resolving takes every marker for one of uffd-wp.</summary>
    public static readonly Decision DropEveryMarker = Known.Fault(
        "drop-every-marker",
        "keep-guard-markers",
        "resolving drops guard and poison markers as well"
    );

    /// <summary>folio_maybe_mapped_shared is left out.</summary>
    public static readonly Decision HintSharedCow = Known.Fault(
        "hint-shared-cow",
        "skip-shared-cow",
        "a NUMA scan takes folios that other processes map copy-on-write"
    );

    /// <summary>folio_maybe_dma_pinned is left out.</summary>
    public static readonly Decision HintPinned = Known.Fault(
        "hint-pinned",
        "skip-pinned",
        "a NUMA scan takes pinned folios"
    );

    /// <summary>folio_is_file_lru is left out.</summary>
    public static readonly Decision HintDirtyFile = Known.Fault(
        "hint-dirty-file",
        "skip-dirty-file",
        "a NUMA scan takes dirty folios that are not swap-backed"
    );

    /// <summary>Entries without a folio become protnone, too.</summary>
    public static readonly Decision HintZeroPage = Known.Fault(
        "hint-zero-page",
        "skip-zero-page",
        "a NUMA scan takes the zero page"
    );

    /// <summary>What is passed over is counted in pages of the folio, and not in entries.</summary>
    public static readonly Decision SkipWholeFolio = Known.Fault(
        "skip-whole-folio",
        "skip-batch",
        "a NUMA scan that passes over an entry passes over the rest of its folio"
    );

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Decision> All => Known.All;

    /// <summary>Upstream's batched change_pte_range, as it is since the fix of August 2025.</summary>
    public static readonly DecisionSet Upstream = MergeMarksSoftDirty
        .Set.With(ContBeforeFlush.Set)
        .With(ClearFolded.Set)
        .With(CompareRawWrite.Set)
        .With(MergeUndoesShadowStack.Set);
}
