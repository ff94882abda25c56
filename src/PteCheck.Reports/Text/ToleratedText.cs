using PteCheck.Checking.Campaigns;
using PteCheck.Model.Architectures;

namespace PteCheck.Reports.Text;

/// <summary>What was found and does not count: known findings once each, with where and why; all else in a line.</summary>
public static class ToleratedText
{
    private const int Indent = 4;

    /// <summary>The lines, known findings in the order of their numbers first.</summary>
    /// <param name="found">Violations that do not count, with the results that have them.</param>
    /// <param name="width">Columns that a line may have.</param>
    public static IEnumerable<string> Lines(
        IReadOnlyList<(CampaignResult Result, Violation Violation)> found,
        int width
    )
    {
        var known = found
            .Where(pair => pair.Violation.KnownReason.Length > 0)
            .GroupBy(pair => pair.Violation.Known!, StringComparer.Ordinal)
            .OrderBy(group => group.Key.Length)
            .ThenBy(group => group.Key, StringComparer.Ordinal)
            .Select(Finding);
        var others = found
            .Where(pair => pair.Violation.KnownReason.Length == 0)
            .Select(pair => $"{pair.Result.Subject()}: {pair.Violation.Headline()}");
        return known.Concat(others).SelectMany(line => Wrapping.Wrap(line, width, Indent));
    }

    private static string Finding(
        IGrouping<string, (CampaignResult Result, Violation Violation)> group
    )
    {
        var places = group.Select(pair =>
            $"{pair.Result.Implementation.FullName} ({pair.Result.Architecture.Name()})"
        );
        return $"known {group.Key} in {string.Join(", ", places.Distinct(StringComparer.Ordinal))}: "
            + group.First().Violation.KnownReason;
    }
}
