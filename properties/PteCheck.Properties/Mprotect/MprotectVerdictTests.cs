using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Campaigns;

namespace PteCheck.Properties.Mprotect;

/// <summary>What must come out for each version of change_pte_range in batches: verdicts, causes and smallest scenarios.</summary>
public sealed class MprotectVerdictTests
{
    private const long Cases = 40960;

    [Theory]
    [InlineData("batched~merge-keeps-soft-dirty", Architecture.X86)]
    [InlineData("batched~flush-before-cont~unfold-first", Architecture.Arm64)]
    [InlineData("batched-6.17-rc1~exclusive-from-batch~merge-keeps-soft-dirty", Architecture.X86)]
    [InlineData(
        "batched-6.17-rc1~exclusive-from-batch~flush-before-cont~unfold-first",
        Architecture.Arm64
    )]
    public void WithItsCausesMendedItHolds(string name, Architecture architecture) =>
        AssertHolds(name, architecture);

    [Fact]
    public void BatchedHoldsOnArm64WithBbml2() =>
        AssertHolds("batched", Architecture.Arm64, bbml2: true);

    [Fact]
    public void BatchedChangesContTooEarlyOnArm64AndNothingElse()
    {
        var result = MprotectCampaigns.Run("batched~unfold-first", Architecture.Arm64, Cases);

        var violation = Assert.Single(result.Violations);
        Assert.Equal("PTB203", violation.Rule.Id);
        Assert.Empty(violation.AlsoBroken);
        Assert.Equal(["cont-before-flush"], violation.Cause);
        Assert.Equal(4, violation.Scenario.PteCount);
    }

    /// <summary>Soft-dirty is gained; where it is tracked, write is as well, since the next write need not be seen any more.</summary>
    [Fact]
    public void BatchedGainsSoftDirtyOnX86AndWhatFollowsFromIt()
    {
        var result = MprotectCampaigns.Run("batched", Architecture.X86, Cases);

        Assert.Equal(["PTB001", "PTB009"], result.Violations.Select(known => known.Rule.Id));
        Assert.Equal(["merge-marks-soft-dirty"], CampaignLab.Causes(result));
        Assert.All(result.Violations, known => Assert.Equal(2, known.Scenario.PteCount));
        Assert.Contains("PTB009", result.Violations[0].AlsoBroken);
        Assert.Empty(result.Violations[1].AlsoBroken);
    }

    [Theory]
    [InlineData("", "PTB001 PTB002 PTB202", "compare-raw-write")]
    [InlineData("~merge-keeps-shadow-stack", "PTB001 PTB002 PTB202", "compare-raw-write")]
    [InlineData("~compare-pte-write", "PTB002 PTB202", "merge-undoes-shadow-stack")]
    [InlineData("~compare-pte-write~merge-keeps-shadow-stack", "", "")]
    public void BatchedGivesAndTakesShadowStackWrites(string mends, string rules, string cause)
    {
        var result = MprotectCampaigns.Run(
            $"batched~merge-keeps-soft-dirty{mends}",
            Architecture.X86,
            Cases,
            shadowStack: true,
            interference: InterferenceMode.Off
        );

        Assert.Equal(rules, string.Join(' ', result.Violations.Select(known => known.Rule.Id)));
        Assert.Equal(cause, string.Join(' ', CampaignLab.Causes(result)));
        Assert.All(result.Violations, known => Assert.Equal(2, known.Scenario.PteCount));
    }

    [Theory]
    [InlineData("PTB001", 2)]
    [InlineData("PTB002", 1)]
    public void TheFirstReleaseCandidateReadsTheWrongPages(string rule, int most)
    {
        for (var seed = 1ul; seed <= 4; seed++)
        {
            var result = MprotectCampaigns.Run(
                "batched-6.17-rc1~merge-keeps-soft-dirty",
                Architecture.X86,
                32768,
                seed
            );
            var violation = result.Violations.Single(found => found.Rule.Id == rule);

            Assert.Equal(["exclusive-from-folio"], violation.Cause);
            Assert.InRange(violation.Scenario.PteCount, 1, most);
            Assert.InRange(violation.ShrinkEvaluations, 1, 250);
        }
    }

    [Theory]
    [InlineData("PTB001", Architecture.X86, 2)]
    [InlineData("PTB009", Architecture.X86, 2)]
    [InlineData("PTB203", Architecture.Arm64, 4)]
    public void TheSmallestScenarioIsTheSameFromEverySeed(
        string rule,
        Architecture architecture,
        int ptes
    )
    {
        var texts = new HashSet<string>(StringComparer.Ordinal);
        for (var seed = 1ul; seed <= 8; seed++)
        {
            var result = MprotectCampaigns.Run(
                "batched",
                architecture,
                8192,
                seed,
                interference: InterferenceMode.Off
            );
            var violation = result.Violations.Single(found => found.Rule.Id == rule);

            Assert.Equal(ptes, violation.Scenario.PteCount);
            Assert.InRange(violation.ShrinkEvaluations, 1, 250);
            texts.Add(ScenarioWriter.Write(violation.Scenario));
        }

        Assert.Single(texts);
    }

    private static void AssertHolds(string name, Architecture architecture, bool bbml2 = false)
    {
        var result = MprotectCampaigns.Run(name, architecture, Cases, bbml2: bbml2);

        Assert.Equal(VerdictKind.Holds, result.Verdict);
        Assert.True(result.Coverage.LongestBatch >= 32, "no long batch was formed");
    }
}
