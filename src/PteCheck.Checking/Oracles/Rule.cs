namespace PteCheck.Checking.Oracles;

/// <summary>The oracles, in the order in which the first broken rule becomes a violation's primary one.</summary>
public enum OracleKind
{
    /// <summary>Preconditions of primitives.</summary>
    Contract,

    /// <summary>Accesses outside table and range.</summary>
    Bounds,

    /// <summary>What loads, stores, devices and write-out see.</summary>
    Memory,

    /// <summary>Translations that outlive what they may.</summary>
    Tlb,

    /// <summary>The candidate's final machine against the reference's.</summary>
    State,

    /// <summary>Each final machine by itself.</summary>
    Invariants,

    /// <summary>Counted primitives.</summary>
    Work,
}

/// <summary>How bad a broken rule is.</summary>
public enum Severity
{
    /// <summary>Wrong behaviour.</summary>
    Error,

    /// <summary>Wasted work.</summary>
    Work,
}

/// <summary>Something that must hold, with an id that never changes.</summary>
/// <param name="Id">PTB and three digits.</param>
/// <param name="Oracle">Which oracle judges it.</param>
/// <param name="Title">Two to four words.</param>
/// <param name="Sentence">What must hold, in one sentence.</param>
/// <param name="Source">Where the kernel or a mail says so.</param>
public sealed record Rule(
    string Id,
    OracleKind Oracle,
    string Title,
    string Sentence,
    string Source
)
{
    /// <summary>Work rules waste time, all others are errors.</summary>
    public Severity Severity => Oracle == OracleKind.Work ? Severity.Work : Severity.Error;
}

/// <summary>A difference between the loop and the batch that the kernel accepts.</summary>
/// <param name="Id">R and a digit.</param>
/// <param name="Title">Two to four words.</param>
/// <param name="Bound">How far it goes, in one sentence.</param>
/// <param name="Source">Who accepted it.</param>
public sealed record Relaxation(string Id, string Title, string Bound, string Source);
