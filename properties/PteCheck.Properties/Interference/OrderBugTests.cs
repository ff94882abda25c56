using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Model.Architectures;

namespace PteCheck.Properties.Interference;

/// <summary>
/// The order of clear, flush, free and of the two checks: each order that is wrong is found, and whatever
/// case it is met in, the same few steps are left of it.
/// </summary>
public sealed class OrderBugTests
{
    private const string Prefix = "lazyfree-unmap/batched~merge-keeps-soft-dirty~";
    private const int MostEvaluations = 1_000;
    private const double MostSeconds = 10;

    private const string DirtyBeforeRefcount = """
        device store a+0 after dirtycheck
        cpu1 unpin a+0 after dirtycheck
        """;

    private const string RefcountBeforeClear = """
        cpu1 gup-read a+0 after refcheck
        cpu1 gup-grab a+0 after refcheck
        cpu1 gup-recheck a+0 after refcheck
        """;

    private const string FreeBeforeFlush = "cpu1 load a+0 after folio-free";

    [Theory]
    [InlineData("dirty-before-refcount", "PTB401", DirtyBeforeRefcount)]
    [InlineData("refcount-before-clear", "PTB404", RefcountBeforeClear)]
    [InlineData("free-before-flush", "PTB402", FreeBeforeFlush)]
    [InlineData("free-before-flush", "PTB205", "")]
    public void A_usual_campaign_finds_it(string decision, string rule, string steps)
    {
        foreach (var architecture in (Architecture[])[Architecture.X86, Architecture.Arm64])
        {
            var result = InterleavedCampaigns.Run(
                Prefix + decision,
                architecture,
                10 * CaseBlock.Cases,
                mode: InterferenceMode.On
            );
            var violation = Assert.Single(result.Violations, known => known.Rule.Id == rule);

            Assert.InRange(violation.FoundAfterSeconds, 0, MostSeconds);
            Assert.Equal([decision], violation.Cause);
            AssertMinimal(violation, steps);
        }
    }

    [Theory]
    [InlineData("dirty-before-refcount", "PTB401", Architecture.X86, 20, DirtyBeforeRefcount)]
    [InlineData("dirty-before-refcount", "PTB401", Architecture.Arm64, 4, DirtyBeforeRefcount)]
    [InlineData("refcount-before-clear", "PTB404", Architecture.X86, 20, RefcountBeforeClear)]
    [InlineData("refcount-before-clear", "PTB404", Architecture.Arm64, 4, RefcountBeforeClear)]
    [InlineData("free-before-flush", "PTB402", Architecture.X86, 20, FreeBeforeFlush)]
    [InlineData("free-before-flush", "PTB402", Architecture.Arm64, 4, FreeBeforeFlush)]
    public void Every_seed_ends_at_the_same_minimal_scenario(
        string decision,
        string rule,
        Architecture architecture,
        int seeds,
        string steps
    )
    {
        Violation? first = null;
        for (var seed = 1ul; seed <= (ulong)seeds; seed++)
        {
            var result = InterleavedCampaigns.Run(
                Prefix + decision,
                architecture,
                CaseBlock.Cases,
                seed
            );
            var violation = Assert.Single(result.Violations, known => known.Rule.Id == rule);
            first ??= violation;

            Assert.True(
                violation.Scenario.SameAs(first.Scenario),
                $"seed {seed}: {ScenarioWriter.Write(violation.Scenario)}"
            );
            AssertMinimal(violation, steps);
        }
    }

    private static void AssertMinimal(Violation violation, string steps)
    {
        var scenario = violation.Scenario;
        var texts = new List<string>();
        foreach (var step in scenario.UsedSteps)
        {
            texts.Add(StepText.Of(scenario, step));
        }

        Assert.Equal(steps.Length == 0 ? [] : steps.Split('\n'), texts);
        Assert.Equal(texts.Count, violation.InterferenceSteps);
        Assert.Equal(1, scenario.PteCount);
        Assert.Equal(1, scenario.FolioCount);
        Assert.Equal(0, scenario.Folios[0].Order);
        Assert.InRange(violation.ShrinkEvaluations, 1, MostEvaluations);
    }
}
