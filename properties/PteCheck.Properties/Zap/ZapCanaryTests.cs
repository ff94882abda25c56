using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Operations;
using PteCheck.Kernel.WpFault;
using PteCheck.Kernel.Zap;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Campaigns;

namespace PteCheck.Properties.Zap;

/// <summary>Every decision that breaks something is found on both architectures, and named as the cause.</summary>
public sealed class ZapCanaryTests
{
    /// <summary>The rules that neither mremap nor lazyfree-unmap can break, with an implementation that does.</summary>
    public static TheoryData<string, string> Rules =>
        new()
        {
            { "PTB207", "zap/batched~rmap-before-flush" },
            { "PTB208", "wp-fault/per-pte~no-pending-flush~copy-exclusive" },
        };

    /// <summary>Every fault, and the rule that must find it.</summary>
    public static TheoryData<string, string> Faults =>
        new()
        {
            { "zap/batched~rmap-before-flush", "PTB207" },
            { "zap/batched~flush-after-unlock", "PTB201" },
            { "zap/batched~no-forced-flush", "PTB201" },
            { "zap/batched~trust-none", "PTB202" },
            { "zap/batched~ignore-nested", "PTB202" },
            { "zap/batched~flush-after-free", "PTB205" },
            { "zap/batched~forget-flush", "PTB202" },
            { "zap/batched~flush-first-page", "PTB205" },
            { "zap/batched~no-notifier", "PTB204" },
            { "zap/batched~no-cap", "PTB301" },
            { "zap/batched~skip-keeps-max", "PTB302" },
            { "zap/batched~rmap-once", "PTB008" },
            { "zap/batched~ref-once", "PTB008" },
            { "zap/batched~rss-once", "PTB008" },
            { "zap/batched~swap-once", "PTB106" },
            { "zap/batched~marker-first-only", "PTB004" },
            { "zap/batched~drop-markers", "PTB004" },
            { "zap/batched~ignore-uffd", "PTB004" },
            { "zap/batched~ignore-folio-end", "PTB606" },
            { "zap/batched~dirty-first-only", "PTB008" },
            { "zap/batched~forget-dirty", "PTB008" },
            { "zap/batched~migration-mapped", "PTB606" },
            { "wp-fault/per-pte~copy-exclusive", "PTB005" },
            { "wp-fault/per-pte~reuse-shared", "PTB005" },
            { "wp-fault/per-pte~ignore-uffd", "PTB001" },
            { "wp-fault/per-pte~flush-after-unlock", "PTB201" },
            { "wp-fault/per-pte~no-copy", "PTB008" },
            { "wp-fault/per-pte~keep-rmap", "PTB008" },
            { "wp-fault/per-pte~forget-dirty", "PTB008" },
            { "wp-fault/per-pte~no-notifier", "PTB204" },
        };

    [Theory]
    [MemberData(nameof(Faults))]
    public void EveryFaultIsFoundOnBothArchitectures(string name, string rule)
    {
        foreach (var architecture in ArchitectureNames.All)
        {
            var result = InPlaceCampaigns.Run(name, architecture, 8192);

            Assert.Equal(VerdictKind.Violated, result.Verdict);
            Assert.Contains(result.Violations, violation => violation.Rule.Id == rule);
            Assert.Equal(
                [name[(name.IndexOf('~', StringComparison.Ordinal) + 1)..]],
                CampaignLab.Causes(result)
            );
        }
    }

    [Fact]
    public void TheRmapRuleBreaksAlone()
    {
        foreach (var architecture in ArchitectureNames.All)
        {
            var result = InPlaceCampaigns.Run("zap/batched~rmap-before-flush", architecture, 8192);
            var violation = Assert.Single(result.Violations);

            Assert.Equal("PTB207", violation.Rule.Id);
            Assert.Empty(violation.AlsoBroken);
            Assert.Equal(1, violation.Scenario.PteCount);
        }
    }

    /// <summary>
    /// The flush before a copy (6ce64428d620) has nothing left to do since an exclusive page is never copied;
    /// where it is, the flush is what keeps the rule.
    /// </summary>
    [Fact]
    public void TheCopyRuleNeedsBothFaults()
    {
        foreach (var architecture in ArchitectureNames.All)
        {
            const string Copy = "wp-fault/per-pte~copy-exclusive";
            var both = InPlaceCampaigns.Run($"{Copy}~no-pending-flush", architecture, 8192);
            var one = InPlaceCampaigns.Run(Copy, architecture, 8192);
            var other = InPlaceCampaigns.Run(
                "wp-fault/per-pte~no-pending-flush",
                architecture,
                8192
            );
            var found = Assert.Single(both.Violations, known => known.Rule.Id == "PTB208");

            Assert.Equal(["no-pending-flush", "copy-exclusive"], found.Cause);
            Assert.DoesNotContain(one.Violations, known => known.Rule.Id == "PTB208");
            Assert.Equal(VerdictKind.Holds, other.Verdict);
        }
    }

    [Fact]
    public void EveryFaultHasARow()
    {
        var rows = Faults.Select(row => (string)row[0]);
        var all = ZapDecisions
            .All.Select(decision => $"zap/batched~{decision.Name}")
            .Concat(WpFaultDecisions.All.Select(decision => $"wp-fault/per-pte~{decision.Name}"));

        Assert.Equal(
            ["zap/batched~clear-folded", "wp-fault/per-pte~no-pending-flush"],
            all.Except(rows, StringComparer.Ordinal)
        );
    }

    [Fact]
    public void AReferenceThatStandsAloneCanBeBroken()
    {
        Assert.True(CampaignLab.Named("wp-fault/per-pte").IsReference);
        Assert.False(CampaignLab.Named("wp-fault/per-pte~no-copy").IsReference);
        Assert.Null(OperationCatalog.Parse("zap/per-pte~no-cap", [], out var error));
        Assert.Contains("is the reference", error, StringComparison.Ordinal);
    }
}
