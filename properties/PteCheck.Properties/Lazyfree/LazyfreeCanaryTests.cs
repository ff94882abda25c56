using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.LazyfreeUnmap;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Campaigns;

namespace PteCheck.Properties.Lazyfree;

/// <summary>
/// Every decision that breaks something is found on both architectures, and named as the cause. Those of
/// upstream are mended beside it, as each shows on one architecture alone.
/// </summary>
public sealed class LazyfreeCanaryTests
{
    public static TheoryData<string> Faults =>
        [
            .. LazyfreeDecisions
                .All.Where(decision =>
                    decision.Kind == DecisionKind.Fault && !LazyfreeDecisions.Upstream.Has(decision)
                )
                .Select(decision => decision.Name),
        ];

    /// <summary>The rules that mremap cannot break, each with a decision that breaks it alone (x86-64).</summary>
    public static TheoryData<string, string> Rules =>
        new()
        {
            { "PTB009", "merge-marks-soft-dirty" },
            { "PTB205", "free-before-flush" },
            { "PTB206", "forget-flush" },
        };

    [Theory]
    [MemberData(nameof(Rules))]
    public void TheRuleBreaksAlone(string rule, string decision)
    {
        var name = LazyfreeCampaigns.Mended($"~{decision}");
        var result = LazyfreeCampaigns.Run(name, Architecture.X86, 8192);
        var violation = Assert.Single(result.Violations, known => known.Rule.Id == rule);
        Assert.Empty(violation.AlsoBroken);
        Assert.Equal([decision], violation.Cause);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void EveryFaultIsFound(string decision)
    {
        foreach (var architecture in (Architecture[])[Architecture.X86, Architecture.Arm64])
        {
            var name = LazyfreeCampaigns.Mended($"~{decision}");
            var inSequencesAlone = decision == LazyfreeDecisions.LeaveUnnoted.Name;
            var cases = inSequencesAlone ? 65_536 : 8192;
            var result = LazyfreeCampaigns.Run(name, architecture, cases);

            Assert.Equal(VerdictKind.Violated, result.Verdict);
            Assert.Equal([decision], CampaignLab.Causes(result));
        }
    }
}
