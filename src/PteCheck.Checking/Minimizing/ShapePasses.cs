using PteCheck.Checking.Scenarios;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Minimizing;

/// <summary>Passes over what surrounds the entries: VMAs, ranges, tables, positions, other address spaces.</summary>
internal static class ShapePasses
{
    /// <summary>Cuts the range to a few pages around the place of the violation, widening until it fails again.</summary>
    public static void WindowAround(Shrinker shrinker, int page)
    {
        var pages = Pages(shrinker);
        for (var width = 1; width < pages; width *= 2)
        {
            for (var before = 0; before <= width; before += width)
            {
                var first = Math.Max(0, page - before);
                var last = Math.Min(pages - 1, first + width);
                if (shrinker.Try(scenario => scenario.Window(first, last)))
                {
                    return;
                }
            }
        }
    }

    /// <summary>Takes pages from both ends, many at once and then one by one.</summary>
    public static void TrimRange(Shrinker shrinker)
    {
        for (var step = Pages(shrinker) / 2; step >= 1; step /= 2)
        {
            while (
                step < Pages(shrinker)
                && (
                    shrinker.Try(scenario => scenario.Window(0, Pages(shrinker) - 1 - step))
                    || shrinker.Try(scenario => scenario.Window(step, Pages(shrinker) - 1))
                )
            )
            {
                // Each success made the range shorter.
            }
        }
    }

    /// <summary>Works on fewer pages of the same VMA: only the first, else fewer at either end.</summary>
    public static void NarrowRun(Shrinker shrinker)
    {
        for (var run = 0; run < shrinker.Best.RunCount; run++)
        {
            if (!shrinker.Best.Runs[run].Of().WorksOnFolio)
            {
                NarrowRun(shrinker, run);
            }
        }
    }

    private static void NarrowRun(Shrinker shrinker, int run)
    {
        shrinker.Try(scenario => SetRun(scenario, run, 0, 1));
        while (
            shrinker.Best.Runs[run].Pages > 1
            && (
                shrinker.Try(scenario => Shorten(scenario, run, 0))
                || shrinker.Try(scenario => Shorten(scenario, run, 1))
            )
        )
        {
            // Each success made the range shorter.
        }
    }

    private static bool Shorten(Scenario scenario, int run, int skipped) =>
        SetRun(scenario, run, scenario.Runs[run].First + skipped, scenario.Runs[run].Pages - 1);

    private static bool SetRun(Scenario scenario, int index, int first, int pages)
    {
        ref var run = ref scenario.Runs[index];
        var changed = run.First != first || run.Pages != pages;
        var skipped = first - run.First;
        run.First = (short)first;
        run.Pages = (short)pages;
        if (run.Of().Moves)
        {
            scenario.CutSteps(run.NewVma, skipped, skipped + pages - 1);
            scenario.Vmas[run.NewVma].Pages = pages;
            changed &= scenario.CutRuns(run.NewVma, skipped, skipped + pages - 1);
        }

        return changed;
    }

    /// <summary>Drops other VMAs, other address spaces, stale translations and pending flushes.</summary>
    public static void DropSurroundings(Shrinker shrinker)
    {
        for (var vma = shrinker.Best.VmaCount - 1; vma >= 0; vma--)
        {
            var index = vma;
            shrinker.Try(scenario => scenario.RemoveVma(index));
        }

        shrinker.Try(NumberMms);
        for (var tlb = shrinker.Best.TlbCount - 1; tlb >= 0; tlb--)
        {
            var dropped = shrinker.Best.Tlb[tlb];
            shrinker.Try(scenario => scenario.KeepTlb(kept => kept != dropped));
        }

        shrinker.Try(scenario =>
            Reset(scenario.BatchedFlushPending != 0, () => scenario.BatchedFlushPending = 0)
        );
        shrinker.Try(scenario => Reset(true, () => Array.Clear(scenario.TlbFlushPending)));
        for (var run = 0; run < shrinker.Best.RunCount; run++)
        {
            var index = run;
            shrinker.Try(scenario =>
                Reset(scenario.Runs[index].Deferred, () => scenario.Runs[index].Deferred = false)
            );
        }
        shrinker.Try(scenario => Reset(scenario.Run.Migrates, () => scenario.Run.Migrates = false));
    }

    /// <summary>Leaves out address spaces without a VMA, and numbers the others in the order of their VMAs.</summary>
    private static bool NumberMms(Scenario scenario)
    {
        var old = new List<byte>();
        foreach (ref var vma in scenario.UsedVmas)
        {
            if (!old.Contains(vma.Mm))
            {
                old.Add(vma.Mm);
            }

            vma.Mm = (byte)old.IndexOf(vma.Mm);
        }

        var (flushes, batched) = (scenario.TlbFlushPending.ToArray(), scenario.BatchedFlushPending);
        Array.Clear(scenario.TlbFlushPending);
        scenario.BatchedFlushPending = 0;
        for (var mm = 0; mm < old.Count; mm++)
        {
            scenario.TlbFlushPending[mm] = flushes[old[mm]];
            scenario.BatchedFlushPending |= (byte)(((batched >> old[mm]) & 1) << mm);
        }

        scenario.Mms = old.Count;
        return true;
    }

