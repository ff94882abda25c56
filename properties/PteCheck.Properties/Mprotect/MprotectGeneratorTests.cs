using PteCheck.Checking.Generation;
using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Kernel.Mprotect;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Generation;

namespace PteCheck.Properties.Mprotect;

/// <summary>What is generated for mprotect is reachable, can be written and read, and covers the situations that matter.</summary>
public sealed class MprotectGeneratorTests
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
        var result = MprotectCampaigns.Run(
            "batched",
            architecture,
            40960,
            shadowStack: shadowStack
        );
        var missed = result
            .Coverage.Cells.Where(cell =>
                cell.Value == 0 && IsExpected(cell.Key, architecture, shadowStack)
            )
            .Select(cell => cell.Key);

        Assert.Empty(missed);
    }

    [Theory]
    [InlineData("mprotect a", "expected 'to' and the new rights")]
    [InlineData("mprotect a to", "rights")]
    [InlineData("mprotect a to x", "'x'")]
    [InlineData("mprotect a scan", "expected 'to' and the new rights")]
    [InlineData("mprotect a numa now", "'now' too much")]
    [InlineData("mprotect a uffd-wp", "RS71")]
    public void AWrongRunIsRefused(string run, string message)
    {
        var error = Assert.Throws<ScenarioException>(() => Read(run, "rw"));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ANumaScanDoesNotLookAtInaccessibleMappings() =>
        Assert.Contains(
            "RS70",
            Assert.Throws<ScenarioException>(() => Read("mprotect a numa", "none")).Message,
            StringComparison.Ordinal
        );

    private static Scenario Read(string run, string flags) =>
        ScenarioReader.Read(
            $"arch: x86-64\nvmas:\n  - {{ name: a, pages: 1, flags: {flags} }}\nrun: {run}\n",
            "test.yaml"
        );

    private static GeneratorOptions Options(Architecture architecture, bool shadowStack = false) =>
        GeneratorLab.Options(MprotectOperation.Instance, architecture, shadowStack);

    private static bool IsExpected(string cell, Architecture architecture, bool shadowStack) =>
        cell switch
        {
            "shadow-stack" => shadowStack,
            "after/wp-fault" => !shadowStack,
            "length/512" => !shadowStack,
            "ended-by/soft-dirty" => architecture == Architecture.X86,
            _ when cell.StartsWith("cont/", StringComparison.Ordinal) => architecture
                == Architecture.Arm64,
            "ended-by/cont" => architecture == Architecture.Arm64,
            _ => true,
        };
}
