using PteCheck.Checking.Generation;
using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Kernel.LazyfreeUnmap;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;

namespace PteCheck.Properties.Lazyfree;

/// <summary>What is generated for lazyfree-unmap is reachable, can be written and read, and covers the situations that matter.</summary>
public sealed class LazyfreeGeneratorTests
{
    private static readonly byte Operation = (byte)
        OperationCatalog.All.ToList().IndexOf(LazyfreeOperation.Instance);

    [Theory]
    [InlineData(Architecture.X86, false)]
    [InlineData(Architecture.X86, true)]
    [InlineData(Architecture.Arm64, false)]
    public void EveryGeneratedStateIsReachable(Architecture architecture, bool shadowStack)
    {
        var scenario = new Scenario();
        var generator = new ScenarioGenerator();
        var options = new GeneratorOptions(architecture, shadowStack, false, Operation);
        for (var i = 0; i < 4000; i++)
        {
            generator.Fill(scenario, options, (ulong)i, 1 + (i % ScenarioGenerator.MaxSize));
            var broken = Reachability.FirstBroken(scenario);

            Assert.True(broken is null, $"case {i}: {broken?.Rule.Id} {broken?.Rule.Sentence}");
        }
    }

    [Fact]
    public void WhatIsWrittenIsReadBack()
    {
        var scenario = new Scenario();
        var generator = new ScenarioGenerator();
        var options = new GeneratorOptions(Architecture.X86, false, false, Operation);
        for (var i = 0; i < 400; i++)
        {
            generator.Fill(scenario, options, (ulong)i, 60);
            var text = ScenarioWriter.Write(scenario);
            var again = ScenarioReader.Read(text, "generated.yaml");

            Assert.Equal(text, ScenarioWriter.Write(again));
        }
    }

    [Theory]
    [InlineData(Architecture.X86, false)]
    [InlineData(Architecture.X86, true)]
    [InlineData(Architecture.Arm64, false)]
    public void EverySituationIsMet(Architecture architecture, bool shadowStack)
    {
        var result = LazyfreeCampaigns.Run(
            "batched",
            architecture,
            81920,
            shadowStack: shadowStack
        );
        var missed = result
            .Coverage.Cells.Where(cell =>
                cell.Value == 0 && IsExpected(cell.Key, architecture, shadowStack)
            )
            .Select(cell => cell.Key);

        Assert.Empty(missed);
    }

    private static bool IsExpected(string cell, Architecture architecture, bool shadowStack) =>
        cell switch
        {
            "shadow-stack" => shadowStack,
            "after/wp-fault" => !shadowStack,
            "ended-by/dirty" or "length/512" => false,
            "ended-by/soft-dirty" => architecture == Architecture.X86,
            _ when cell.StartsWith("cont/", StringComparison.Ordinal) => architecture
                == Architecture.Arm64,
            "ended-by/cont" => false,
            _ => true,
        };
}
