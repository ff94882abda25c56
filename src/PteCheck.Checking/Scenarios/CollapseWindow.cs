using System.Numerics;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Scenarios;

/// <summary>The window that collapse-anon is about: naturally aligned pages of one table, or all of it.</summary>
public static class CollapseWindow
{
    /// <summary>Smallest order of a window (KHUGEPAGED_MIN_MTHP_ORDER).</summary>
    public const int LeastOrder = 2;

    /// <summary>log2 of the pages of the window.</summary>
    public static int OrderOf(Scenario scenario) =>
        scenario.Run.Order == 0 ? PmdOrder(scenario) : scenario.Run.Order;

    /// <summary>log2 of the slots of a table.</summary>
    public static int PmdOrder(Scenario scenario) => BitOperations.Log2((uint)scenario.Slots);

    /// <summary>
    /// Makes the range the window's pages as far as the VMA reaches, from any page of it; where no range is said, the
    /// first window that the VMA covers. Below PMD order it is khugepaged that collapses.
    /// </summary>
    public static void Settle(Scenario scenario)
    {
        ref var run = ref scenario.Run;
        run.NewVma = run.Vma;
        run.Order = run.Order >= PmdOrder(scenario) ? (byte)0 : run.Order;
        run.Khugepaged |= run.Order != 0;
        var slots = (short)scenario.Slots;
        run.MaxNone = run.MaxNone is { } none ? Math.Min(none, (short)(slots - 1)) : null;
        run.MaxSwap = run.MaxSwap is { } swap ? Math.Min(swap, slots) : null;
        run.MaxShared = run.MaxShared is { } shared ? Math.Min(shared, slots) : null;
        run.MishapPage =
            run.Mishap < CollapseMishap.OffLru
                ? (short)0
                : Math.Min(run.MishapPage, (short)((1 << OrderOf(scenario)) - 1));
        (run.First, run.Pages) = Window(scenario, run.Pages == 0 ? -1 : run.First);
    }

    /// <summary>First page within the VMA, and length, of the window in which a page lies.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="page">Any page of the VMA; -1 for the first window that the VMA covers, else its first page.</param>
    public static (short First, short Pages) Window(Scenario scenario, int page)
    {
        Span<uint> starts = stackalloc uint[Machine.MaxVmas];
        ScenarioLayout.Place(scenario, starts);
        var start = (int)starts[scenario.Run.Vma];
        var end = start + scenario.Vmas[scenario.Run.Vma].Pages;
        var pages = 1 << OrderOf(scenario);
        var aligned = (start + pages - 1) & -pages;
        var at =
            page >= 0 ? start + Math.Min(page, end - start - 1)
            : aligned + pages <= end ? aligned
            : start;
        var first = Math.Max(at & -pages, start);
        var last = Math.Min((at & -pages) + pages, end);
        return ((short)(first - start), (short)(last - first));
    }

    /// <summary>The arguments, with the defaults of the limits: all but one slot none, an eighth swapped, half shared.</summary>
    public static OperationCall CallOf(Scenario scenario, uint vmaStart)
    {
        var run = scenario.Run;
        var order = OrderOf(scenario);
        var start = (vmaStart + (uint)run.First) & ~((1u << order) - 1);
        return new()
        {
            Mm = scenario.Vmas[run.Vma].Mm,
            Vma = run.Vma,
            NewVma = run.Vma,
            Vpn = start,
            NewVpn = start,
            Pages = 1u << order,
            Folio = -1,
            Collapse = new()
            {
                Order = (byte)order,
                Khugepaged = run.Khugepaged,
                MaxNone = run.MaxNone ?? (short)(scenario.Slots - 1),
                MaxSwap = run.MaxSwap ?? (short)(scenario.Slots / 8),
                MaxShared = run.MaxShared ?? (short)(scenario.Slots / 2),
                Mishap = run.Mishap,
                MishapPage = run.MishapPage,
            },
        };
    }
}
