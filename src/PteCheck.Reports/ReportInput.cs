using PteCheck.Checking.Campaigns;
using PteCheck.Reports.Explaining;

namespace PteCheck.Reports;

/// <summary>What a report is made of.</summary>
public sealed record ReportInput
{
    /// <summary>The command that made it: <c>run</c>, <c>gate</c>, <c>replay</c>.</summary>
    public required string Command { get; init; }

    /// <summary>The results, in the order of reports.</summary>
    public required IReadOnlyList<CampaignResult> Results { get; init; }

    /// <summary>Shows scenarios in words and pictures.</summary>
    public required IExplainer Explainer { get; init; }

    /// <summary>Whether to write seconds, which no two runs share.</summary>
    public bool Timing { get; init; } = true;

    /// <summary>Known findings count as violations.</summary>
    public bool Strict { get; init; }

    /// <summary>Rules of severity <c>work</c> count as violations.</summary>
    public bool FailOnWork { get; init; } = true;

    /// <summary>The status of a result, by these settings.</summary>
    public ResultStatus StatusOf(CampaignResult result) => result.Status(Strict, FailOnWork);

    /// <summary>
    /// The violations that reports for people show: all, but for a gate those alone that no file
    /// expects.
    /// </summary>
    public IReadOnlyList<Violation> Shown(CampaignResult result) =>
        Command == "gate" && result.AsExpected == true ? [] : result.Violations;
}
