using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Oracles;
using PteCheck.Checking.Scenarios;

namespace PteCheck.Reports;

/// <summary>What a result means to the one who asked, expectations and known findings considered.</summary>
public enum ResultStatus
{
    /// <summary>Holds, or a replayed file gave what it expects.</summary>
    Passed,

    /// <summary>Violated only by known findings, or by rules that were said not to count.</summary>
    Known,

    /// <summary>The question did not arise.</summary>
    NotApplicable,

    /// <summary>Violated, or not what the file expects.</summary>
    Failed,

    /// <summary>The reference itself breaks a rule.</summary>
    ReferenceViolated,
}

/// <summary>Derives the status of results.</summary>
public static class ResultStatuses
{
    /// <summary>In place of a finding's number: a violation that the baseline has; never counted.</summary>
    public const string Baseline = "baseline";

    /// <summary>The status of a result.</summary>
    /// <param name="result">The result.</param>
    /// <param name="strict">Known findings count as violations.</param>
    /// <param name="failOnWork">Rules of severity <c>work</c> count, too.</param>
    public static ResultStatus Status(
        this CampaignResult result,
        bool strict = false,
        bool failOnWork = true
    )
    {
        if (result.AsExpected is { } met)
        {
            return met ? ResultStatus.Passed : ResultStatus.Failed;
        }

        return result.Verdict switch
        {
            VerdictKind.Holds => ResultStatus.Passed,
            VerdictKind.NotApplicable => ResultStatus.NotApplicable,
            VerdictKind.ReferenceViolated => ResultStatus.ReferenceViolated,
            _ when result.Counting(strict, failOnWork).Any() => ResultStatus.Failed,
            _ when result.Violations.Count == 0 => ResultStatus.Failed,
            _ => ResultStatus.Known,
        };
    }

    /// <summary>The violations that make a result fail.</summary>
    public static IEnumerable<Violation> Counting(
        this CampaignResult result,
        bool strict,
        bool failOnWork
    ) =>
        result.Violations.Where(violation =>
            (violation.Known is null || (strict && violation.Known != Baseline))
            && (failOnWork || violation.Rule.Severity == Severity.Error)
        );
}
