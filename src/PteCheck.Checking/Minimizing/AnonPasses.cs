using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Interference;
using PteCheck.Kernel.Operations;

namespace PteCheck.Checking.Minimizing;

/// <summary>Passes over an anonymous collapse: a VMA that covers one small table and nothing else, a small window, a plain call.</summary>
internal static class AnonPasses
{
    private const int SmallestTable = 8;

    private static readonly int[] Sizes = [SmallestTable, 16, 32];

    /// <summary>The VMA is the table alone.</summary>
    public static void TableAlone(Shrinker shrinker) =>
        shrinker.Try(scenario =>
        {
            var first = FirstOfTable(scenario);
            return first >= 0
                && first + scenario.Slots <= scenario.Vmas[scenario.Run.Vma].Pages
                && scenario.Window(first, first + scenario.Slots - 1);
        });

    /// <summary>A table of fewer slots: any part of the old one in which the window can lie.</summary>
    public static void SmallerTable(Shrinker shrinker)
    {
        foreach (var slots in Sizes)
        {
            for (
                var part = 0;
                slots < shrinker.Best.Slots && part < shrinker.Best.Slots / slots;
                part++
            )
            {
                var (size, skip) = (slots, part * slots);
                if (shrinker.Try(scenario => Shrink(scenario, size, skip)))
                {
                    return;
                }
            }
        }
    }

    /// <summary>Nothing goes wrong, default limits, MADV_COLLAPSE, and the smallest window or the whole table.</summary>
    public static void PlainCall(Shrinker shrinker)
    {
        shrinker.Try(scenario =>
            Set(scenario, (ref RunSpec run) => run.Mishap = CollapseMishap.None)
        );
        shrinker.Try(scenario => Set(scenario, (ref RunSpec run) => run.MishapPage = 0));
        shrinker.Try(scenario => Set(scenario, (ref RunSpec run) => run.MaxNone = null));
        shrinker.Try(scenario => Set(scenario, (ref RunSpec run) => run.MaxSwap = null));
        shrinker.Try(scenario => Set(scenario, (ref RunSpec run) => run.MaxShared = null));
        shrinker.Try(scenario =>
            Set(scenario, (ref RunSpec run) => (run.Order, run.Khugepaged) = (0, false))
        );
        shrinker.Try(scenario => Set(scenario, (ref RunSpec run) => run.Khugepaged = false));
        for (byte order = CollapseWindow.LeastOrder; order < shrinker.Best.Run.Order; order++)
        {
            var smaller = order;
            if (shrinker.Try(scenario => Set(scenario, (ref RunSpec run) => run.Order = smaller)))
            {
                return;
            }
        }
    }

    /// <summary>One entry alone, and young, since khugepaged asks for one that is.</summary>
    public static void OneEntry(Shrinker shrinker)
    {
        for (var i = 0; i < shrinker.Best.PteCount && shrinker.Best.PteCount > 1; i++)
        {
            var index = i;
            shrinker.Try(scenario =>
            {
                ref var pte = ref scenario.Ptes[index];
                pte.Bits |= pte.Kind == EntryKind.Present ? PteBits.Young : PteBits.None;
                return scenario.KeepPtes((_, at) => at == index);
            });
        }
    }

    /// <summary>One store of a CPU in place of all steps: what GUP and a device do in five, it often does, too.</summary>
    public static void OneStore(Shrinker shrinker)
    {
        for (var i = 0; i < shrinker.Best.StepCount && shrinker.Best.StepCount > 1; i++)
        {
            for (var j = 0; j < shrinker.Best.StepCount && shrinker.Best.StepCount > 1; j++)
            {
                var (page, anchor) = (i, j);
                shrinker.Try(scenario => Store(scenario, page, anchor));
            }
        }
    }

