using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Scenarios;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Regressions;

namespace PteCheck.Properties.Subjects;

/// <summary>A subject that does just what upstream does shows upstream's findings as known, and one with a bug of its own none.</summary>
public sealed class KnownFindingSubjectTests(SubjectFixture subjects)
    : IClassFixture<SubjectFixture>
{
    [SubjectTheory]
    [InlineData("batched", Architecture.X86, "F1")]
    [InlineData("batched", Architecture.Arm64, "F2")]
    [InlineData("stale-count", Architecture.X86, null)]
    [InlineData("stale-count", Architecture.Arm64, null)]
    [InlineData("ignore-write-soft-dirty", Architecture.X86, null)]
    public void Upstreams_findings_are_known(string file, Architecture architecture, string? known)
    {
        var marked = Marked(file, architecture);

        Assert.Equal(VerdictKind.Violated, marked.Verdict);
        Assert.Equal([known], marked.Violations.Select(one => one.Known).Distinct());
        Assert.All(marked.Violations, one => Assert.Equal(known is null, one.KnownReason is ""));
    }

    /// <summary>Soft-dirty is lost on the way, so the rule of the known finding is broken where upstream does not break it.</summary>
    [SubjectFact]
    public void The_same_rule_broken_otherwise_is_not_known()
    {
        var result = SubjectFixture.Campaign(
            subjects.Load("lazyfree-unmap/ignore-write-soft-dirty"),
            Architecture.X86,
            cases: 8192
        );
        var alone = result with
        {
            Violations = [.. result.Violations.Where(one => one.Rule.Id == "PTB009")],
        };

        Assert.True(result.HasOwnFindings);
        Assert.All(Known().Mark(alone).Violations, one => Assert.Null(one.Known));
    }

    private CampaignResult Marked(string file, Architecture architecture) =>
        Known()
            .Mark(
                SubjectFixture.Campaign(
                    subjects.Load($"lazyfree-unmap/{file}"),
                    architecture,
                    cases: 16_384
                )
            );

    private static KnownFindings Known() =>
        KnownFindings.Load(
            Path.Combine(RegressionFiles.Root, "regressions", "found", "known.yaml"),
            new DateOnly(2026, 1, 1)
        );
}
