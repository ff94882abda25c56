using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Campaigns;

namespace PteCheck.Properties.Zap;

/// <summary>What must come out for upstream's zap and for the write fault.</summary>
public sealed class ZapVerdictTests
{
    private const long Cases = 40960;

    [Theory]
    [InlineData(Architecture.X86)]
    [InlineData(Architecture.Arm64)]
    public void BatchedHoldsWithLongBatches(Architecture architecture)
    {
        var result = InPlaceCampaigns.Run("zap/batched", architecture, Cases);

        Assert.Equal(VerdictKind.Holds, result.Verdict);
        Assert.InRange(result.Coverage.Batches, Cases, long.MaxValue);
        Assert.Equal(512, result.Coverage.LongestBatch);
    }

    [Theory]
    [InlineData("zap/batched", Architecture.X86)]
    [InlineData("zap/batched~unfold-first", Architecture.Arm64)]
    [InlineData("wp-fault/per-pte", Architecture.X86)]
    [InlineData("wp-fault/per-pte", Architecture.Arm64)]
    [InlineData("numa-fault/per-pte", Architecture.X86)]
    [InlineData("numa-fault/per-pte", Architecture.Arm64)]
    public void WithOthersInBetweenItHolds(string name, Architecture architecture) =>
        Assert.Equal(
            VerdictKind.Holds,
            InPlaceCampaigns
                .Run(name, architecture, Cases, interference: InterferenceMode.Only)
                .Verdict
        );

    /// <summary>Finding F6.</summary>
    [Fact]
    public void AFaultBesideZapChangesCont()
    {
        var result = InPlaceCampaigns.Run(
            "zap/batched",
            Architecture.Arm64,
            Cases,
            interference: InterferenceMode.Only
        );

        var violation = Assert.Single(result.Violations);
        Assert.Equal("PTB203", violation.Rule.Id);
        Assert.Equal(["clear-folded"], violation.Cause);
        Assert.Equal(1, violation.InterferenceSteps);
    }

    [Theory]
    [InlineData(Architecture.X86)]
    [InlineData(Architecture.Arm64)]
    public void TheWriteFaultHoldsByItself(Architecture architecture)
    {
        var result = InPlaceCampaigns.Run("wp-fault/per-pte", architecture, Cases);

        Assert.Equal(VerdictKind.Holds, result.Verdict);
        Assert.Contains("nothing to batch", result.Reason, StringComparison.Ordinal);
    }

    /// <summary>
    /// handle_pte_fault marks a writable entry dirty; for one of a shadow stack pte_mkdirty moves the bit that makes
    /// it writable, and nothing flushes the translation that other CPUs hold. Read from the code, not seen on a machine.
    /// </summary>
    [Fact]
    public void ASpuriousFaultTakesTheWriteRightOfAShadowStackEntryWithoutAFlush()
    {
        const string Text = """
            arch: x86-64
            config: { shadow-stack: on }
            folios:
              A: { exclusive: all }
            vmas:
              - { name: a, pages: 1, flags: rw shadow-stack }
            ptes:
              a+0: A WDY
            run: wp-fault a
            """;
        var scenario = ScenarioReader.Read(Text, "shadow-stack.yaml");
        var record = Runner.Explain(scenario, CampaignLab.Named("wp-fault/per-pte"));

        Assert.Contains(record.ReferenceFindings, finding => finding.Rule.Id == "PTB201");
    }

    [Theory]
    [InlineData("zap/batched", Architecture.X86)]
    [InlineData("zap/batched", Architecture.Arm64)]
    [InlineData("wp-fault/per-pte", Architecture.X86)]
    [InlineData("wp-fault/per-pte", Architecture.Arm64)]
    [InlineData("numa-fault/per-pte", Architecture.X86)]
    [InlineData("numa-fault/per-pte", Architecture.Arm64)]
    public void EverySituationIsMet(string name, Architecture architecture)
    {
        var result = InPlaceCampaigns.Run(name, architecture, Cases);
        var missed = result
            .Coverage.Cells.Where(cell => cell.Value == 0 && IsExpected(cell.Key, architecture))
            .Select(cell => cell.Key);

        Assert.Empty(missed);
    }

    [Theory]
    [InlineData("zap/batched~rmap-once", "PTB008", 2)]
    [InlineData("zap/batched~marker-first-only", "PTB004", 2)]
    [InlineData("zap/batched~flush-after-free", "PTB205", 1)]
    [InlineData("zap/batched~trust-none", "PTB202", 0)]
    [InlineData("wp-fault/per-pte~reuse-shared", "PTB005", 1)]
    public void TheSmallestScenarioIsTheSameFromEverySeed(string name, string rule, int ptes)
    {
        for (var seed = 1ul; seed <= 4; seed++)
        {
            var result = InPlaceCampaigns.Run(name, Architecture.X86, 8192, seed);
            var violation = result.Violations.Single(found => found.Rule.Id == rule);

            Assert.Equal(ptes, violation.Scenario.PteCount);
            Assert.InRange(violation.ShrinkEvaluations, 1, 250);
        }
    }

    private static bool IsExpected(string cell, Architecture architecture)
    {
        if (cell == "shadow-stack")
        {
            return false;
        }

        var arm = cell.StartsWith("cont/", StringComparison.Ordinal) || cell == "ended-by/cont";
        return !arm || architecture == Architecture.Arm64;
    }
}
