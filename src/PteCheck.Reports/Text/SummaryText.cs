using System.Globalization;
using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Scenarios;
using PteCheck.Model.Architectures;

namespace PteCheck.Reports.Text;

/// <summary>One line for each result, and one for all.</summary>
public static class SummaryText
{
    /// <summary>
    /// The result in one line. <c>holds</c> says over what: scope, cases, batches, the longest batch
    /// and the kernel modelled.
    /// </summary>
    public static string Line(CampaignResult result) =>
        result.Replayed is null
            ? $"{result.Subject()}: {Verdict(result)}"
            : $"{result.File()}: {result.Implementation.FullName}, {result.Architecture.Name()}, kernel {result.Kernel.Name()}: {ReplayVerdict(result)}";

    /// <summary><c>2 hold, 1 violated, 1 not applicable</c>.</summary>
    public static string Total(ReportInput input)
    {
        var results = input.Results;
        if (results.Count == 0)
        {
            return "nothing to judge";
        }

        var expected = results.Where(result => result.AsExpected is not null).ToList();
        var judged = results.Where(result => result.AsExpected is null).ToList();
        var parts = new List<string>();
        Count(expected.Count(result => result.AsExpected == true), "as expected", "as expected");
        Count(
            expected.Count(result => result.AsExpected == false),
            "NOT as expected",
            "NOT as expected"
        );
        CountStatus(ResultStatus.Passed, "holds", "hold");
        CountStatus(
            ResultStatus.Known,
            "with known or tolerated findings alone",
            "with known or tolerated findings alone"
        );
        CountStatus(ResultStatus.Failed, "violated", "violated");
        CountStatus(ResultStatus.NotApplicable, "not applicable", "not applicable");
        CountStatus(ResultStatus.ReferenceViolated, "reference-violated", "reference-violated");
        return string.Join(", ", parts);

        void CountStatus(ResultStatus status, string one, string many) =>
            Count(judged.Count(result => input.StatusOf(result) == status), one, many);

        void Count(int count, string one, string many)
        {
            if (count > 0)
            {
                parts.Add($"{Number(count)} {(count == 1 ? one : many)}");
            }
        }
    }

    /// <summary>A count with commas: <c>200,000</c>.</summary>
    public static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>The rules broken, new ones and known ones.</summary>
    public static string RulesOf(CampaignResult result) =>
        string.Join(", ", result.Violations.Select(violation => violation.Headline()).Distinct());

    private static string Verdict(CampaignResult result) =>
        result.Verdict switch
        {
            VerdictKind.Holds => $"holds over {Scope(result)}",
            VerdictKind.Violated => $"violated: {RulesOf(result)}; {Scope(result)}",
            _ => $"{result.Verdict.Name()}: {result.Reason}",
        };

    private static string Scope(CampaignResult result)
    {
        var cases =
            result.Complete ? $"all {Number(result.Cases)} cases of the scope"
            : result.Seed is null
                ? $"{Number(result.Cases)} cases of the scope, which is not complete"
            : $"{Number(result.Cases)} random cases";
        var seed = result.Seed is { } number ? $" (seed {number})" : "";
        var coverage = result.Coverage;
        if (result.Operation.Implementations.Count == 1)
        {
            return $"{cases}{seed}, nothing to batch";
        }

        if (result.Operation.Selects)
        {
            return $"{cases}{seed}, {Number(coverage.Batches)} windows tried, the largest of {Number(coverage.LongestBatch)} pages";
        }

        return $"{cases}{seed}, {Number(coverage.Batches)} batches, longest batch {Number(coverage.LongestBatch)}";
    }

    private static string ReplayVerdict(CampaignResult result)
    {
        var verdict = result.Verdict switch
        {
            VerdictKind.Violated => $"violated {RulesOf(result)}",
            VerdictKind.Holds when result.Operation.Selects => $"holds in {result.Reason}",
            VerdictKind.Holds => "holds in this scenario",
            _ => $"{result.Verdict.Name()}: {result.Reason}",
        };
        return result.AsExpected switch
        {
            true => $"{verdict}, as expected",
            false => $"{verdict}, NOT as expected ({result.Expected})",
            null => verdict,
        };
    }
}
