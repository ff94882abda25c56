namespace PteCheck.Checking.Oracles;

/// <summary>PTB301 and PTB302: which entries may be touched.</summary>
public static partial class Rules
{
    /// <summary>PTB301.</summary>
    public static readonly Rule OutsideTable = Bounds(
        1,
        "outside the table",
        "No entry outside its page table is read or written.",
        "CVE-2025-38447, ddd05742b45b"
    );

    /// <summary>PTB302.</summary>
    public static readonly Rule OutsideRange = Bounds(
        2,
        "outside the range",
        "No entry outside the range given is read or written; the architecture may touch the rest of a contiguous block.",
        "CVE-2025-38447, ddd05742b45b"
    );

    private static Rule[] OfBounds => [OutsideTable, OutsideRange];

    private static Rule Bounds(int number, string title, string sentence, string source) =>
        Create(300 + number, OracleKind.Bounds, title, sentence, source);
}
