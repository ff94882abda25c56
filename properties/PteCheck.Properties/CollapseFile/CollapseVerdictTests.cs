using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Generation;
using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Kernel.CollapseFile;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Campaigns;
using PteCheck.Properties.Generation;

namespace PteCheck.Properties.CollapseFile;

/// <summary>What must come out for collapse-file: v2 broken by one step without a single entry, upstream whole.</summary>
public sealed class CollapseVerdictTests
{
    private const long Cases = 10 * CaseBlock.Cases;

    [Theory]
    [InlineData(Architecture.X86)]
    [InlineData(Architecture.Arm64)]
    public void AsPostedLooksANullPageUp(Architecture architecture)
    {
        for (var seed = 1ul; seed <= 4; seed++)
        {
            var result = CollapseCampaigns.Run(
                "as-posted-v2",
                architecture,
                Cases,
                InterferenceMode.On,
                seed
            );
            var violation = Assert.Single(result.Violations);

            Assert.Equal("PTB601", violation.Rule.Id);
            Assert.Equal(["folio-before-check"], violation.Cause);
            Assert.Equal(0, violation.Scenario.PteCount);
            Assert.InRange(violation.ShrinkEvaluations, 1, 250);
            Assert.Equal(
                "cpu1 uffd-zeropage a+0 between scans",
                StepText.Of(
                    violation.Scenario,
                    Assert.Single(violation.Scenario.UsedSteps.ToArray())
                )
            );
        }
    }

    [Theory]
    [InlineData("batched", Architecture.X86, InterferenceMode.Off)]
    [InlineData("batched", Architecture.Arm64, InterferenceMode.Off)]
    [InlineData("batched", Architecture.X86, InterferenceMode.Only)]
    [InlineData("batched", Architecture.Arm64, InterferenceMode.Only)]
    [InlineData("as-posted-v2", Architecture.X86, InterferenceMode.Off)]
    [InlineData("as-posted-v2~check-first", Architecture.X86, InterferenceMode.Only)]
    public void ItHolds(string name, Architecture architecture, InterferenceMode mode)
    {
        var result = CollapseCampaigns.Run(name, architecture, Cases, mode);

        Assert.Equal(VerdictKind.Holds, result.Verdict);
        Assert.InRange(result.Coverage.Batches, Cases / 4, long.MaxValue);
        Assert.Equal(512, result.Coverage.LongestBatch);
    }

    [Theory]
    [InlineData(Architecture.X86)]
    [InlineData(Architecture.Arm64)]
    public void EverySituationIsMet(Architecture architecture)
    {
        var result = CollapseCampaigns.Run("batched", architecture, Cases);
        var missed = result
            .Coverage.Cells.Where(cell => cell.Value == 0 && IsExpected(cell.Key, architecture))
            .Select(cell => cell.Key);

        Assert.Empty(missed);
    }

    [Theory]
    [InlineData(Architecture.X86)]
    [InlineData(Architecture.Arm64)]
    public void EveryCaseIsReachableAndReadBack(Architecture architecture) =>
        GeneratorLab.AssertReachableAndReadBack(Options(architecture, percent: 50), 3000);

    [Fact]
    public void EveryAnchorOfACollapseIsDrawn() =>
        Assert.Equal(16, GeneratorLab.Anchors(Options(Architecture.X86, percent: 100), 3000).Count);

    [Theory]
    [InlineData("batched")]
    [InlineData("batched~flush-cursor")]
    [InlineData("batched~no-pmd-flush")]
    public void BothTlbModelsAgree(string name)
    {
        Agree<X86_64>(name);
        Agree<Arm64>(name);
    }

    [Fact]
    public void CasesAllocateNothing() =>
        GeneratorLab.AssertNothingAllocated(
            CampaignLab.Worker(CollapseCampaigns.Named("batched"), Architecture.Arm64),
            Options(Architecture.Arm64, percent: 50),
            3000
        );

    /// <summary>Up to a size where tables of 512 slots, which take most of the time, are few.</summary>
    private static void Agree<TArch>(string name)
        where TArch : struct, IArch =>
        GeneratorLab.AssertTlbsAgree<TArch>(
            CollapseCampaigns.Named(name),
            Options(TArch.Architecture, percent: 60),
            2000,
            sizes: 39
        );

    private static GeneratorOptions Options(Architecture architecture, int percent) =>
        GeneratorLab.Interleaved(CollapseFileOperation.Instance, architecture, percent);

    private static bool IsExpected(string cell, Architecture architecture)
    {
        var arm = cell.StartsWith("cont/", StringComparison.Ordinal) || cell == "ended-by/cont";
        return cell != "shadow-stack" && (!arm || architecture == Architecture.Arm64);
    }
}
