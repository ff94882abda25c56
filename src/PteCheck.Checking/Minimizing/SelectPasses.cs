using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Kernel.MthpSelect;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Minimizing;

/// <summary>Passes over the choice of windows: a smaller table, fewer orders, results and scans, the usual limits, a plain table.</summary>
internal static class SelectPasses
{
    private static readonly int[] Sizes = [8, 16, 32];

    /// <summary>All of them; nothing where the operation chooses no windows.</summary>
    public static void Run(Shrinker shrinker)
    {
        if (!shrinker.Best.Operation().Selects)
        {
            return;
        }

        shrinker.Try(scenario => Cut(scenario, scenario.Slots, 0));
        shrinker.Try(scenario =>
            Change(ref scenario.Run, run => run with { Orders = 1 << Windows.MinOrder })
        );
        SmallerTable(shrinker);
        FewerResults(shrinker);
        FewerScans(shrinker);
        FewerOrders(shrinker);
        UsualLimits(shrinker);
        shrinker.Try(MissingMode);
        PlainTable(shrinker);
    }

    /// <summary>Armed for missing pages, in place of any other mode.</summary>
    private static bool MissingMode(Scenario scenario)
    {
        ref var flags = ref scenario.Vmas[scenario.Run.Vma].Flags;
        var armed = (flags & VmaFlags.UffdAny) != 0;
        flags &= ~(VmaFlags.UffdAny | VmaFlags.UffdEventRemap | VmaFlags.UffdWpUnpopulated);
        flags |= VmaFlags.UffdMissing;
        return armed;
    }

    /// <summary>The smallest table that a part of this one is enough for.</summary>
    private static void SmallerTable(Shrinker shrinker)
    {
        foreach (var slots in Sizes)
        {
            var taken = false;
            for (var at = 0; at < shrinker.Best.Slots && slots < shrinker.Best.Slots; at += slots)
            {
                var offset = at;
                taken = shrinker.Try(scenario => Cut(scenario, slots, offset));
                if (taken)
                {
                    return;
                }
            }
        }
    }

    /// <summary>A part of the table as a table of its own, in a VMA that holds nothing else.</summary>
    private static bool Cut(Scenario scenario, int slots, int offset)
    {
        var pmd = 1 << Windows.PmdOrder(scenario.Slots);
        var hadPmd = (scenario.Run.Orders & pmd) != 0;
        var largest = scenario.Run.MaxPtesNone == scenario.Slots - 1;
        var first = scenario.Run.First + offset;
        KeepWindows(
            scenario,
            window =>
                window.Page >= first
                && window.Page < first + slots
                && window.Order <= Windows.PmdOrder(slots)
        );
        foreach (ref var window in scenario.UsedWindows)
        {
            window.Page -= (short)first;
        }

        if (!scenario.Window(first, first + slots - 1))
        {
            return false;
        }

        ref var run = ref scenario.Run;
        run.Orders = (ushort)(run.Orders & Windows.AllOrders(slots));
        run.Orders |= (ushort)(hadPmd ? 1 << Windows.PmdOrder(slots) : 0);
        run.MaxPtesNone = (short)(largest ? slots - 1 : Math.Min((int)run.MaxPtesNone, slots - 1));
        run.MaxPtesSwap = (short)Math.Min((int)run.MaxPtesSwap, slots);
        run.MaxPtesShared = (short)Math.Min((int)run.MaxPtesShared, slots);
        scenario.Slots = slots;
        scenario.ContPtes = SettingsReader.DefaultCont(slots);
        scenario.Vmas[run.Vma].At = -1;
        return true;
    }

    private static void FewerScans(Shrinker shrinker)
    {
        for (byte scans = 1; scans < shrinker.Best.Run.Scans; scans++)
        {
            var fewer = scans;
            shrinker.Try(scenario => Change(ref scenario.Run, run => run with { Scans = fewer }));
        }
    }

    /// <summary>One result for all windows, the first of their list that will do; else as few exceptions as will do.</summary>
    private static void FewerResults(Shrinker shrinker)
    {
        foreach (var (_, result) in SelectText.Results)
        {
            var isBest = shrinker.Best.WindowCount == 0 && shrinker.Best.Run.Result == result;
            if (isBest || shrinker.Try(scenario => SameResult(scenario, result)))
            {
                return;
            }
        }

        for (var i = shrinker.Best.WindowCount - 1; i >= 0; i--)
        {
            var dropped = shrinker.Best.Windows[i];
            shrinker.Try(scenario => KeepWindows(scenario, window => window != dropped));
        }
    }

