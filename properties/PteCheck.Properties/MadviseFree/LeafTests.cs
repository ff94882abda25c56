using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Generation;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Quality;

namespace PteCheck.Properties.MadviseFree;

/// <summary>What every operation on leaves must come to: it holds, meets every situation, and its cases are reachable and take no memory.</summary>
public sealed class LeafTests
{
    private const long Cases = 16384;

    /// <summary>Every operation on leaves, on both architectures.</summary>
    public static TheoryData<string, Architecture> All
    {
        get
        {
            var all = new TheoryData<string, Architecture>();
            foreach (var operation in OperationCatalog.All.Where(one => one.WorksOnLeaves))
            {
                all.Add(operation.Reference().FullName, Architecture.X86);
                all.Add(operation.Reference().FullName, Architecture.Arm64);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void ItHolds(string name, Architecture architecture)
    {
        foreach (var mode in new[] { InterferenceMode.Off, InterferenceMode.Only })
        {
            var result = LeafCampaigns.Run(name, architecture, 2 * Cases, interference: mode);

            Assert.Equal(VerdictKind.Holds, result.Verdict);
            Assert.Contains("nothing to batch", result.Reason, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void EverySituationIsMet(string name, Architecture architecture)
    {
        var cells = LeafCampaigns
            .Run(name, architecture, Cases, interference: InterferenceMode.Off)
            .Coverage.Cells;

        Assert.DoesNotContain(cells, cell => cell.Value == 0);
        Assert.Contains(cells, cell => cell.Key == "leaf/none");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void WhatIsGeneratedIsReachableAndReadsBack(string name, Architecture architecture)
    {
        var scenario = new Scenario();
        var generator = new ScenarioGenerator();
        var options = LeafCampaigns.Options(name, architecture);
        for (var i = 0; i < 4000; i++)
        {
            generator.Fill(scenario, options, (ulong)i, 1 + (i % ScenarioGenerator.MaxSize));
            var broken = Reachability.FirstBroken(scenario);
            Assert.True(broken is null, $"case {i}: {broken?.Rule.Id} {broken?.Rule.Sentence}");
            if (i % 10 == 0)
            {
                var text = ScenarioWriter.Write(scenario);
                Assert.Equal(text, ScenarioWriter.Write(ScenarioReader.Read(text, "generated")));
            }
        }
    }

    [Theory]
    [InlineData("madvise-free/per-pmd")]
    [InlineData("madvise-dontneed/per-pmd")]
    public void CasesAllocateNothing(string name)
    {
        var implementation = LeafCampaigns.Named(name);
        var worker = new CaseWorker<X86_64>(
            LeafCampaigns.Operation(name),
            implementation,
            implementation.Kernel
        );
        var generator = new ScenarioGenerator();
        var scenario = new Scenario();
        var options = LeafCampaigns.Options(name, Architecture.X86);

        Assert.Equal(0, SteadyAllocation.Of(Run));

        void Run()
        {
            for (var i = 0; i < 4000; i++)
            {
                generator.Fill(scenario, options, (ulong)i, 1 + (i % ScenarioGenerator.MaxSize));
                worker.Evaluate(scenario);
            }
        }
    }
}
