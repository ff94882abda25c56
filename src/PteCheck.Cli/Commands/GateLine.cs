using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Scenarios;
using PteCheck.Model.Architectures;
using PteCheck.Reports;
using PteCheck.Reports.Text;

namespace PteCheck.Cli.Commands;

/// <summary>The last line of a gate, fit for the trailer of a commit.</summary>
internal static class GateLine
{
    /// <summary>
    /// <c>PteCheck: gate passed; 61 scenarios, mremap/batched holds on arm64 (200,000 cases, longest
    /// batch 512)</c>.
    /// </summary>
    public static string Of(ReportInput input, bool passed)
    {
        var parts = new List<string> { Scenarios(input) };
        parts.AddRange(
            input
                .Results.Where(result => result.Replayed is null)
                .Select(result => Campaign(input, result))
        );
        return $"PteCheck: gate {(passed ? "passed" : "FAILED")}; {string.Join(", ", parts)}";
    }

    private static string Scenarios(ReportInput input)
    {
        var files = input
            .Results.Where(result => result.Replayed is not null)
            .GroupBy(result => result.File(), StringComparer.Ordinal)
            .ToList();
        var failed = files.Count(file =>
            file.Any(result =>
                input.StatusOf(result) is ResultStatus.Failed or ResultStatus.ReferenceViolated
            )
        );
        var all =
            $"{SummaryText.Number(files.Count)} {(files.Count == 1 ? "scenario" : "scenarios")}";
        return failed == 0 ? all : $"{all} ({SummaryText.Number(failed)} not as expected)";
    }

    private static string Campaign(ReportInput input, CampaignResult result)
    {
        var name = result.Implementation.FullName;
        var on = $"on {result.Architecture.Name()}";
        return result.Verdict switch
        {
            VerdictKind.Holds when result.Coverage.LongestBatch == 0 =>
                $"{name} holds {on} ({SummaryText.Number(result.Cases)} cases)",
            VerdictKind.Holds when result.Operation.Selects =>
                $"{name} holds {on} ({SummaryText.Number(result.Cases)} cases, largest window {result.Coverage.LongestBatch})",
            VerdictKind.Holds =>
                $"{name} holds {on} ({SummaryText.Number(result.Cases)} cases, longest batch {result.Coverage.LongestBatch})",
            VerdictKind.Violated => $"{name} violated {on} ({Rules(input, result)})",
            _ => $"{name} {result.Verdict.Name()} {on}",
        };
    }

    private static string Rules(ReportInput input, CampaignResult result)
    {
        var counting = result
            .Counting(input.Strict, input.FailOnWork)
            .Select(violation => violation.Rule.Id);
        var others = result
            .Violations.Where(violation => violation.Known is not null)
            .Select(violation =>
                violation.Known == ResultStatuses.Baseline
                    ? "in the baseline"
                    : $"known {violation.Known}"
            );
        return string.Join(", ", counting.Concat(others).Distinct(StringComparer.Ordinal));
    }
}
