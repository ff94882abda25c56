using PteCheck.Checking.Scenarios;

namespace PteCheck.Checking.Exhaustive;

/// <summary>Entries that an operation does not tell apart, by the one that stands for them.</summary>
/// <param name="Kind">Its kind; none for an empty slot.</param>
/// <param name="Bits">Its letters.</param>
/// <param name="Others">Further members, by their letters or their kind; tests compare their verdicts.</param>
public sealed record EntryClass(EntryKind Kind, PteBits Bits, params EntryMember[] Others)
{
    /// <summary>Whether it is protnone.</summary>
    public bool IsProtnone => (Bits & PteBits.Protnone) != 0;
}

/// <summary>A member of a class that does not stand for it.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Bits">Its letters.</param>
public readonly record struct EntryMember(EntryKind Kind, PteBits Bits);
