using PteCheck.Model.Machines;

namespace PteCheck.Checking.Scenarios;

/// <summary>Where VMAs and folios lie when a scenario does not say.</summary>
public static class ScenarioLayout
{
    /// <summary>First PFN of a scenario that names none.</summary>
    public const ulong DefaultPfn = 0x10000;

    /// <summary>
    /// First page number of every VMA: its own, or the next table boundary after the VMA before it in
    /// the same mm.
    /// </summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="starts">Room for one number a VMA.</param>
    public static void Place(Scenario scenario, Span<uint> starts)
    {
        Span<uint> ends = stackalloc uint[Machine.MaxMms];
        ends.Clear();
        for (var i = 0; i < scenario.VmaCount; i++)
        {
            ref readonly var vma = ref scenario.Vmas[i];
            ref var end = ref ends[vma.Mm & (Machine.MaxMms - 1)];
            starts[i] = vma.At >= 0 ? (uint)vma.At : RoundUp(end, (uint)scenario.Slots);
            end = Math.Max(end, starts[i] + (uint)vma.Pages);
        }
    }

    /// <summary>The VMA of the scenario that holds a page of an mm, and the page within it; -1 where none does.</summary>
    /// <remarks>Machines may hold more VMAs: mprotect splits them.</remarks>
    public static (int Vma, int Page) Find(Scenario scenario, int mm, uint vpn)
    {
        Span<uint> starts = stackalloc uint[Machine.MaxVmas];
        Place(scenario, starts);
        for (var vma = 0; vma < scenario.VmaCount; vma++)
        {
            var page = vpn - starts[vma];
            if (scenario.Vmas[vma].Mm == mm && page < (uint)scenario.Vmas[vma].Pages)
            {
                return (vma, (int)page);
            }
        }

        return (-1, 0);
    }

    /// <summary>
    /// First PFN of every folio: its own, or the next naturally aligned one after all PFNs that are
    /// named and after the folio before it.
    /// </summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="firstPfns">Room for one number a folio.</param>
    /// <returns>The lowest PFN, rounded down to the largest folio.</returns>
    public static ulong AssignPfns(Scenario scenario, Span<ulong> firstPfns)
    {
        ulong lowest = ulong.MaxValue,
            next = 0;
        for (var i = 0; i < scenario.FolioCount; i++)
        {
            ref readonly var folio = ref scenario.Folios[i];
            firstPfns[i] = folio.Pfn;
            if (folio.Pfn != 0)
            {
                lowest = Math.Min(lowest, folio.Pfn);
                next = Math.Max(next, folio.Pfn + (ulong)folio.Pages);
            }
        }

        next = next == 0 ? DefaultPfn : next;
        lowest = Math.Min(lowest, next);
        for (var i = 0; i < scenario.FolioCount; i++)
        {
            if (firstPfns[i] == 0)
            {
                var pages = (ulong)scenario.Folios[i].Pages;
                firstPfns[i] = (next + pages - 1) & ~(pages - 1);
                next = firstPfns[i] + pages;
            }
        }

        return lowest & ~(ulong)(Machine.TableStride - 1);
    }

    private static uint RoundUp(uint value, uint multiple) =>
        (value + multiple - 1) & ~(multiple - 1);
}
