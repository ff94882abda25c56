using PteCheck.Checking.Minimizing;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Properties.Campaigns;

namespace PteCheck.Properties.Sequences;

/// <summary>Operations go first: five shrink to the fewest that show the bug.</summary>
public sealed class SequenceMinimizerTests
{
    private const string Unnoted = "lazyfree-unmap/batched~merge-keeps-soft-dirty~leave-unnoted";

    [Theory]
    [InlineData(
        "wp-fault a+1, 'mremap a to m', 'lazyfree-unmap A deferred', wp-fault m+3, zap m+0"
    )]
    [InlineData("'mremap a+2..3 to m', zap m+1, 'lazyfree-unmap A deferred', zap m+0, zap a+0")]
    [InlineData("zap a+3, wp-fault b+1, 'lazyfree-unmap A deferred', zap a+1, zap a+2")]
    [InlineData("wp-fault b+0, zap b+0, zap b+1, 'lazyfree-unmap A deferred', zap a+0")]
    public void FiveOperationsShrinkToTwo(string run)
    {
        var yaml = $$"""
            folios:
              A: { order: 2, kind: lazyfree, locked: true, extra-refs: 1, exclusive: [2, 3] }
              B: {}
            vmas:
              - { name: a, pages: 4 }
              - { name: b, pages: 2 }
            ptes:
              a+0: A[0]
              a+1: A[1]
              a+2: A[2] WD
              a+3: A[3] W
              b+0: B
            run: [ {{run}} ]
            """;
        var minimal = Minimizer.Minimize(
            ScenarioReader.Read(yaml, "five.yaml"),
            CampaignLab.Named(Unnoted)
        );

        Assert.NotNull(minimal);
        Assert.Equal("lazyfree-unmap A deferred; zap a", SequenceLab.RunOf(minimal.Scenario));
        Assert.Equal(2, minimal.Scenario.PteCount);
        Assert.Equal(["leave-unnoted"], minimal.Violation.Cause);
    }

    /// <summary>The write bit that the fault gave is part of the state that the move begins with.</summary>
    [Fact]
    public void WhatLedToTheStateBecomesTheState()
    {
        const string Yaml = """
            folios:
              A: { order: 2, exclusive: [0, 1] }
            vmas:
              - { name: src, pages: 2 }
            ptes:
              src+0..1: A[0..1]
            run: [ 'wp-fault src+0', 'mremap src to dst', 'zap dst' ]
            """;
        var minimal = Minimizer.Minimize(
            ScenarioReader.Read(Yaml, "two.yaml"),
            CampaignLab.Named("mremap/as-posted-v4")
        );

        Assert.NotNull(minimal);
        Assert.Equal("mremap src to dst", SequenceLab.RunOf(minimal.Scenario));
        Assert.Equal(2, minimal.Scenario.PteCount);
    }
}
