using PteCheck.Checking.Generation;
using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;

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
    public void EveryGeneratedStateIsReachable(string operation, Architecture architecture)
    {
        Visit(
            operation,
            architecture,
            4000,
            (scenario, i) =>
            {
                var broken = Reachability.FirstBroken(scenario);
                Assert.True(broken is null, $"case {i}: {broken?.Rule.Id} {broken?.Rule.Sentence}");
            }
        );
    }

    [Theory]
    [MemberData(nameof(All))]
    public void WhatIsWrittenIsReadBack(string operation, Architecture architecture)
    {
        Visit(
            operation,
            architecture,
            400,
            (scenario, _) =>
            {
                var text = ScenarioWriter.Write(scenario);
                var again = ScenarioReader.Read(text, "generated.yaml");
                Assert.Equal(text, ScenarioWriter.Write(again));
            }
        );
    }

    [Fact]
    public void AFaultIsForOnePage()
    {
        const string Text = "arch: x86-64\nvmas:\n  - { name: a, pages: 2 }\nrun: wp-fault a";
        var error = Assert.Throws<ScenarioException>(() => ScenarioReader.Read(Text, "two.yaml"));
        Assert.Contains("wp-fault is for one page", error.Message, StringComparison.Ordinal);
    }

    private static void Visit(
        string operation,
        Architecture architecture,
        int cases,
        Action<Scenario, int> check
    )
    {
        var index = OperationCatalog.All.ToList().FindIndex(known => known.Name == operation);
        var scenario = new Scenario();
        var generator = new ScenarioGenerator();
        var options = new GeneratorOptions(architecture, false, false, (byte)index);
        for (var i = 0; i < cases; i++)
        {
            generator.Fill(scenario, options, (ulong)i, 1 + (i % ScenarioGenerator.MaxSize));
            check(scenario, i);
        }
    }
}
