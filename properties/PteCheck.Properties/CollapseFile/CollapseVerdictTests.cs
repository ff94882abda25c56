using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Generation;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Kernel.CollapseFile;
using PteCheck.Kernel.Interference;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Interference;

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
    public void EveryCaseIsReachableAndReadBack(Architecture architecture)
    {
        var generator = new ScenarioGenerator();
        var scenario = new Scenario();
        var options = StepGeneratorTests.Options(
            architecture,
            CollapseFileOperation.Instance,
            percent: 50
        );
        for (var i = 0; i < 3000; i++)
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
    public void EveryAnchorOfACollapseIsDrawn()
    {
        var generator = new ScenarioGenerator();
        var scenario = new Scenario();
        var options = StepGeneratorTests.Options(
            Architecture.X86,
            CollapseFileOperation.Instance,
            percent: 100
        );
        var anchors = new HashSet<AnchorEvent>();
        for (var i = 0; i < 3000; i++)
        {
            generator.Fill(scenario, options, SeededRandom.Mix((ulong)i), 1 + (i % 100));
            foreach (ref readonly var step in scenario.UsedSteps)
            {
                anchors.Add(step.Event);
            }
        }

        Assert.Equal(16, anchors.Count);
    }

    [Theory]
    [InlineData("batched")]
    [InlineData("batched~flush-cursor")]
    [InlineData("batched~no-pmd-flush")]
    public void BothTlbModelsAgree(string name)
    {
        Agree<X86_64>(name, Architecture.X86);
        Agree<Arm64>(name, Architecture.Arm64);
    }

    [Fact]
    public void CasesAllocateNothing()
    {
        var candidate = CollapseCampaigns.Named("batched");
        var worker = new CaseWorker<Arm64>(
            CollapseFileOperation.Instance,
            candidate,
            candidate.Kernel
        );
        var generator = new ScenarioGenerator();
        var scenario = new Scenario();
        var options = StepGeneratorTests.Options(
            Architecture.Arm64,
            CollapseFileOperation.Instance,
            percent: 50
        );
        var bytes = long.MaxValue;
        for (var round = 0; round < 20 && bytes > 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 3000; i++)
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
        var candidate = CollapseCampaigns.Named(name);
        var worker = new CaseWorker<TArch>(
            CollapseFileOperation.Instance,
            candidate,
            candidate.Kernel
        );
        var generator = new ScenarioGenerator();
        var scenario = new Scenario();
        var options = StepGeneratorTests.Options(
            architecture,
            CollapseFileOperation.Instance,
            percent: 60
        );
        for (var i = 0; i < 2000; i++)
        {
            // Tables of 512 slots are one case in four, and take most of the time.
            generator.Fill(scenario, options, SeededRandom.Mix((ulong)i), 1 + (i % 39));
            worker.EvaluateWithBothTlbs(scenario);
        }
    }

    private static bool IsExpected(string cell, Architecture architecture)
    {
        var arm = cell.StartsWith("cont/", StringComparison.Ordinal) || cell == "ended-by/cont";
        return cell != "shadow-stack" && (!arm || architecture == Architecture.Arm64);
    }
}
