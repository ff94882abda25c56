using PteCheck.Checking.Scenarios.Text;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Campaigns;
using PteCheck.Properties.Quality;

namespace PteCheck.Properties.Mprotect;

/// <summary>Relaxation R7 at its bound, and each step beyond it.</summary>
public sealed class WriteWithDirtyTests
{
    [Theory]
    [InlineData("A[0]", "A[1] D", "")]
    [InlineData("A[0] D", "A[1]", "")]
    [InlineData("A[0] S", "A[1] DS", "soft-dirty: tracked")]
    public void ACleanEntryBesideADirtyOneMayBecomeWritable(
        string first,
        string second,
        string more
    ) => Assert.Empty(Rules("", first, second, more));

    [Theory]
    [InlineData("~upgrade-clean", "A[0]", "A[1]", "")]
    [InlineData("~upgrade-untracked", "A[0]", "A[1] D", "soft-dirty: tracked")]
    [InlineData("~upgrade-armed", "A[0] U", "A[1] DU", "uffd: wp")]
    [InlineData("~merge-marks-always", "A[0]", "A[1]", "")]
    public void WhatStandsAgainstWriteIsJudgedAsEver(
        string decision,
        string first,
        string second,
        string more
    ) => Assert.Contains("PTB001", Rules(decision, first, second, more));

    private static IReadOnlyList<string> Rules(
        string decision,
        string first,
        string second,
        string more
    )
    {
        var scenario = ScenarioReader.Read(
            $$"""
            arch: x86-64
            folios:
              A: { order: 1, kind: file, dirty: true }
            vmas:
              - { name: a, pages: 2, flags: r shared, file: regular{{(
                more.Length > 0 ? ", " : ""
            )}}{{more}} }
            ptes:
              a+0: {{first}}
              a+1: {{second}}
            run: mprotect a to rw
            """,
            "test.yaml"
        );
        var worker = CampaignLab.Worker(
            MprotectCampaigns.Named(MprotectCampaigns.Mended(decision)),
            Architecture.X86
        );
        worker.Evaluate(scenario);
        return Lab.RuleIds(worker.Candidate);
    }
}
