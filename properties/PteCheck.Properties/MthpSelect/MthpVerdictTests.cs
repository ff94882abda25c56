using PteCheck.Checking.Scenarios;
using PteCheck.Model.Architectures;

namespace PteCheck.Properties.MthpSelect;

/// <summary>What must come out of campaigns, from random tables of up to 512 slots.</summary>
public sealed class MthpVerdictTests
{
    private const long Cases = 40_960;

    [Theory]
    [InlineData(Architecture.X86)]
    [InlineData(Architecture.Arm64)]
    public void TheNewestWalkHoldsOnceItRemembersArmedVmas(Architecture architecture)
    {
        var result = MthpLab.Run("linear~remember-armed", architecture, Cases);

        Assert.Equal(VerdictKind.Holds, result.Verdict);
        Assert.InRange(result.Coverage.Batches, Cases, long.MaxValue);
        Assert.Equal(512, result.Coverage.LongestBatch);
        Assert.Contains("windows tried", result.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("linear", "PTB510 forget-armed")]
    [InlineData("linear-v19", "PTB020 forget-swapped", "PTB510 forget-armed")]
    [InlineData(
        "stack-v17",
        "PTB020 forget-swapped",
        "PTB021 lose-allocation-failure",
        "PTB510 forget-armed"
    )]
    [InlineData("stack-v17~count-swapped~keep-allocation-failure~remember-armed")]
    [InlineData("linear-v19~count-swapped~remember-armed")]
    public void EachVersionBreaksWhatItIsKnownFor(string name, params string[] expected)
    {
        foreach (var architecture in ArchitectureNames.All)
        {
            var result = MthpLab.Run(name, architecture, Cases);

            Assert.Equal(
                expected,
                result.Violations.Select(violation =>
                    $"{violation.Rule.Id} {string.Join(",", violation.Cause)}"
                )
            );
        }
    }

    [Fact]
    public void TheReferenceIsSoundByItself() =>
        Assert.DoesNotContain(
            MthpLab.Run("recursive", Architecture.X86, Cases).Violations,
            violation => violation.Rule.Id != "PTB510"
        );

    [Fact]
    public void EverySituationIsMet()
    {
        var result = MthpLab.Run("linear", Architecture.X86, 4 * Cases);

        Assert.Empty(result.Coverage.Cells.Where(cell => cell.Value == 0).Select(cell => cell.Key));
    }

    [Theory]
    [InlineData("stack-v17", "PTB020", 8)]
    [InlineData("stack-v17", "PTB021", 1)]
    [InlineData("linear", "PTB510", 1)]
    public void TheSmallestScenarioIsTheSameFromEverySeed(string name, string rule, int ptes)
    {
        var first = "";
        for (var seed = 1ul; seed <= 8; seed++)
        {
            var violation = MthpLab
                .Run(name, Architecture.X86, 16_384, seed)
                .Violations.Single(found => found.Rule.Id == rule);
            var text = Checking.Scenarios.Text.ScenarioWriter.Write(violation.Scenario);
            first = first.Length == 0 ? text : first;

            Assert.Equal(first, text);
            Assert.Equal(ptes, violation.Scenario.PteCount);
            Assert.Equal(8, violation.Scenario.Slots);
            Assert.InRange(violation.ShrinkEvaluations, 1, 250);
        }
    }
}
