using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.NumaFault;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Campaigns;
using PteCheck.Properties.Zap;

namespace PteCheck.Properties.NumaFault;

/// <summary>Every decision of the NUMA fault that breaks something is found on both architectures, and named as the cause.</summary>
public sealed class NumaFaultCanaryTests
{
    private const long Cases = 8192;

    /// <summary>Every fault, and the rule that must find it.</summary>
    public static TheoryData<string, string> Faults =>
        new()
        {
            { "copy-before-flush", "PTB208" },
            { "rebuild-past-table", "PTB301" },
            { "upgrade-always", "PTB001" },
            { "keep-writable", "PTB001" },
            { "rebuild-one", "PTB005" },
            { "ignore-flush-pending", "PTB205" },
        };

    [Theory]
    [MemberData(nameof(Faults))]
    public void EveryFaultIsFoundOnBothArchitectures(string decision, string rule)
    {
        foreach (var architecture in ArchitectureNames.All)
        {
            var result = InPlaceCampaigns.Run(
                $"numa-fault/per-pte~{decision}",
                architecture,
                Cases
            );

            Assert.Contains(result.Violations, violation => violation.Rule.Id == rule);
            Assert.Equal([decision], CampaignLab.Causes(result));
        }
    }

    [Fact]
    public void EveryFaultHasARow() =>
        Assert.Equal(
            NumaFaultDecisions.All.Select(decision => decision.Name).Order(StringComparer.Ordinal),
            Faults.Select(row => (string)row[0]).Order(StringComparer.Ordinal)
        );

    [Theory]
    [InlineData(Architecture.X86)]
    [InlineData(Architecture.Arm64)]
    public void TheReferenceHoldsByItself(Architecture architecture)
    {
        var result = InPlaceCampaigns.Run("numa-fault/per-pte", architecture, 5 * Cases);

        Assert.Equal(VerdictKind.Holds, result.Verdict);
        Assert.Contains("nothing to batch", result.Reason, StringComparison.Ordinal);
    }

    /// <summary>Without its flush a copy is wrong beside any writable entry of the folio, or after a scan that has not flushed.</summary>
    [Theory]
    [InlineData("copy-before-flush", "PTB208", 2)]
    [InlineData("ignore-flush-pending", "PTB205", 1)]
    public void FewEntriesAreEnoughFromEverySeed(string decision, string rule, int most)
    {
        for (var seed = 1ul; seed <= 4; seed++)
        {
            var result = InPlaceCampaigns.Run(
                $"numa-fault/per-pte~{decision}",
                Architecture.X86,
                Cases,
                seed
            );
            var violation = result.Violations.Single(found => found.Rule.Id == rule);

            Assert.InRange(violation.Scenario.PteCount, 1, most);
            Assert.InRange(violation.ShrinkEvaluations, 1, 250);
        }
    }
}
