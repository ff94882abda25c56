using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Interference;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Generation;

/// <summary>
/// Draws what others do during a run into a scenario that is otherwise complete: one to three templates,
/// whose steps come at equal or rising anchors. A step whose anchor the run does not come to simply does not
/// happen. Beside the steps only a second CPU and a pin are added.
/// </summary>
internal static class StepGenerator
{
    private const int MostSteps = 6;
    private const ulong Stream = 0x5354_4550_535F_0001;

    private static readonly Func<Scenario, PteSpec, bool> IsFilePage = static (scenario, pte) =>
        pte.Kind == EntryKind.Present && !scenario.Folios[pte.Folio].IsAnon;

    private static readonly Func<Scenario, PteSpec, bool> IsOfCleanFolio = static (scenario, pte) =>
        pte.Kind == EntryKind.Present
        && !scenario.Folios[pte.Folio].Dirty
        && scenario.Folios[pte.Folio].Kind is FolioKind.Lazyfree or FolioKind.File;

    private static readonly Func<Scenario, PteSpec, bool> IsAnonPage = static (scenario, pte) =>
        pte.Kind == EntryKind.Present && scenario.Folios[pte.Folio].IsAnon;

    /// <summary>
    /// Draws steps for some of the cases.
    /// </summary>
    /// <param name="scenario">Gets the steps.</param>
    /// <param name="percent">How many cases of a hundred are interleaved.</param>
    /// <param name="seed">The case's seed; the numbers drawn here are no others' numbers.</param>
    public static void Fill(Scenario scenario, int percent, ulong seed)
    {
        if (percent == 0)
        {
            return;
        }

        var random = new SeededRandom(SeededRandom.Mix(seed ^ Stream));
        if (!random.Chance(percent))
        {
            return;
        }

        scenario.Cpus = Math.Max(2, scenario.Cpus);
        var templates = random.Below(10) switch
        {
            < 5 => 1,
            < 8 => 2,
            _ => 3,
        };
        for (var i = 0; i < templates; i++)
        {
            AddTemplate(scenario, ref random);
        }
    }

    private static void AddTemplate(Scenario scenario, ref SeededRandom random)
    {
        var template = StepTemplate.Choose(ref random, scenario.Operation().TablesMayGo);
        var worked = StepPage.Choose(scenario, ref random);
        if (PageFor(scenario, ref random, template.Need, worked) is not { } page)
        {
            template = StepTemplate.All[0];
            page = worked;
        }

        var cpu = (byte)random.Between(1, scenario.Cpus - 1);
        var positions = StepAnchors.Positions(scenario);
        var position = random.Below(positions);
        for (var i = 0; i < template.Verbs.Length && scenario.StepCount < MostSteps; i++)
        {
            if (i >= template.Always && random.Chance(30))
            {
                continue;
            }

            var verb = template.Verbs[i];
            var device = verb is StepVerb.DeviceLoad or StepVerb.DeviceStore;
            var access = verb is StepVerb.Load or StepVerb.Store;
            var place = verb == StepVerb.Zap ? ZapFrom(scenario, ref random, page) : page;
            ref var step = ref scenario.Steps[scenario.StepCount++];
            step = new()
            {
                Actor = device ? InterferenceStep.Device : cpu,
                Verb = verb,
                Vma = place.Vma,
                Page = place.Page,
                Pages = verb == StepVerb.Zap ? Length(scenario, ref random, place) : (short)1,
                Fresh = access && random.Chance(30),
            };
            StepAnchors.Set(scenario, ref random, ref step, position, worked);
            position = random.Chance(65) ? position : random.Between(position, positions - 1);
        }
    }

    /// <summary>Where a zap begins: beside leaves mostly with the leaf, for it goes as a whole or not at all.</summary>
    private static StepPage ZapFrom(Scenario scenario, ref SeededRandom random, StepPage page)
    {
        var whole = scenario.Vmas[page.Vma].Leaves && random.Chance(80);
        return whole ? page with { Page = (short)(page.Page & -scenario.Slots) } : page;
    }

    /// <summary>How many pages a zap takes from a page on.</summary>
    private static short Length(Scenario scenario, ref SeededRandom random, StepPage page)
    {
        if (scenario.Vmas[page.Vma].Leaves && page.Page % scenario.Slots == 0)
        {
            return (short)scenario.Slots;
        }

        var most = Math.Min(scenario.Vmas[page.Vma].Pages - page.Page, 4);
        return (short)(random.Chance(60) ? 1 : random.Between(1, most));
    }

    /// <summary>A page for a template; null where the scenario has none.</summary>
    private static StepPage? PageFor(
        Scenario scenario,
        ref SeededRandom random,
        StepNeed need,
        StepPage worked
    ) =>
        need switch
        {
            StepNeed.Pin => StepPage.Pinned(scenario, ref random),
            StepNeed.FilePage => StepPage.Entry(scenario, ref random, IsFilePage),
            StepNeed.CleanFolio => StepPage.Entry(scenario, ref random, IsOfCleanFolio),
            StepNeed.AnonPage => StepPage.Entry(scenario, ref random, IsAnonPage),
            StepNeed.ArmedSlot => StepPage.ArmedSlot(scenario, ref random),
            _ => random.Below(10) switch
            {
                < 2 => StepPage.Beside(scenario, ref random, worked),
                < 5 when scenario.Operation().Moves => StepPage.Moved(scenario, worked),
                _ => worked,
            },
        };
}
