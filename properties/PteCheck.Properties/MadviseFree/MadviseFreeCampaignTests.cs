using PteCheck.Kernel.Interference;
using PteCheck.Kernel.MadviseFree;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Interference;

namespace PteCheck.Properties.MadviseFree;

/// <summary>What must come out for MADV_FREE of leaves, with others beside it and without.</summary>
public sealed class MadviseFreeCampaignTests
{
    private const long Cases = 16384;

    /// <summary>BB-38, from every seed: one dirty leaf and one zap.</summary>
    [Theory]
    [InlineData(Architecture.X86)]
    [InlineData(Architecture.Arm64)]
    public void AnEntryThatIsEmptyForAMomentIsPassedOver(Architecture architecture)
    {
        for (var seed = 1ul; seed <= 4; seed++)
        {
            var result = InterleavedCampaigns.Run(
                "madvise-free/per-pmd~clear-first",
                architecture,
                Cases,
                seed
            );
            var violation = Assert.Single(result.Violations);

            Assert.Equal("PTB401", violation.Rule.Id);
            Assert.Equal(["clear-first"], violation.Cause);
            Assert.Equal(8, violation.Scenario.Slots);
            Assert.Equal(8, violation.Scenario.PteCount);
            Assert.Equal(1, violation.InterferenceSteps);
            Assert.Equal(StepVerb.Zap, violation.Scenario.Steps[0].Verb);
            Assert.InRange(violation.ShrinkEvaluations, 1, 250);
        }
    }

    [Fact]
    public void EveryDecisionIsOneOfThese() =>
        Assert.Equal(["clear-first"], MadviseFreeDecisions.All.Select(decision => decision.Name));
}
