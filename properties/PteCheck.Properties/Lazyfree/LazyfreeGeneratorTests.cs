using PteCheck.Checking.Generation;
using PteCheck.Kernel.LazyfreeUnmap;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Generation;

namespace PteCheck.Properties.Lazyfree;

/// <summary>What is generated for lazyfree-unmap is reachable, can be written and read, and covers the situations that matter.</summary>
public sealed class LazyfreeGeneratorTests
{
    [Theory]
    [InlineData(Architecture.X86, false)]
    [InlineData(Architecture.X86, true)]
    [InlineData(Architecture.Arm64, false)]
    public void EveryGeneratedStateIsReachable(Architecture architecture, bool shadowStack) =>
        GeneratorLab.AssertReachable(Options(architecture, shadowStack), 4000);

    [Fact]
    public void WhatIsWrittenIsReadBack() =>
        GeneratorLab.AssertReadBack(Options(Architecture.X86), 400);

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

    private static GeneratorOptions Options(Architecture architecture, bool shadowStack = false) =>
        GeneratorLab.Options(LazyfreeOperation.Instance, architecture, shadowStack);

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
