using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Oracles;
using PteCheck.Model.Architectures;

namespace PteCheck.Reports;

/// <summary>Names that every report spells the same way.</summary>
public static class ReportNames
{
    /// <summary>The tool.</summary>
    public const string Tool = "PteCheck";

    /// <summary>The tool's version.</summary>
    public static string Version { get; } =
        typeof(ReportNames).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    /// <summary>The name of an oracle, as DESIGN and reports spell it: <c>state</c>, <c>tlb</c>, ...</summary>
    public static string Name(this OracleKind oracle) =>
        oracle switch
        {
            OracleKind.Contract => "contract",
            OracleKind.Bounds => "bounds",
            OracleKind.Memory => "memory",
            OracleKind.Tlb => "tlb",
            OracleKind.State => "state",
            OracleKind.Invariants => "invariants",
            _ => "work",
        };

    /// <summary><c>error</c> or <c>work</c>.</summary>
    public static string Name(this Severity severity) =>
        severity == Severity.Error ? "error" : "work";

    /// <summary><c>mremap/batched, arm64, kernel 7.2</c>.</summary>
    public static string Subject(this CampaignResult result) =>
        $"{result.Implementation.FullName}, {result.Architecture.Name()}, kernel {result.Kernel.Name()}";

    /// <summary>The name of the file that was replayed, or null for a campaign.</summary>
    public static string? File(this CampaignResult result) =>
        result.Replayed is null ? null : result.Replayed.Notes?.File ?? "-";

    /// <summary>The test's name in JUnit and KTAP: the subject, and the file of a replay before it.</summary>
    public static string TestName(this CampaignResult result) =>
        result.File() is { } file ? $"{file}: {result.Subject()}" : result.Subject();

    /// <summary><c>known F1: </c>, <c>in the baseline: </c>, or nothing for a new violation.</summary>
    public static string KnownPrefix(Violation violation) =>
        violation.Known switch
        {
            null => "",
            ResultStatuses.Baseline => "in the baseline: ",
            var number => $"known {number}: ",
        };

    /// <summary><c>PTB001 write gained</c>, with <c>known F1: </c> before it where it is known.</summary>
    public static string Headline(this Violation violation) =>
        KnownPrefix(violation) + $"{violation.Rule.Id} {violation.Rule.Title}";
}
