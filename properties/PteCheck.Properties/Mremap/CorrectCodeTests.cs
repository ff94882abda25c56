using FsCheck.Xunit;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Campaigns;
using PteCheck.Properties.Generation;
using PteCheck.Properties.Quality;

namespace PteCheck.Properties.Mremap;

/// <summary>Correct code raises nothing, and both TLB models follow every case of it.</summary>
public sealed class CorrectCodeTests
{
    [Property(Arbitrary = [typeof(ScenarioArbitrary)], MaxTest = 300)]
    public void Batches_on_any_architecture_hold(DrawnScenario drawn) =>
        Holds("batched-any-arch", drawn);

    [Property(Arbitrary = [typeof(ScenarioArbitrary)], MaxTest = 300)]
    public void The_sketch_over_a_batch_that_respects_write_holds(DrawnScenario drawn) =>
        Holds("sketch-split-respect-write", drawn);

    [Property(Arbitrary = [typeof(ScenarioArbitrary)], MaxTest = 100)]
    public void Upstream_holds(DrawnScenario drawn) => Holds("batched", drawn);

    [Property(Arbitrary = [typeof(ScenarioArbitrary)], MaxTest = 100)]
    public void The_reference_holds_against_itself(DrawnScenario drawn) => Holds("per-pte", drawn);

    private static void Holds(string name, DrawnScenario drawn)
    {
        if (drawn.Scenario.Architecture == Architecture.X86)
        {
            Judge<X86_64>(name, drawn);
        }
        else
        {
            Judge<Arm64>(name, drawn);
        }
    }

    private static void Judge<TArch>(string name, DrawnScenario drawn)
        where TArch : struct, IArch
    {
        var worker = CampaignLab.Worker<TArch>(Lab.Implementation(name));
        worker.EvaluateWithBothTlbs(drawn.Scenario);
        Assert.Empty(Lab.RuleIds(worker.Candidate));
        Assert.Empty(Lab.RuleIds(worker.Reference));
    }
}
