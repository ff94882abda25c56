using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Scenarios;

namespace PteCheck.Cli.Running;

/// <summary>
/// The pinned scenarios that say which system calls lead to their state. A minimal scenario that is
/// one of them, young, dirty and soft-dirty aside, gets their recipe.
/// </summary>
public sealed class PinnedStates
{
    private readonly List<Scenario> pinned;

    private PinnedStates(List<Scenario> pinned) => this.pinned = pinned;

    /// <summary>Reads the scenarios under <c>regressions/</c> that have a recipe; unreadable files are the gate's business.</summary>
    public static PinnedStates Load(IEngine engine, string root)
    {
        var found = new List<Scenario>();
        foreach (var file in Repository.Scenarios(Path.Combine(root, "regressions")))
        {
            try
            {
                var scenario = engine.Read(file);
                if (scenario.Notes is { Reach.Count: > 0 })
                {
                    found.Add(scenario);
                }
            }
            catch (ScenarioException)
            {
                continue;
            }
        }

        return new(found);
    }

    /// <summary>The result with recipes in the notes of those minimal scenarios that are pinned.</summary>
    public CampaignResult Annotate(CampaignResult result)
    {
        foreach (var violation in result.Violations)
        {
            var same = pinned.Find(scenario => SameState(scenario, violation.Scenario));
            if (same is not null)
            {
                violation.Scenario.Notes = new() { Reach = same.Notes!.Reach };
            }
        }

        return result;
    }

    /// <summary>Whether both describe one initial state and one call, but for architecture, kernel generation and what was touched.</summary>
    private static bool SameState(Scenario left, Scenario right) =>
        Untouched(left).SameAs(Untouched(right));

    private static Scenario Untouched(Scenario scenario)
    {
        var copy = scenario.Clone();
        copy.Kernel = null;
        copy.Architecture = default;
        foreach (ref var pte in copy.UsedPtes)
        {
            pte.Bits &= ~(PteBits.Young | PteBits.Dirty | PteBits.SoftDirty);
        }

        return copy;
    }
}
