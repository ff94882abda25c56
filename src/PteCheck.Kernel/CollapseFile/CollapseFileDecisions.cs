using PteCheck.Kernel.Operations;

namespace PteCheck.Kernel.CollapseFile;

/// <summary>
/// Every choice in which implementations of collapse-file differ. The first comes from the patch; the others each
/// leave one of the function's own precautions out, for the oracles to say what it is there for.
/// </summary>
public static class CollapseFileDecisions
{
    private static readonly DecisionRegistry Known = new();

    /// <summary>v2: page_folio(page) before the test whether it is the right page, where vm_normal_page may have found none.</summary>
    public static readonly Decision FolioBeforeCheck = Known.Fault(
        "folio-before-check",
        "check-first",
        "the folio of an entry is looked up before it is known to have a page"
    );

    /// <summary>Not the table's end, and not the folio's, bounds a batch.</summary>
    public static readonly Decision UnboundedBatch = Known.Fault(
        "unbounded-batch",
        "bounded-batch",
        "the batch ends neither with the table nor with the folio"
    );

    /// <summary>One mapping is removed for a batch.</summary>
    public static readonly Decision RmapOnce = Known.Fault(
        "rmap-once",
        "rmap-batch",
        "folio_remove_rmap_pte for a batch"
    );

    /// <summary>A batch counts as one entry in the references and in rss.</summary>
    public static readonly Decision CountOnce = Known.Fault(
        "count-once",
        "count-batch",
        "a batch counts as one entry"
    );

    /// <summary>The entries of a batch are cleared one at a time.</summary>
    public static readonly Decision ClearOneByOne = Known.Fault(
        "clear-one-by-one",
        "clear-batch",
        "ptep_clear for every entry of a batch"
    );

    /// <summary>The entries stay, since the table goes anyway.</summary>
    public static readonly Decision KeepEntries = Known.Fault(
        "keep-entries",
        "clear-entries",
        "the mappings are taken back and the entries are left in the table"
    );

    /// <summary>Step 2 does not look at the pages again.</summary>
    public static readonly Decision TrustFirstScan = Known.Fault(
        "trust-first-scan",
        "scan-again",
        "step 2 takes it for granted that each entry still maps the page that step 1 saw"
    );

    /// <summary>The PMD entry is not compared after the locks are taken again.</summary>
    public static readonly Decision TrustPmd = Known.Fault(
        "trust-pmd",
        "compare-pmd",
        "the PMD entry is not compared after a lock was dropped"
    );

    /// <summary>The PMD lock is taken late for private mappings with userfaultfd, too.</summary>
    public static readonly Decision LatePmdLock = Known.Fault(
        "late-pmd-lock",
        "early-pmd-lock",
        "userfaultfd may fill a private mapping between the clearing and the unlinking"
    );

    /// <summary>BB-35: secondary MMUs are not told (f268f6cf875f).</summary>
    public static readonly Decision NoNotifier = Known.Fault(
        "no-notifier",
        "notifier",
        "mmu_notifier_invalidate_range_start is left out"
    );

    /// <summary>BB-23: the flush begins where the loop ended (723a80dafed5).</summary>
    public static readonly Decision FlushCursor = Known.Fault(
        "flush-cursor",
        "flush-haddr",
        "pmdp_collapse_flush gets the loop's cursor, which has come to the end of the table"
    );

    /// <summary>The PMD entry is cleared and nothing flushed.</summary>
    public static readonly Decision NoPmdFlush = Known.Fault(
        "no-pmd-flush",
        "flush-pmd",
        "the PMD entry is cleared without a flush"
    );

    /// <summary>An abort does not flush.</summary>
    public static readonly Decision NoAbortFlush = Known.Fault(
        "no-abort-flush",
        "flush-abort",
        "an abort leaves the cleared entries unflushed"
    );

    /// <summary>An abort flushes when the folio is unlocked and put.</summary>
    public static readonly Decision FlushAfterPut = Known.Fault(
        "flush-after-put",
        "flush-before-put",
        "an abort flushes only after the folio is unlocked and put"
    );

    /// <summary>An abort flushes after the references of the cleared entries are put.</summary>
    public static readonly Decision RefsBeforeFlush = Known.Shape(
        "refs-before-flush",
        "flush-before-refs",
        "an abort drops the references of the cleared entries before it flushes"
    );

    /// <summary>The batch does not compare protnone.</summary>
    public static readonly Decision IgnoreProtnone = Known.Shape(
        "ignore-protnone",
        "respect-protnone",
        "the batch ignores protnone"
    );

    /// <summary>The folio is not locked.</summary>
    public static readonly Decision NoFolioLock = Known.Fault(
        "no-folio-lock",
        "folio-lock",
        "the folio is looked up and not locked"
    );

    /// <summary>The table is freed without a grace period.</summary>
    public static readonly Decision FreeAtOnce = Known.Fault(
        "free-at-once",
        "free-deferred",
        "pte_free instead of pte_free_defer"
    );

    /// <summary>The mm goes on counting the table.</summary>
    public static readonly Decision KeepNrPtes = Known.Fault(
        "keep-nr-ptes",
        "dec-nr-ptes",
        "mm_dec_nr_ptes is left out"
    );

    /// <summary>The PMD entry is set without a look at what stands there.</summary>
    public static readonly Decision InstallBlindly = Known.Fault(
        "install-blindly",
        "install-if-none",
        "the huge PMD entry is set whatever stands there by then"
    );

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Decision> All => Known.All;
}
