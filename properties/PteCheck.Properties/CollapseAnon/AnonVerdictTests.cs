using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Generation;
using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.CollapseAnon;
using PteCheck.Kernel.Interference;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Generation;

namespace PteCheck.Properties.CollapseAnon;

/// <summary>What must come out for collapse-anon: the RFC broken for three causes, the reviewer's order and upstream whole.</summary>
public sealed class AnonVerdictTests
{
    private const long Cases = 6 * CaseBlock.Cases;

    private static readonly string[] Mends = ["clear-before-copy", "flush", "check-after-clear"];

    [Theory]
    [InlineData("batched", Architecture.X86, InterferenceMode.Off)]
    [InlineData("batched", Architecture.Arm64, InterferenceMode.Off)]
    [InlineData("batched", Architecture.X86, InterferenceMode.Only)]
    [InlineData("batched", Architecture.Arm64, InterferenceMode.Only)]
    [InlineData("simple-pmd", Architecture.X86, InterferenceMode.On)]
    [InlineData("simple-pmd", Architecture.Arm64, InterferenceMode.On)]
    [InlineData(
        "rfc-9of12~clear-before-copy~flush~check-after-clear",
        Architecture.X86,
        InterferenceMode.On
    )]
    [InlineData(
        "rfc-9of12~clear-before-copy~flush~check-after-clear",
        Architecture.Arm64,
        InterferenceMode.On
    )]
    public void ItHolds(string name, Architecture architecture, InterferenceMode mode)
    {
        var result = AnonCampaigns.Run(name, architecture, Cases, mode);

        Assert.Equal(VerdictKind.Holds, result.Verdict);
        Assert.InRange(result.Coverage.Batches, Cases / 10, long.MaxValue);
    }

    /// <summary>Violated for three causes: any one of them left is enough.</summary>
    [Theory]
    [InlineData(Architecture.X86)]
    [InlineData(Architecture.Arm64)]
    public void TheRfcIsViolatedForThreeCauses(Architecture architecture)
    {
        foreach (var left in Mends)
        {
            var name = "rfc-9of12~" + string.Join('~', Mends.Except([left]));
            var result = AnonCampaigns.Run(name, architecture, Cases, InterferenceMode.On);

            Assert.Equal(VerdictKind.Violated, result.Verdict);
            Assert.All(result.Violations, violation => Assert.Single(violation.Cause));
        }
    }

    [Theory]
    [InlineData(Architecture.X86)]
    [InlineData(Architecture.Arm64)]
    public void CheckedFirstTheReviewersOrderLosesAPin(Architecture architecture)
    {
        var result = AnonCampaigns.Run(
            "simple-pmd~check-first",
            architecture,
            Cases,
            InterferenceMode.On
        );
        var violation = Assert.Single(result.Violations, known => known.Rule.Id == "PTB404");

        Assert.Equal(["check-first"], violation.Cause);
        Assert.Equal(
            [StepVerb.GupRead, StepVerb.GupGrab, StepVerb.GupRecheck],
            violation.Scenario.UsedSteps.ToArray().Select(step => step.Verb)
        );
    }

    [Theory]
    [InlineData(Architecture.X86)]
    [InlineData(Architecture.Arm64)]
    public void EverySituationIsMet(Architecture architecture)
    {
        var result = AnonCampaigns.Run("batched", architecture, 10 * CaseBlock.Cases);
        var missed = result
            .Coverage.Cells.Where(cell => cell.Value == 0 && IsExpected(cell.Key, architecture))
            .Select(cell => cell.Key);

        Assert.Empty(missed);
    }

    [Theory]
    [InlineData(Architecture.X86)]
    [InlineData(Architecture.Arm64)]
    public void EveryCaseIsReachableAndReadBack(Architecture architecture) =>
        GeneratorLab.AssertReachableAndReadBack(Options(architecture, percent: 50), 2000);

    [Fact]
    public void EveryAnchorIsDrawn() =>
        Assert.Equal(20, GeneratorLab.Anchors(Options(Architecture.X86, percent: 100), 3000).Count);

    [Theory]
    [InlineData("batched")]
    [InlineData("rfc-9of12")]
    [InlineData("batched~no-flush")]
    public void BothTlbModelsAgree(string name)
    {
        Agree<X86_64>(name);
        Agree<Arm64>(name);
    }

    [Theory]
    [InlineData("batched")]
    [InlineData("rfc-9of12")]
    public void CasesAllocateNothing(string name) =>
        GeneratorLab.AssertNothingAllocated(
            AnonCampaigns.Worker(name, Architecture.Arm64),
            Options(Architecture.Arm64, percent: 50),
            1000
        );

    /// <summary>Up to a size where tables of 512 slots, which take most of the time, are few.</summary>
    private static void Agree<TArch>(string name)
        where TArch : struct, IArch =>
        GeneratorLab.AssertTlbsAgree<TArch>(
            AnonCampaigns.Named(name),
            Options(TArch.Architecture, percent: 60),
            1500,
            sizes: 39
        );

    private static GeneratorOptions Options(Architecture architecture, int percent) =>
        GeneratorLab.Interleaved(CollapseAnonOperation.Instance, architecture, percent);

    private static bool IsExpected(string cell, Architecture architecture)
    {
        var arm = cell.StartsWith("cont/", StringComparison.Ordinal) || cell == "ended-by/cont";
        return cell != "shadow-stack" && (!arm || architecture == Architecture.Arm64);
    }
}
