using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Mprotect;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Campaigns;

namespace PteCheck.Properties.Mprotect;

/// <summary>
/// Every decision that breaks something is found, and named as the cause; on arm64 all but those of soft-dirty and of
/// x86-64's PFNs. Those of upstream are mended beside it.
/// </summary>
public sealed class MprotectCanaryTests
{
    private static readonly string[] X86Alone =
    [
        "upgrade-untracked",
        "ignore-soft-dirty",
        "plain-advance",
        "modify-drops-soft-dirty",
        "lose-migration-soft-dirty",
    ];

    public static TheoryData<string, Architecture> Faults
    {
        get
        {
            var rows = new TheoryData<string, Architecture>();
            foreach (var decision in MprotectDecisions.All)
            {
                if (MprotectDecisions.Upstream.Has(decision))
                {
                    continue;
                }

                rows.Add(decision.Name, Architecture.X86);
                if (!X86Alone.Contains(decision.Name, StringComparer.Ordinal))
                {
                    rows.Add(decision.Name, Architecture.Arm64);
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void EveryFaultIsFound(string decision, Architecture architecture)
    {
        var name = MprotectCampaigns.Mended($"~{decision}");
        var result = MprotectCampaigns.Run(name, architecture, 8192);

        Assert.Equal(VerdictKind.Violated, result.Verdict);
        Assert.Equal([decision], CampaignLab.Causes(result));
    }
}
