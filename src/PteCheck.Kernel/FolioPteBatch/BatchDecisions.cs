using PteCheck.Kernel.Operations;

namespace PteCheck.Kernel.FolioPteBatch;

/// <summary>
/// Every choice in which implementations of the batch helper differ. The first two are upstream's; the others each
/// break one thing on purpose, for the oracles to find. The reference takes none of them.
/// </summary>
public static class BatchDecisions
{
    private static readonly DecisionRegistry Known = new();

    /// <summary>Upstream on x86-64: FPB_RESPECT_WRITE compares RW, and a shadow-stack entry has none though pte_write() is true.</summary>
    public static readonly Decision CompareRawWrite = Known.Fault(
        "compare-raw-write",
        "compare-pte-write",
        "the batch compares the RW bit, so a shadow-stack entry equals a read-only one"
    );

    /// <summary>
    /// Upstream: FPB_MERGE_WRITE makes the copy writable where it is so already. On arm64 before 7.2 pte_mkwrite clears
    /// RDONLY of a clean entry, which then counts as dirty.
    /// </summary>
    public static readonly Decision MergeWriteAgain = Known.Fault(
        "merge-write-again",
        "merge-write-once",
        "the copy of a writable entry is made writable once more, and thereby dirty on arm64 before 7.2"
    );

    /// <summary>FPB_RESPECT_WRITE has no effect, as in mremap before 6.18.</summary>
    public static readonly Decision IgnoreWrite = Known.Fault(
        "ignore-write",
        "respect-write",
        "the batch ignores the write bit though it was told to respect it"
    );

    /// <summary>FPB_RESPECT_DIRTY has no effect.</summary>
    public static readonly Decision IgnoreDirty = Known.Fault(
        "ignore-dirty",
        "respect-dirty",
        "the batch ignores dirty though it was told to respect it"
    );

    /// <summary>FPB_RESPECT_SOFT_DIRTY has no effect.</summary>
    public static readonly Decision IgnoreSoftDirty = Known.Fault(
        "ignore-soft-dirty",
        "respect-soft-dirty",
        "the batch ignores soft-dirty though it was told to respect it"
    );

    /// <summary>The batch does not compare uffd-wp, which no flag makes it ignore.</summary>
    public static readonly Decision IgnoreUffd = Known.Fault(
        "ignore-uffd",
        "respect-uffd",
        "the batch ignores the uffd-wp bit"
    );

    /// <summary>The batch does not compare protnone, which no flag makes it ignore.</summary>
    public static readonly Decision IgnoreProtnone = Known.Fault(
        "ignore-protnone",
        "respect-protnone",
        "the batch ignores protnone"
    );

    /// <summary>Before 7b08b74f3d99 (6.15-rc6), where PFNs behind the folio's end could be equal by chance: the batch does not stop there.</summary>
    public static readonly Decision IgnoreFolioEnd = Known.Fault(
        "ignore-folio-end",
        "stop-at-folio-end",
        "the batch goes on into the next folio"
    );

    /// <summary>The caller's bound is that of the folio alone, as in 6.15's unmap (CVE-2025-38447).</summary>
    public static readonly Decision NoCap = Known.Fault(
        "no-cap",
        "cap",
        "the batch is not capped by what remains of the table and of the range"
    );

    /// <summary>The last hint is not clamped.</summary>
    public static readonly Decision TrustHint = Known.Fault(
        "trust-hint",
        "clamp-hint",
        "a hint of the architecture may lead past the maximum"
    );

    /// <summary>FPB_MERGE_WRITE and FPB_MERGE_YOUNG_DIRTY have no effect, and 6.15's three answers say no.</summary>
    public static readonly Decision DropMerge = Known.Fault(
        "drop-merge",
        "merge",
        "what later entries are is not told"
    );

    /// <summary>The architecture is not asked for hints.</summary>
    public static readonly Decision StepByOne = Known.Shape(
        "step-by-one",
        "step-by-hint",
        "every entry is looked at"
    );

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Decision> All => Known.All;

    /// <summary>What upstream has chosen.</summary>
    public static DecisionSet Upstream => CompareRawWrite.Set.With(MergeWriteAgain.Set);
}
