namespace PteCheck.Model.Traces;

/// <summary>How events of loads, stores and pins say which page they concern: page number and frame in one operand.</summary>
public static class AccessEvent
{
    /// <summary>The frame of a page without a folio, such as the shared zero page.</summary>
    public const int NoFrame = -1;

    /// <summary>The operand of a page and its frame.</summary>
    public static ulong Pack(uint vpn, int frame) => vpn | ((ulong)(uint)frame << 32);

    /// <summary>The page number.</summary>
    public static uint Vpn(in TraceEvent e) => (uint)e.A;

    /// <summary>The frame, or <see cref="NoFrame"/>.</summary>
    public static int Frame(in TraceEvent e) => (int)(e.A >> 32);

    /// <summary>Whether a CPU used a translation that no entry gives any more.</summary>
    public static bool IsStale(in TraceEvent e) => e.Nr != 0;
}
