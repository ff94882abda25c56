using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Interference;
using PteCheck.Kernel.Operations;

namespace PteCheck.Checking.Minimizing;

/// <summary>Passes over an anonymous collapse: a VMA that covers one small table and nothing else, a small window, a plain call.</summary>
internal static class AnonPasses
{
    private static readonly int[] Sizes = [8, 16, 32];

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
