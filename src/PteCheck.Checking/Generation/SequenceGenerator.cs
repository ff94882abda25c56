using PteCheck.Checking.Scenarios;

namespace PteCheck.Checking.Generation;

/// <summary>
/// Makes a sequence of a scenario that is otherwise complete: one to four other operations before the one under
/// test, or behind it, which reach states that are not drawn, and meet what the candidate leaves.
/// </summary>
internal static class SequenceGenerator
{
    private const ulong Stream = 0x5345_5155_454E_0001;

    /// <summary>Draws other operations for some of the cases.</summary>
    /// <param name="scenario">Gets the operations; one with steps of others is left alone.</param>
    /// <param name="percent">How many cases of a hundred are sequences.</param>
    /// <param name="seed">The case's seed; the numbers drawn here are no others' numbers.</param>
    public static void Fill(Scenario scenario, int percent, ulong seed)
    {
        if (percent == 0 || scenario.StepCount > 0 || scenario.Operation().Alone)
        {
            return;
        }

        var random = new SeededRandom(SeededRandom.Mix(seed ^ Stream));
        if (!random.Chance(percent))
        {
            return;
        }

        var (before, behind) = random.Below(20) switch
        {
            < 8 => (1, 0),
            < 12 => (2, 0),
            < 14 => (3, 0),
            14 => (4, 0),
            < 18 => (0, 1),
            18 => (0, 2),
            _ => (2, 2),
        };
        if (IsZappedByOthers(scenario))
        {
            (before, behind) = (0, Math.Max(before, behind));
        }

        var place = SequencePlace.Of(scenario);
        for (var i = 0; i < before; i++)
        {
            Add(scenario, ref random, ref place, behind: false);
        }

        place = place.Behind(scenario, ref random);
        for (var i = 0; i < behind; i++)
        {
            Add(scenario, ref random, ref place, behind: true);
        }

        RunTarget.Settle(scenario);
    }

    /// <summary>Whether another gather has emptied a slot that is to be zapped now: such a state is known as the start of a zap alone.</summary>
    private static bool IsZappedByOthers(Scenario scenario) =>
        scenario.TlbCount > 0
        && scenario.Operation().Empties
        && scenario.TlbFlushPending.AsSpan().ContainsAnyExcept((byte)0);

    private static void Add(
        Scenario scenario,
        ref SeededRandom random,
        ref SequencePlace place,
        bool behind
    )
    {
        var template = SequenceTemplate.Choose(ref random);
        var run = new RunSpec { Operation = template.Operation };
        if (!template.Draw(scenario, ref random, place, behind, ref run))
        {
            template = SequenceTemplate.Plainest;
            run = new() { Operation = template.Operation };
            template.Draw(scenario, ref random, place, behind, ref run);
        }

        var index = behind ? scenario.RunCount : scenario.Tested;
        scenario
            .Runs.AsSpan(index, scenario.RunCount - index)
            .CopyTo(scenario.Runs.AsSpan(index + 1));
        scenario.Runs[index] = run;
        scenario.RunCount++;
        scenario.Tested += behind ? 0 : 1;
        if (run.Of().Moves)
        {
            place = place.Moved(scenario, run, behind);
        }
    }
}
