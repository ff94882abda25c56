using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Scenarios;

namespace PteCheck.Properties.Regressions;

/// <summary>Every pinned scenario gives the verdicts that its file expects.</summary>
public sealed class RegressionReplayTests
{
    /// <summary>The files.</summary>
    public static TheoryData<string> Files() => [.. RegressionFiles.Scenarios];

    [Theory]
    [MemberData(nameof(Files))]
    public void EveryExpectationIsMet(string file)
    {
        var results = Replay.Run(RegressionFiles.Read(file), []);

        var unmet = results
            .Where(result => result.AsExpected != true)
            .Select(result =>
                $"{file}: {result.Implementation.FullName} is {Describe(result)}, expected {result.Expected ?? "nothing"}"
            );
        Assert.Empty(unmet);
    }

    [Fact]
    public void KnownFindingsAreReadable() =>
        Assert.NotNull(
            KnownFindings.Load(
                Path.Combine(RegressionFiles.Root, "regressions", "found", "known.yaml"),
                DateOnly.MinValue
            )
        );

    private static string Describe(CampaignResult result) =>
        string.Join(
            ' ',
            result
                .Violations.SelectMany(violation =>
                    (string[])[violation.Rule.Id, .. violation.AlsoBroken]
                )
                .Distinct(StringComparer.Ordinal)
                .Prepend(result.Verdict.Name())
        );
}