    private static bool SameResult(Scenario scenario, WindowResult result)
    {
        scenario.Run.Result = result;
        scenario.WindowCount = 0;
        return true;
    }

    private static void FewerOrders(Shrinker shrinker)
    {
        var slots = shrinker.Best.Slots;
        shrinker.Try(scenario => Change(ref scenario.Run, run => run with { Forced = false }));
        var table = (ushort)(1u << Windows.PmdOrder(slots));
        shrinker.Try(scenario => Change(ref scenario.Run, run => run with { Orders = table }));
        for (var order = Windows.MinOrder; order <= Windows.PmdOrder(slots); order++)
        {
            var without = (ushort)~(1u << order);
            shrinker.Try(scenario =>
                Change(
                    ref scenario.Run,
                    run => run with { Orders = (ushort)(run.Orders & without) }
                )
            );
        }
    }

    private static void UsualLimits(Shrinker shrinker)
    {
        shrinker.Try(scenario =>
            Change(
                ref scenario.Run,
                run =>
                    SelectText.Defaults(run, scenario.Slots) with
                    {
                        Orders = run.Orders,
                        Scans = run.Scans,
                        MaxPtesNone = run.MaxPtesNone,
                    }
            )
        );
        var largest = (short)(shrinker.Best.Slots - 1);
        shrinker.Try(scenario =>
            Change(ref scenario.Run, run => run with { MaxPtesNone = largest })
        );
    }

    /// <summary>
    /// As many entries from the first slot on: pages of one folio, or small ones, no more of them young than a scan
    /// needs, and behind them as few swap entries as will do.
    /// </summary>
    private static void PlainTable(Shrinker shrinker)
    {
        var entries = shrinker.Best.PteCount;
        for (var swaps = 0; swaps < entries; swaps++)
        {
            var count = swaps;
            if (
                shrinker.Best.Slots <= Sizes[^1]
                && (
                    IsLaid(shrinker, count, inOneFolio: true)
                    || IsLaid(shrinker, count, inOneFolio: false)
                )
            )
            {
                return;
            }
        }
    }

    /// <summary>Whether the table is laid out so, or can be.</summary>
    private static bool IsLaid(Shrinker shrinker, int swaps, bool inOneFolio)
    {
        var laid = shrinker.Best.Clone();
        return (Lay(laid, swaps, inOneFolio) && laid.SameAs(shrinker.Best))
            || shrinker.Try(scenario => Lay(scenario, swaps, inOneFolio));
    }

    private static bool Lay(Scenario scenario, int swaps, bool inOneFolio)
    {
        var entries = scenario.PteCount;
        if (scenario.VmaCount > 1 || entries > scenario.Slots)
        {
            return false;
        }

        var pages = entries - swaps;
        var young = swaps > 0 ? scenario.Slots / 2 : 1;
        var order = (byte)(inOneFolio && pages > 1 ? Math.Max(2, LogUp(pages)) : 0);
        scenario.FolioCount = 0;
        for (var i = 0; i < entries; i++)
        {
            var isPage = i < pages;
            if (isPage && (order == 0 || i == 0))
            {
                scenario.Folios[scenario.FolioCount++] = new() { Order = order, FilePage = -1 };
            }

            scenario.Ptes[i] = new()
            {
                Page = (short)i,
                Kind = isPage ? EntryKind.Present : EntryKind.Swap,
                Bits = i < Math.Min(young, pages) ? PteBits.Young : PteBits.None,
                Folio = (short)(isPage ? scenario.FolioCount - 1 : 0),
                FolioPage = (short)(isPage && order > 0 ? i : 0),
                SwapOffset = (short)(isPage ? 0 : i - pages + 1),
            };
        }

        return true;
    }

    private static int LogUp(int value) => int.Log2((2 * value) - 1);

    private static bool KeepWindows(Scenario scenario, Func<WindowSpec, bool> keep)
    {
        var kept = 0;
        for (var i = 0; i < scenario.WindowCount; i++)
        {
            if (keep(scenario.Windows[i]))
            {
                scenario.Windows[kept++] = scenario.Windows[i];
            }
        }

        var removed = kept != scenario.WindowCount;
        scenario.WindowCount = kept;
        return removed;
    }

    private static bool Change(ref RunSpec run, Func<RunSpec, RunSpec> change)
    {
        var before = run;
        run = change(run);
        return run != before;
    }
}