    /// <summary>
    /// The entries one behind the other from the first slot of the smallest table on, with folios of
    /// their own or as they are; what goes wrong at a page stays with its entry.
    /// </summary>
    public static void CloseUp(Shrinker shrinker)
    {
        if (shrinker.Best is { VmaCount: 1, TlbCount: 0, PteCount: > 0 and <= SmallestTable })
        {
            _ =
                shrinker.Try(scenario => CloseUp(scenario, small: true))
                || shrinker.Try(scenario => CloseUp(scenario, small: false));
        }
    }

    private static bool CloseUp(Scenario scenario, bool small)
    {
        var before = scenario.UsedPtes.ToArray();
        var start = FirstOfTable(scenario);
        var pages = 1 << CollapseWindow.OrderOf(scenario);
        var window = start + ((scenario.Run.First - start) & -pages);
        var entry = Array.FindIndex(before, pte => pte.Page == window + scenario.Run.MishapPage);
        for (var i = 0; i < before.Length; i++)
        {
            scenario.Ptes[i].Page = (short)i;
        }

        if (small && !OwnFolios(scenario))
        {
            return false;
        }

        ref var run = ref scenario.Run;
        run.Order = (byte)Math.Min((int)run.Order, CollapseWindow.LeastOrder);
        (run.First, run.Pages) = (0, 1);
        run.MishapPage = (short)Math.Max(entry, 0);
        scenario.Slots = SmallestTable;
        scenario.ContPtes = Math.Min(scenario.ContPtes, 4);
        scenario.Vmas[0] = scenario.Vmas[0] with { At = -1, Pages = SmallestTable };
        scenario.MoveSteps(before);
        return true;
    }

    /// <summary>Gives every entry a small folio of its own, like the one that it had.</summary>
    private static bool OwnFolios(Scenario scenario)
    {
        foreach (ref var pte in scenario.UsedPtes)
        {
            if (!pte.HasFolio)
            {
                continue;
            }

            if (scenario.FolioCount == scenario.Folios.Length)
            {
                return false;
            }

            var exclusive = default(PageSet);
            exclusive.Set(0, scenario.Folios[pte.Folio].Exclusive.Has(pte.FolioPage));
            var index = scenario.FolioCount++;
            scenario.Folios[index] = scenario.Folios[pte.Folio] with
            {
                Order = 0,
                Exclusive = exclusive,
            };
            (pte.Folio, pte.FolioPage) = ((short)index, 0);
        }

        scenario.DropUnusedFolios();
        return true;
    }

    private static bool Store(Scenario scenario, int page, int anchor)
    {
        var at = scenario.Steps[anchor];
        scenario.Steps[0] = at with
        {
            Actor = 1,
            Verb = StepVerb.Store,
            Fresh = false,
            Vma = scenario.Steps[page].Vma,
            Page = scenario.Steps[page].Page,
            Pages = 1,
        };
        scenario.StepCount = 1;
        return true;
    }

    /// <summary>Page within the VMA at which the table begins; below zero where the VMA does not cover it.</summary>
    private static int FirstOfTable(Scenario scenario)
    {
        Span<uint> starts = stackalloc uint[scenario.VmaCount];
        ScenarioLayout.Place(scenario, starts);
        var start = (int)starts[scenario.Run.Vma];
        return ((start + scenario.Run.First) & -scenario.Slots) - start;
    }

    private static bool Shrink(Scenario scenario, int slots, int skip)
    {
        var first = FirstOfTable(scenario) + skip;
        var inside = scenario.Run.First >= first && scenario.Run.First < first + slots;
        if (first < 0 || (scenario.Run.Order != 0 && !inside))
        {
            return false;
        }

        if (!scenario.Window(first, first + slots - 1))
        {
            return false;
        }

        scenario.Slots = slots;
        scenario.ContPtes = Math.Min(scenario.ContPtes, slots == 8 ? 4 : slots);
        scenario.Vmas[scenario.Run.Vma].At = -1;
        return true;
    }

    private static bool Set(Scenario scenario, Change change)
    {
        change(ref scenario.Run);
        return true;
    }

    private delegate void Change(ref RunSpec run);
}
