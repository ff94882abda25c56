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
    /// <c>PteCheck: gate passed; 61 scenarios, 17 campaigns hold (3,400,000 cases), mremap/batched not-applicable on
    /// x86-64, 6 with known F1, F2 alone</c>: what fails is named, of the rest more than two of a kind are counted.
    /// </summary>
    public static string Of(ReportInput input, bool passed)
    {
        var campaigns = input.Results.Where(result => result.Replayed is null).ToList();
        var held = campaigns.FindAll(result => result.Verdict is VerdictKind.Holds);
        var idle = campaigns.FindAll(result => result.Verdict is VerdictKind.NotApplicable);
        var known = campaigns.FindAll(result =>
            result.Verdict is VerdictKind.Violated
            && input.StatusOf(result) is not ResultStatus.Failed
        );
        var rest = campaigns.Except(held).Except(idle).Except(known);
        var cases = SummaryText.Number(held.Sum(result => result.Cases));
        string[] parts =
        [
            Scenarios(input),
            .. rest.Select(result => Campaign(input, result)),
            .. Counted(input, held, $"campaigns hold ({cases} cases)"),
            .. Counted(input, idle, "not applicable"),
            .. Counted(input, known, $"with {Rules(input, known)} alone"),
        ];
        return $"PteCheck: gate {(passed ? "passed" : "FAILED")}; {string.Join(", ", parts)}";
    }

    private static IEnumerable<string> Counted(
        ReportInput input,
        List<CampaignResult> results,
        string what
    ) =>
        results.Count > 2
            ? [$"{SummaryText.Number(results.Count)} {what}"]
            : results.Select(result => Campaign(input, result));

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
            VerdictKind.Violated => $"{name} violated {on} ({Rules(input, [result])})",
            _ => $"{name} {result.Verdict.Name()} {on}",
        };
    }

    /// <summary>Rules that count; then known findings, and those of the baseline.</summary>
    private static string Rules(ReportInput input, IReadOnlyList<CampaignResult> results)
    {
        var counting = results
            .SelectMany(result => result.Counting(input.Strict, input.FailOnWork))
            .Select(violation => violation.Rule.Id)
            .Distinct(StringComparer.Ordinal);
        var known = results
            .SelectMany(result => result.Violations)
            .Select(violation => violation.Known)
            .OfType<string>()
            .Distinct(StringComparer.Ordinal)
            .ToList();
        var numbers = known.FindAll(name => name != ResultStatuses.Baseline);
        numbers.Sort(StringComparer.Ordinal);
        return string.Join(
            ", ",
            [
                .. counting,
                .. numbers.Select((name, index) => index == 0 ? $"known {name}" : name),
                .. known.Count > numbers.Count ? ["in the baseline"] : Array.Empty<string>(),
            ]
        );
    }
}
