using FsCheck.Xunit;
using PteCheck.Checking.Generation;
using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Quality;

namespace PteCheck.Properties.Generation;

/// <summary>What the generator draws is reachable, all of it, and depends on its seed alone.</summary>
public sealed class GeneratorTests
{
    private const int Seeds = 20_000;

    [Theory]
    [InlineData(Architecture.X86, false)]
    [InlineData(Architecture.X86, true)]
    [InlineData(Architecture.Arm64, false)]
    public void Nothing_unreachable_is_drawn(Architecture architecture, bool shadowStack)
    {
        var generator = new ScenarioGenerator();
        var scenario = new Scenario();
        for (var i = 0; i < Seeds; i++)
        {
            generator.Fill(scenario, new(architecture, shadowStack, Bbml2: false), i);
            if (Reachability.FirstBroken(scenario) is { } broken)
            {
                Assert.Fail(
                    $"seed {i}: {broken.Rule.Id} at {broken.Offender}\n{ScenarioWriter.Write(scenario)}"
                );
            }
        }
    }

    [Theory]
    [InlineData(Architecture.X86)]
    [InlineData(Architecture.Arm64)]
    public void Equal_seeds_give_equal_scenarios(Architecture architecture)
    {
        var options = new GeneratorOptions(architecture, ShadowStack: false, Bbml2: false);
        var used = new ScenarioGenerator();
        var reused = new Scenario();
        for (var i = 0; i < 200; i++)
        {
            var fresh = new Scenario();
            new ScenarioGenerator().Fill(fresh, options, i);
            used.Fill(reused, options, i);
            Assert.True(fresh.SameAs(reused), $"seed {i}");
        }
    }

    [Property(Arbitrary = [typeof(ScenarioArbitrary)], MaxTest = 200)]
    public void A_scenario_survives_its_text_form(DrawnScenario drawn)
    {
        var text = ScenarioWriter.Write(drawn.Scenario);
        var read = ScenarioReader.Read(text, "drawn.yaml");
        Assert.True(read.SameAs(drawn.Scenario));
        Assert.Equal(text, ScenarioWriter.Write(read));
    }

    [Property(Arbitrary = [typeof(ScenarioArbitrary)], MaxTest = 30)]
    public void Everything_offered_for_shrinking_is_reachable_and_smaller(DrawnScenario drawn)
    {
        foreach (var smaller in ScenarioArbitrary.Scenarios().Shrinker(drawn).Take(40))
        {
            Assert.Null(Reachability.FirstBroken(smaller.Scenario));
            Assert.True(Letters(smaller.Scenario) <= Letters(drawn.Scenario));
            Assert.False(smaller.Scenario.SameAs(drawn.Scenario));
        }
    }

    private static int Letters(Scenario scenario)
    {
        var letters = scenario.PteCount;
        foreach (ref readonly var pte in scenario.UsedPtes)
        {
            letters += int.PopCount((int)pte.Bits);
        }

        return letters;
    }
}
