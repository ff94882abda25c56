using PteCheck.Checking.Scenarios;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Campaigns;

namespace PteCheck.Properties.Lazyfree;

/// <summary>What must come out for each version of the batched unmap: verdicts, causes and smallest scenarios.</summary>
public sealed class LazyfreeVerdictTests
{
    private const long Cases = 40960;

    [Theory]
    [InlineData("batched~merge-keeps-soft-dirty", Architecture.X86)]
    [InlineData("batched~flush-before-restore~unfold-first", Architecture.Arm64)]
    public void BatchedWithItsCausesMendedHolds(string name, Architecture architecture) =>
        AssertHolds(name, architecture);

    [Fact]
    public void BatchedHoldsOnArm64WithBbml2() =>
        AssertHolds("batched", Architecture.Arm64, bbml2: true);

    [Fact]
    public void BatchedChangesContTooEarlyOnArm64AndNothingElse()
    {
        var result = LazyfreeCampaigns.Run("batched", Architecture.Arm64, Cases);

        var violation = Assert.Single(result.Violations);
        Assert.Equal("PTB203", violation.Rule.Id);
        Assert.Empty(violation.AlsoBroken);
        Assert.Equal(["restore-before-flush"], violation.Cause);
        Assert.Equal(4, violation.Scenario.PteCount);
        Assert.True(violation.Scenario.Run.Deferred);
    }

    [Fact]
    public void BatchedGainsSoftDirtyOnX86AndNothingElse()
    {
        var result = LazyfreeCampaigns.Run("batched", Architecture.X86, Cases);

        var violation = Assert.Single(result.Violations);
        Assert.Equal("PTB009", violation.Rule.Id);
        Assert.Equal(["merge-marks-soft-dirty"], violation.Cause);
        Assert.Equal(2, violation.Scenario.PteCount);
    }

    /// <summary>compare-raw-write hides merge-undoes-shadow-stack, as a batch of shadow-stack entries alone is broken by both.</summary>
    [Theory]
    [InlineData("", "PTB001 PTB002", "compare-raw-write")]
    [InlineData("~merge-keeps-shadow-stack", "PTB001 PTB002", "compare-raw-write")]
    [InlineData("~compare-pte-write", "PTB002", "merge-undoes-shadow-stack")]
    [InlineData("~compare-pte-write~merge-keeps-shadow-stack", "", "")]
    public void BatchedGivesAndTakesShadowStackWrites(string mends, string rules, string cause)
    {
        var result = LazyfreeCampaigns.Run(
            $"batched~merge-keeps-soft-dirty{mends}",
            Architecture.X86,
            Cases,
            shadowStack: true
        );

        Assert.Equal(rules, string.Join(' ', result.Violations.Select(known => known.Rule.Id)));
        Assert.Equal(cause, string.Join(' ', CampaignLab.Causes(result)));
        Assert.All(result.Violations, known => Assert.Equal(2, known.Scenario.PteCount));
    }

    [Theory]
    [InlineData("as-posted-v4", "ignore-write-soft-dirty", "unbounded-scan")]
    [InlineData("bounded", "ignore-write-soft-dirty", "stale-count")]
    public void OldVersionsAreViolatedForTwoCausesOfTheirOwn(
        string name,
        string first,
        string second
    )
    {
        var arm = LazyfreeCampaigns.Run(name, Architecture.Arm64, Cases);
        var x86 = LazyfreeCampaigns.Run(name, Architecture.X86, Cases);

        Assert.Equal(
            [first, second],
            CampaignLab
                .Causes(arm)
                .Where(cause => cause is not ("restore-before-flush" or "clear-folded"))
        );
        Assert.Equal(
            [first, second],
            CampaignLab.Causes(x86).Where(cause => cause != "merge-marks-soft-dirty")
        );
    }

    [Theory]
    [InlineData("as-posted-v4~bounded-scan~respect-write-soft-dirty")]
    [InlineData("bounded~reset-count~respect-write-soft-dirty")]
    public void OldVersionsHoldWithTheirCausesMended(string name)
    {
        AssertHolds($"{name}~merge-keeps-soft-dirty", Architecture.X86);
        AssertHolds($"{name}~flush-before-restore~unfold-first", Architecture.Arm64);
    }

    [Theory]
    [InlineData("as-posted-v4", "PTB301", 1)]
    [InlineData("as-posted-v4", "PTB302", 1)]
    [InlineData("as-posted-v4", "PTB001", 4)]
    [InlineData("as-posted-v4", "PTB002", 4)]
    [InlineData("bounded", "PTB001", 2)]
    [InlineData("bounded", "PTB002", 2)]
    [InlineData("bounded", "PTB606", 3)]
    public void TheSmallestScenarioIsTheSameFromEverySeed(string name, string rule, int ptes)
    {
        for (var seed = 1ul; seed <= 4; seed++)
        {
            var result = LazyfreeCampaigns.Run(name, Architecture.X86, 8192, seed);
            var violation = result.Violations.Single(found => found.Rule.Id == rule);

            Assert.Equal(ptes, violation.Scenario.PteCount);
            Assert.InRange(violation.ShrinkEvaluations, 1, 250);
        }
    }

    private static void AssertHolds(string name, Architecture architecture, bool bbml2 = false)
    {
        var result = LazyfreeCampaigns.Run(name, architecture, Cases, bbml2: bbml2);

        Assert.Equal(VerdictKind.Holds, result.Verdict);
        Assert.True(result.Coverage.LongestBatch >= 32, "no long batch was formed");
    }
}
