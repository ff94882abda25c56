namespace PteCheck.Checking.Oracles;

/// <summary>PTB501 to PTB511: what a batch saves.</summary>
public static partial class Rules
{
    /// <summary>PTB501.</summary>
    public static readonly Rule MoreWork = Work(
        1,
        "more work",
        "A batched version never flushes, allocates or copies more than the one-PTE loop.",
        "the claim of every batching patch; relaxation R4"
    );

    /// <summary>PTB502.</summary>
    public static readonly Rule SavingMissed = Work(
        2,
        "saving missed",
        "A batch is cleared and stored by one call each.",
        "mm: Optimize mremap() by PTE batching, v4 2/2"
    );

    /// <summary>PTB510.</summary>
    public static readonly Rule DoomedAttempt = Work(
        10,
        "attempt that must fail",
        "In a VMA armed for userfaultfd no window is tried in which the scan has seen a hole.",
        "Wei Yang's question about v17 11/14, 2026-05; mm/khugepaged.c, collapse_scan_pmd before mTHP"
    );

    /// <summary>PTB511.</summary>
    public static readonly Rule Creep = Work(
        11,
        "creep",
        "A second scan, nothing having happened since the first, collapses nothing more.",
        MthpSeries
    );

    private static Rule[] OfWork => [MoreWork, SavingMissed, DoomedAttempt, Creep];

    private static Rule Work(int number, string title, string sentence, string source) =>
        Create(500 + number, OracleKind.Work, title, sentence, source);
}
