using PteCheck.Checking.Scenarios;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Generation;

/// <summary>A page of a scenario that a step concerns, and how one is drawn.</summary>
/// <param name="Vma">Index of the VMA.</param>
/// <param name="Page">Page within it.</param>
internal readonly record struct StepPage(byte Vma, short Page)
{
    /// <summary>A page that the operation works on: that of an entry where there is one, else any of the range.</summary>
    public static StepPage Choose(Scenario scenario, ref SeededRandom random)
    {
        var first = random.Below(Math.Max(1, scenario.PteCount));
        for (var i = 0; i < scenario.PteCount; i++)
        {
            ref readonly var pte = ref scenario.Ptes[(first + i) % scenario.PteCount];
            if (IsWorkedOn(scenario, pte))
            {
                return new(pte.Vma, pte.Page);
            }
        }

        var page = scenario.Run.First + random.Below(scenario.Run.Pages);
        return new(scenario.Run.Vma, (short)page);
    }

    /// <summary>A page beside another, in the same VMA.</summary>
    public static StepPage Beside(Scenario scenario, ref SeededRandom random, StepPage page)
    {
        var next = page.Page + (random.Chance(50) ? 1 : -1);
        return page with { Page = (short)Math.Clamp(next, 0, scenario.Vmas[page.Vma].Pages - 1) };
    }

    /// <summary>The page of the destination that a page of the range moves to.</summary>
    public static StepPage Moved(Scenario scenario, StepPage page)
    {
        var run = scenario.Run;
        var to = page.Page - run.First;
        return page.Vma == run.Vma && to >= 0 && to < run.Pages ? new(run.NewVma, (short)to) : page;
    }

    /// <summary>
    /// A page that is pinned in the initial state, with the pin where there is none yet; null where no page
    /// can be pinned.
    /// </summary>
    public static StepPage? Pinned(Scenario scenario, ref SeededRandom random)
    {
        var page = Choose(scenario, ref random);
        return
            scenario.PteAt(page.Vma, page.Page) is { Kind: EntryKind.Present } entry
            && Pin(scenario, entry.Folio) is { } pinned
            ? new(pinned.Vma, pinned.Page)
            : null;
    }

    /// <summary>
    /// Pins the first mapped page of a folio, and makes it, or all of a leaf, exclusive if it is anonymous; null, and no pin,
    /// where it cannot be that.
    /// </summary>
    public static PteSpec? Pin(Scenario scenario, int index)
    {
        ref var folio = ref scenario.Folios[index];
        if (
            PinRules.FirstMapped(scenario, index) is not { } first
            || (folio.IsAnon && Users(scenario, first) > 1)
        )
        {
            folio.Pins = 0;
            return null;
        }

        folio.Pins = 1;
        if (folio.IsAnon)
        {
            var whole = scenario.Vmas[first.Vma].Leaves;
            for (var page = 0; page < folio.Pages; page++)
            {
                var pinned = whole || page == first.FolioPage;
                folio.Exclusive.Set(page, pinned || folio.Exclusive.Has(page));
            }
        }

        return first;
    }

    /// <summary>A page with an entry that the test accepts, from a random one on; null where there is none.</summary>
    public static StepPage? Entry(
        Scenario scenario,
        ref SeededRandom random,
        Func<Scenario, PteSpec, bool> accepts
    )
    {
        var first = random.Below(Math.Max(1, scenario.PteCount));
        for (var i = 0; i < scenario.PteCount; i++)
        {
            ref readonly var pte = ref scenario.Ptes[(first + i) % scenario.PteCount];
            if (accepts(scenario, pte))
            {
                return new(pte.Vma, pte.Page);
            }
        }

        return null;
    }

    /// <summary>A page without an entry in a VMA that is registered with userfaultfd; null where there is none.</summary>
    public static StepPage? ArmedSlot(Scenario scenario, ref SeededRandom random)
    {
        var vma = scenario.Run.Vma;
        var pages = scenario.Vmas[vma].Pages;
        var first = random.Below(pages);
        var armed = (scenario.Vmas[vma].Flags & VmaFlags.UffdAny) != 0;
        for (var i = 0; armed && i < pages; i++)
        {
            var page = (first + i) % pages;
            if (scenario.PteAt(vma, page) is null)
            {
                return new(vma, (short)page);
            }
        }

        return null;
    }

    /// <summary>How many entries refer to the page of an entry.</summary>
    private static int Users(Scenario scenario, in PteSpec entry)
    {
        var users = 0;
        foreach (ref readonly var pte in scenario.UsedPtes)
        {
            var same = pte.HasFolio && pte.Folio == entry.Folio && pte.FolioPage == entry.FolioPage;
            users += same ? 1 : 0;
        }

        return users;
    }

    private static bool IsWorkedOn(Scenario scenario, in PteSpec pte)
    {
        var run = scenario.Run;
        return scenario.Operation().WorksOnFolio
            ? pte.IsMapping && pte.Folio == run.Folio
            : pte.Vma == run.Vma && pte.Page >= run.First && pte.Page < run.First + run.Pages;
    }
}
