using PteCheck.Model.Machines;

namespace PteCheck.Checking.Scenarios;

/// <summary>Which table collapse-file is about, and what the page cache has there.</summary>
public static class CollapseTarget
{
    /// <summary>Nothing in the page cache.</summary>
    public const short NoFolio = -1;

    /// <summary>Not said: what follows from entries, else the first folio that is mapped nowhere.</summary>
    public const short NotSaid = -2;

    /// <summary>Page within the VMA that stands for a table: the first of it, or of the VMA.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="page">Any page of the VMA; -1 for the first table that the VMA covers, else the first.</param>
    public static (short First, short Pages) Table(Scenario scenario, int page)
    {
        Span<uint> starts = stackalloc uint[Machine.MaxVmas];
        ScenarioLayout.Place(scenario, starts);
        var start = (int)starts[scenario.Run.Vma];
        var end = start + scenario.Vmas[scenario.Run.Vma].Pages;
        var slots = scenario.Slots;
        var aligned = (start + slots - 1) & ~(slots - 1);
        var at =
            page >= 0 ? start + Math.Min(page, end - start - 1)
            : aligned + slots <= end ? aligned
            : start;
        var first = Math.Max(at & ~(slots - 1), start);
        var last = Math.Min((at & ~(slots - 1)) + slots, end);
        return ((short)(first - start), (short)(last - first));
    }

    /// <summary>
    /// What the page cache has at the first page of the table: the folio that says so itself, or that entries of the
    /// VMA place there; else the first of the file's kind that no entry refers to; else nothing.
    /// </summary>
    public static short Deduce(Scenario scenario)
    {
        var run = scenario.Run;
        for (var folio = 0; folio < scenario.FolioCount; folio++)
        {
            var first = FirstPage(scenario, folio);
            if (
                OfFile(scenario, folio)
                && first is { } place
                && run.First - place >= 0
                && run.First - place < scenario.Folios[folio].Pages
            )
            {
                return (short)folio;
            }
        }

        for (var folio = 0; folio < scenario.FolioCount; folio++)
        {
            if (OfFile(scenario, folio) && FirstPage(scenario, folio) is null)
            {
                return (short)folio;
            }
        }

        return NoFolio;
    }

    /// <summary>Whether the VMA maps a file of the folio's kind.</summary>
    public static bool OfFile(Scenario scenario, int folio)
    {
        var kind = scenario.Folios[folio].Kind;
        var flags = scenario.Vmas[scenario.Run.Vma].Flags;
        return kind == FolioKind.File
            ? (flags & VmaFlags.File) != 0
            : kind == FolioKind.Shmem && (flags & VmaFlags.Shmem) != 0;
    }

    /// <summary>Page of the VMA at which page 0 of a folio has its place; null where nothing says so.</summary>
    public static int? FirstPage(Scenario scenario, int folio)
    {
        if (scenario.Folios[folio].FilePage >= 0)
        {
            return scenario.Folios[folio].FilePage;
        }

        foreach (ref readonly var pte in scenario.UsedPtes)
        {
            if (pte.Vma == scenario.Run.Vma && pte.HasFolio && pte.Folio == folio)
            {
                return pte.Page - pte.FolioPage;
            }
        }

        return null;
    }

    /// <summary>thp_vma_suitable_order: whether the file lies at multiples of a table in the address space.</summary>
    public static bool IsAligned(Scenario scenario, uint vmaStart)
    {
        var folio = scenario.Run.Folio;
        return folio < 0
            || FirstPage(scenario, folio) is not { } first
            || (((int)vmaStart + first) & (scenario.Slots - 1)) == 0;
    }
}
