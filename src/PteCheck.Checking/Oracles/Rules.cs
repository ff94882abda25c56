namespace PteCheck.Checking.Oracles;

/// <summary>Every rule that an oracle enforces. Ids are never used again for something else.</summary>
public static partial class Rules
{
    private const string PteBatchReview =
        "04d1c9d60c6e, mm/mremap: honour writable bit in mremap pte batching";
    private const string MthpSeries =
        "mm/khugepaged: Introduce mTHP collapse support, v17 11/14 (2026-05-11)";
    private const string Pgtable = "include/linux/pgtable.h";

    /// <summary>Only once every part of this class is initialized, in whatever order.</summary>
    private static readonly Lazy<IReadOnlyList<Rule>> Listed = new(() =>
        [.. OfState, .. OfInvariants, .. OfTlb, .. OfBounds, .. OfMemory, .. OfWork, .. OfContract]
    );

    /// <summary>All rules by id.</summary>
    public static IReadOnlyList<Rule> All => Listed.Value;

    /// <summary>The rule of an id, or null.</summary>
    public static Rule? Find(string id) => All.FirstOrDefault(rule => rule.Id == id);

    private static Rule Create(
        int number,
        OracleKind oracle,
        string title,
        string sentence,
        string source
    ) => new($"PTB{number:000}", oracle, title, sentence, source);
}
