using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Generation;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Kernel.Interference;
using PteCheck.Kernel.MadviseFree;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;

namespace PteCheck.Properties.MadviseFree;

/// <summary>What must come out for MADV_FREE of leaves, with others beside it and without.</summary>
public sealed class MadviseFreeCampaignTests
{
    private const long Cases = 16384;

    [Theory]
    [InlineData(Architecture.X86, InterferenceMode.Off)]
    [InlineData(Architecture.X86, InterferenceMode.Only)]
    [InlineData(Architecture.Arm64, InterferenceMode.Off)]
    [InlineData(Architecture.Arm64, InterferenceMode.Only)]
    public void ItHolds(Architecture architecture, InterferenceMode interference)
    {
        var result = LeafCampaigns.Run(
            "per-pmd",
            architecture,
            2 * Cases,
            interference: interference
        );

        Assert.Equal(VerdictKind.Holds, result.Verdict);
        Assert.Contains("nothing to batch", result.Reason, StringComparison.Ordinal);
    }

    /// <summary>BB-38, from every seed: one dirty leaf and one zap.</summary>
    [Theory]
    [InlineData(Architecture.X86)]
    [InlineData(Architecture.Arm64)]
    public void AnEntryThatIsEmptyForAMomentIsPassedOver(Architecture architecture)
    {
        for (var seed = 1ul; seed <= 4; seed++)
        {
            var result = LeafCampaigns.Run("per-pmd~clear-first", architecture, Cases, seed);
            var violation = Assert.Single(result.Violations);

            Assert.Equal("PTB401", violation.Rule.Id);
            Assert.Equal(["clear-first"], violation.Cause);
            Assert.Equal(8, violation.Scenario.Slots);
            Assert.Equal(8, violation.Scenario.PteCount);
            Assert.Equal(1, violation.InterferenceSteps);
            Assert.Equal(StepVerb.Zap, violation.Scenario.Steps[0].Verb);
            Assert.InRange(violation.ShrinkEvaluations, 1, 250);
        }
    }

    [Fact]
    public void EveryDecisionIsOneOfThese() =>
        Assert.Equal(["clear-first"], MadviseFreeDecisions.All.Select(decision => decision.Name));

    [Theory]
    [InlineData(Architecture.X86)]
    [InlineData(Architecture.Arm64)]
    public void EverySituationIsMet(Architecture architecture) =>
        Assert.DoesNotContain(
            LeafCampaigns
                .Run("per-pmd", architecture, Cases, interference: InterferenceMode.Off)
                .Coverage.Cells,
            cell => cell.Value == 0
        );

    [Theory]
    [InlineData(Architecture.X86)]
    [InlineData(Architecture.Arm64)]
    public void WhatIsGeneratedIsReachableAndReadsBack(Architecture architecture)
    {
        var scenario = new Scenario();
        var generator = new ScenarioGenerator();
        for (var i = 0; i < 4000; i++)
        {
            generator.Fill(scenario, Options(architecture), (ulong)i, 1 + (i % 100));
            var broken = Reachability.FirstBroken(scenario);
            Assert.True(broken is null, $"case {i}: {broken?.Rule.Id} {broken?.Rule.Sentence}");
            if (i % 10 == 0)
            {
                var text = ScenarioWriter.Write(scenario);
                Assert.Equal(text, ScenarioWriter.Write(ScenarioReader.Read(text, "generated")));
            }
        }
    }

    [Fact]
    public void CasesAllocateNothing()
    {
        var implementation = LeafCampaigns.Named("per-pmd");
        var worker = new CaseWorker<X86_64>(
            MadviseFreeOperation.Instance,
            implementation,
            implementation.Kernel
        );
        var generator = new ScenarioGenerator();
        var scenario = new Scenario();
        Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run()
        {
            for (var i = 0; i < 4000; i++)
            {
                generator.Fill(scenario, Options(Architecture.X86), (ulong)i, 1 + (i % 100));
                worker.Evaluate(scenario);
            }
        }
    }

    private static GeneratorOptions Options(Architecture architecture) =>
        new(
            architecture,
            false,
            false,
            OperationCatalog.IndexOf(MadviseFreeOperation.Instance),
            InterleavedPercent: 50
        );
}
