namespace PteCheck.Checking.Scenarios;

/// <summary>The verdict on one implementation in one scenario or campaign.</summary>
public enum VerdictKind
{
    /// <summary>Nothing is violated.</summary>
    Holds,

    /// <summary>A rule is broken.</summary>
    Violated,

    /// <summary>The question does not arise, with a reason.</summary>
    NotApplicable,

    /// <summary>The reference itself breaks a rule.</summary>
    ReferenceViolated,
}

/// <summary>Names of verdicts as files and reports spell them.</summary>
public static class VerdictNames
{
    /// <summary><c>holds</c>, <c>violated</c>, <c>not-applicable</c> or <c>reference-violated</c>.</summary>
    public static string Name(this VerdictKind verdict) =>
        verdict switch
        {
            VerdictKind.Holds => "holds",
            VerdictKind.Violated => "violated",
            VerdictKind.NotApplicable => "not-applicable",
            _ => "reference-violated",
        };

    /// <summary>Reads a verdict; false when it is none.</summary>
    public static bool TryParse(string text, out VerdictKind verdict)
    {
        foreach (var candidate in Enum.GetValues<VerdictKind>())
        {
            if (candidate.Name() == text)
            {
                verdict = candidate;
                return true;
            }
        }

        verdict = default;
        return false;
    }
}

/// <summary>What a file expects of one implementation.</summary>
/// <param name="Implementation">Its name, with or without the operation.</param>
/// <param name="Verdict">The verdict.</param>
/// <param name="Rule">The rule that must be among the broken ones, or null for any.</param>
/// <param name="Line">Line of the file, from 1.</param>
public sealed record Expectation(
    string Implementation,
    VerdictKind Verdict,
    string? Rule,
    int Line
);

/// <summary>What a scenario file says beside the scenario itself.</summary>
public sealed record ScenarioNotes
{
    /// <summary>The file, as it was named; <c>-</c> for standard input.</summary>
    public string File { get; init; } = "";

    /// <summary><c>title:</c>.</summary>
    public string Title { get; init; } = "";

    /// <summary><c>thread:</c>, the folder under regressions/threads.</summary>
    public string? Thread { get; init; }

    /// <summary><c>question:</c>, what was asked, for <c>ptecheck review</c>.</summary>
    public string? Question { get; init; }

    /// <summary><c>answer:</c>, <c>confirmed</c>, <c>refuted</c> or <c>depends</c>, and why.</summary>
    public string? Answer { get; init; }

    /// <summary><c>fix:</c>, the commit that a bug belongs to.</summary>
    public string? Fix { get; init; }

    /// <summary><c>expect:</c>.</summary>
    public IReadOnlyList<Expectation> Expectations { get; init; } = [];

    /// <summary><c>reach:</c>, recipes of system calls, each a list of steps.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Reach { get; init; } = [];

    /// <summary>Names of the folios by index.</summary>
    public IReadOnlyList<string> FolioNames { get; init; } = [];

    /// <summary>Names of the VMAs by index.</summary>
    public IReadOnlyList<string> VmaNames { get; init; } = [];
}
