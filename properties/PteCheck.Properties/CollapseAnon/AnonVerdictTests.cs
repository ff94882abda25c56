using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Generation;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Kernel.CollapseAnon;
using PteCheck.Kernel.Interference;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Interference;

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
    public void EveryCaseIsReachableAndReadBack(Architecture architecture)
    {
        var generator = new ScenarioGenerator();
        var scenario = new Scenario();
        var options = Options(architecture, percent: 50);
        for (var i = 0; i < 2000; i++)
        {
            generator.Fill(scenario, options, SeededRandom.Mix((ulong)i), 1 + (i % 100));
            var broken = Reachability.FirstBroken(scenario);
            Assert.True(broken is null, $"case {i}: {broken?.Rule.Id} {broken?.Rule.Sentence}");
            if (i % 10 == 0)
            {
                var text = ScenarioWriter.Write(scenario);
                var again = ScenarioReader.Read(text, "generated.yaml");
                Assert.Equal(text, ScenarioWriter.Write(again));
                Assert.Equal(scenario.Run, again.Run);
            }
        }
    }

    [Fact]
    public void EveryAnchorIsDrawn()
    {
        var generator = new ScenarioGenerator();
        var scenario = new Scenario();
        var anchors = new HashSet<AnchorEvent>();
        for (var i = 0; i < 3000; i++)
        {
            var seed = SeededRandom.Mix((ulong)i);
            generator.Fill(scenario, Options(Architecture.X86, percent: 100), seed, 1 + (i % 39));
            foreach (ref readonly var step in scenario.UsedSteps)
            {
                anchors.Add(step.Event);
            }
        }

        Assert.Equal(20, anchors.Count);
    }

    [Theory]
    [InlineData("batched")]
    [InlineData("rfc-9of12")]
    [InlineData("batched~no-flush")]
    public void BothTlbModelsAgree(string name)
    {
        Agree<X86_64>(name, Architecture.X86);
        Agree<Arm64>(name, Architecture.Arm64);
    }

    [Theory]
    [InlineData("batched")]
    [InlineData("rfc-9of12")]
    public void CasesAllocateNothing(string name)
    {
        var worker = (CaseWorker<Arm64>)AnonCampaigns.Worker(name, Architecture.Arm64);
        var generator = new ScenarioGenerator();
        var scenario = new Scenario();
        var options = Options(Architecture.Arm64, percent: 50);
        var bytes = long.MaxValue;
        for (var round = 0; round < 20 && bytes > 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++)
            {
                generator.Fill(scenario, options, (ulong)i, 1 + (i % 100));
                worker.Evaluate(scenario);
            }

            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, bytes);
    }

    private static void Agree<TArch>(string name, Architecture architecture)
        where TArch : struct, IArch
    {
        var worker = (CaseWorker<TArch>)AnonCampaigns.Worker(name, architecture);
        var generator = new ScenarioGenerator();
        var scenario = new Scenario();
        for (var i = 0; i < 1500; i++)
        {
            // Tables of 512 slots are one case in four, and take most of the time.
            var seed = SeededRandom.Mix((ulong)i);
            generator.Fill(scenario, Options(architecture, percent: 60), seed, 1 + (i % 39));
            worker.EvaluateWithBothTlbs(scenario);
        }
    }

    private static GeneratorOptions Options(Architecture architecture, int percent) =>
        StepGeneratorTests.Options(architecture, CollapseAnonOperation.Instance, percent);

    private static bool IsExpected(string cell, Architecture architecture)
    {
        var arm = cell.StartsWith("cont/", StringComparison.Ordinal) || cell == "ended-by/cont";
        return cell != "shadow-stack" && (!arm || architecture == Architecture.Arm64);
    }
}
