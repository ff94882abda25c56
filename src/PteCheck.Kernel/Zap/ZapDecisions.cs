using PteCheck.Kernel.Operations;

namespace PteCheck.Kernel.Zap;

/// <summary>
/// Every choice in which implementations of zap differ. Some were real: how the kernel did it before a fix.
/// The others each break one thing on purpose, for the oracles to find.
/// </summary>
public static class ZapDecisions
{
    private static readonly DecisionRegistry Known = new();

    /// <summary>Before 5df397dec7c4 (6.2): the rmap of a dirty file page goes before the TLB is flushed.</summary>
    public static readonly Decision RmapBeforeFlush = Known.Fault(
        "rmap-before-flush",
        "delay-rmap",
        "folio_remove_rmap_ptes of a dirty file page does not wait for the flush"
    );

    /// <summary>Before 1cf35d47712d (3.15): the flush for dirty file pages comes after the unlock.</summary>
    public static readonly Decision FlushAfterUnlock = Known.Fault(
        "flush-after-unlock",
        "flush-under-ptl",
        "a forced flush comes after the page-table lock is dropped"
    );

    /// <summary>A dirty file page does not force a flush.</summary>
    public static readonly Decision NoForcedFlush = Known.Fault(
        "no-forced-flush",
        "force-flush",
        "dirty file pages wait for the flush at the end like all others"
    );

    /// <summary>3ea277194daa (4.13): an empty entry is trusted although reclaim has not flushed it yet.</summary>
    public static readonly Decision TrustNone = Known.Fault(
        "trust-none",
        "flush-batched-pending",
        "flush_tlb_batched_pending is left out"
    );

    /// <summary>Before 99baac21e458 (4.14): another gather may have emptied an entry and not flushed it yet.</summary>
    public static readonly Decision IgnoreNested = Known.Fault(
        "ignore-nested",
        "flush-nested",
        "tlb_finish_mmu flushes its own range alone while another gather runs"
    );

    /// <summary>Pages are free before the TLB is flushed.</summary>
    public static readonly Decision FlushAfterFree = Known.Fault(
        "flush-after-free",
        "flush-before-free",
        "the gathered pages are freed, then the TLB is flushed"
    );

    /// <summary>Nothing is gathered for the flush.</summary>
    public static readonly Decision ForgetFlush = Known.Fault(
        "forget-flush",
        "gather-range",
        "tlb_remove_tlb_entries is left out"
    );

    /// <summary>One page is gathered for a batch.</summary>
    public static readonly Decision FlushFirstPage = Known.Fault(
        "flush-first-page",
        "flush-batch",
        "the flush covers the first page of a batch"
    );

    /// <summary>The secondary MMU is not told.</summary>
    public static readonly Decision NoNotifier = Known.Fault(
        "no-notifier",
        "notify",
        "mmu_notifier_invalidate_range_start and _end are left out"
    );

    /// <summary>The batch is not capped by what remains of the table and of the range.</summary>
    public static readonly Decision NoCap = Known.Fault(
        "no-cap",
        "cap-to-range",
        "the batch is bounded by the folio alone"
    );

    /// <summary>The cap does not shrink by the empty slots that were stepped over.</summary>
    public static readonly Decision SkipKeepsMax = Known.Fault(
        "skip-keeps-max",
        "skip-shrinks-max",
        "the batch after a run of empty slots may be as long as if there had been none"
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
        "one page of a batch is given to the gather"
    );

    /// <summary>One page is taken from the counters for a batch.</summary>
    public static readonly Decision RssOnce = Known.Fault(
        "rss-once",
        "rss-batch",
        "rss falls by one for a batch"
    );

    /// <summary>One swap slot is freed for a batch.</summary>
    public static readonly Decision SwapOnce = Known.Fault(
        "swap-once",
        "swap-batch",
        "free_swap_and_cache for a batch of swap entries"
    );

    /// <summary>A uffd-wp marker is left in the first slot of a batch alone.</summary>
    public static readonly Decision MarkerFirstOnly = Known.Fault(
        "marker-first-only",
        "marker-batch",
        "pte_install_uffd_wp_if_needed for the first slot of a batch"
    );

    /// <summary>Markers go, as at munmap.</summary>
    public static readonly Decision DropMarkers = Known.Fault(
        "drop-markers",
        "keep-markers",
        "guard markers and uffd-wp markers of files are dropped, and none is left"
    );

    /// <summary>The batch does not compare uffd-wp.</summary>
    public static readonly Decision IgnoreUffd = Known.Fault(
        "ignore-uffd",
        "respect-uffd",
        "the batch ignores the uffd-wp bit"
    );

    /// <summary>The batch does not stop at the end of the folio.</summary>
    public static readonly Decision IgnoreFolioEnd = Known.Fault(
        "ignore-folio-end",
        "stop-at-folio-end",
        "the batch goes on into the next folio"
    );

    /// <summary>Dirty of later entries is lost.</summary>
    public static readonly Decision DirtyFirstOnly = Known.Fault(
        "dirty-first-only",
        "gather-dirty",
        "dirty of the first entry stands for the batch"
    );

    /// <summary>Dirty is lost.</summary>
    public static readonly Decision ForgetDirty = Known.Fault(
        "forget-dirty",
        "mark-dirty",
        "folio_mark_dirty is left out"
    );

    /// <summary>A page under migration loses a mapping and a reference that it does not have.</summary>
    public static readonly Decision MigrationMapped = Known.Fault(
        "migration-mapped",
        "migration-unmapped",
        "a migration entry is accounted like a mapping"
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

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Decision> All => Known.All;

    /// <summary>Upstream's batched zap, as it is since 6.14.</summary>
    public static readonly DecisionSet Upstream = ClearFolded.Set;
}