    /// <summary>Takes the pages without an entry from both ends of the VMAs that the run does not name.</summary>
    public static void TrimOthers(Shrinker shrinker)
    {
        for (var i = 0; i < shrinker.Best.VmaCount && shrinker.Best.Operation().WorksOnFolio; i++)
        {
            var vma = i;
            shrinker.Try(scenario => vma != scenario.Root() && TrimToEntries(scenario, vma));
        }
    }

    private static bool TrimToEntries(Scenario scenario, int vma)
    {
        int first = int.MaxValue,
            last = -1;
        foreach (ref readonly var pte in scenario.UsedPtes)
        {
            first = pte.Vma == vma ? Math.Min(first, pte.Page) : first;
            last = pte.Vma == vma ? Math.Max(last, pte.Page) : last;
        }

        ref var owner = ref scenario.Vmas[vma];
        if (last < 0 || (first == 0 && last + 1 == owner.Pages))
        {
            return false;
        }

        scenario.KeepTlb(tlb => tlb.Vma != vma || (tlb.Page >= first && tlb.Page <= last));
        scenario.CutSteps(vma, first, last);
        foreach (ref var pte in scenario.UsedPtes)
        {
            pte.Page -= pte.Vma == vma ? (short)first : (short)0;
        }

        foreach (ref var tlb in scenario.UsedTlb)
        {
            tlb.Page -= tlb.Vma == vma ? (short)first : (short)0;
        }

        owner.At += owner.At >= 0 ? first : 0;
        owner.Pages = last - first + 1;
        return true;
    }

    /// <summary>Lets the layout choose where VMAs and folios lie; else the ends of tables, the next best.</summary>
    public static void Normalize(Shrinker shrinker)
    {
        shrinker.Try(scenario =>
        {
            foreach (ref var vma in scenario.UsedVmas)
            {
                vma.At = -1;
            }

            return true;
        });
        shrinker.Try(scenario => Reset(true, () => scenario.ContPtes = 16));
        shrinker.Try(scenario => Reset(true, () => scenario.Cpus = 2));
        shrinker.Try(scenario => Reset(true, () => scenario.Slots = Machine.TableStride));
        shrinker.Try(FullTables);
        shrinker.Try(EndAtTable);
        shrinker.Try(scenario => Place(scenario, scenario.Run.NewVma, -1));
        shrinker.Try(scenario => Place(scenario, scenario.Root(), -1));
        shrinker.Try(scenario =>
        {
            foreach (ref var vma in scenario.UsedVmas)
            {
                vma.NeverFolded = false;
            }

            return true;
        });
        shrinker.Try(scenario =>
        {
            foreach (ref var folio in scenario.UsedFolios)
            {
                folio.Pfn = 0;
            }

            return true;
        });
        shrinker.Try(scenario => Reset(scenario.ShadowStack, () => scenario.ShadowStack = false));
        shrinker.Try(scenario => Reset(scenario.Bbml2, () => scenario.Bbml2 = false));
    }

    /// <summary>Tables of 512 slots, with the source as far from its table's end as it was.</summary>
    private static bool FullTables(Scenario scenario)
    {
        ref var source = ref scenario.Vmas[scenario.Root()];
        if (scenario.Slots == Machine.TableStride || source.At < 0)
        {
            return false;
        }

        var fromEnd = scenario.Slots - (source.At % scenario.Slots);
        scenario.Slots = Machine.TableStride;
        FreeDestination(scenario);
        source.At = Machine.TableStride - fromEnd;
        return true;
    }

    /// <summary>Puts the source into the first table, so that the range ends where the table does.</summary>
    private static bool EndAtTable(Scenario scenario)
    {
        var root = scenario.Root();
        ref var source = ref scenario.Vmas[root];
        var whole = scenario.Run.Vma != root;
        var pages = whole ? source.Pages : scenario.Run.First + scenario.Run.Pages;
        if (source.At < 0 || pages > scenario.Slots)
        {
            return false;
        }

        FreeDestination(scenario);
        source.At = scenario.Slots - pages;
        return true;
    }

    private static void FreeDestination(Scenario scenario)
    {
        foreach (ref var vma in scenario.UsedVmas)
        {
            vma.At = vma.Destination ? -1 : vma.At;
        }
    }

    private static bool Place(Scenario scenario, int vma, int at)
    {
        var changed = scenario.Vmas[vma].At != at;
        scenario.Vmas[vma].At = at;
        return changed;
    }

    private static bool Reset(bool differs, Action reset)
    {
        reset();
        return differs;
    }

    private static int Pages(Shrinker shrinker) => shrinker.Best.Vmas[shrinker.Best.Root()].Pages;
}
