using System.Globalization;
using PteCheck.Checking.Scenarios;

namespace PteCheck.Checking.Campaigns;

/// <summary>A campaign that never formed a batch says nothing about batching, and says so.</summary>
internal static class Applicability
{
    /// <summary>The result with verdict holds or not-applicable, and the reason in words.</summary>
    public static CampaignResult Of(CampaignResult result)
    {
        var cases = result.Cases.ToString("N0", CultureInfo.InvariantCulture);
        var interleaved = result.Coverage.Interleaved.ToString("N0", CultureInfo.InvariantCulture);
        var sequences = result.Coverage.Sequences.ToString("N0", CultureInfo.InvariantCulture);
        if (result.Coverage.Batches > 0 && result.Operation.Selects)
        {
            var windows = result.Coverage.Batches.ToString("N0", CultureInfo.InvariantCulture);
            return result with
            {
                Verdict = VerdictKind.Holds,
                Reason = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{cases} random cases, {windows} windows tried, the largest of {result.Coverage.LongestBatch} pages"
                ),
            };
        }

        if (result.Coverage.Batches > 0)
        {
            var batches = result.Coverage.Batches.ToString("N0", CultureInfo.InvariantCulture);
            return result with
            {
                Verdict = VerdictKind.Holds,
                Reason = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{cases} random cases, {interleaved} of them interleaved, {sequences} sequences of operations, {batches} batches of 2 or more, longest {result.Coverage.LongestBatch}"
                ),
            };
        }

        if (result.Operation.Implementations.Count == 1)
        {
            return result with
            {
                Verdict = VerdictKind.Holds,
                Reason =
                    $"{cases} random cases, {interleaved} of them interleaved, {sequences} sequences of operations; there is nothing to batch, and the reference is judged by itself",
            };
        }

        return result with
        {
            Verdict = VerdictKind.NotApplicable,
            Reason = result.Implementation.IsReference
                ? "the reference handles one entry at a time"
                : $"it never batches here: no batch of 2 or more in {cases} cases",
        };
    }
}
