using PteCheck.Checking.Generation;
using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Generation;

namespace PteCheck.Properties.Zap;

/// <summary>What is generated for zap, wp-fault, numa-fault and folio-pte-batch is reachable, and can be written and read.</summary>
public sealed class InPlaceGeneratorTests
{
    public static TheoryData<string, Architecture> All =>
        new()
        {
            { "zap", Architecture.X86 },
            { "zap", Architecture.Arm64 },
            { "wp-fault", Architecture.X86 },
            { "wp-fault", Architecture.Arm64 },
            { "numa-fault", Architecture.X86 },
            { "numa-fault", Architecture.Arm64 },
            { "folio-pte-batch", Architecture.X86 },
            { "folio-pte-batch", Architecture.Arm64 },
        };

    [Theory]
    [MemberData(nameof(All))]
    public void EveryGeneratedStateIsReachable(string operation, Architecture architecture) =>
        GeneratorLab.AssertReachable(Options(operation, architecture), 4000);

    [Theory]
    [MemberData(nameof(All))]
    public void WhatIsWrittenIsReadBack(string operation, Architecture architecture) =>
        GeneratorLab.AssertReadBack(Options(operation, architecture), 400);

    [Fact]
    public void AFaultIsForOnePage()
    {
        const string Text = "arch: x86-64\nvmas:\n  - { name: a, pages: 2 }\nrun: wp-fault a";
        var error = Assert.Throws<ScenarioException>(() => ScenarioReader.Read(Text, "two.yaml"));
        Assert.Contains("wp-fault is for one page", error.Message, StringComparison.Ordinal);
    }

    private static GeneratorOptions Options(string operation, Architecture architecture) =>
        GeneratorLab.Options(OperationCatalog.Find(operation)!, architecture);
}
