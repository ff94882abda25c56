using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Generation;

/// <summary>
/// Cases of collapse-anon: a table of anonymous pages, small and large, with holes and the zero page, in a VMA that
/// covers it, and a window of it or all of it. Most cases can succeed; the others stop at one of the tests.
/// </summary>
internal static class CollapseAnonGenerator
{
    private const VmaFlags Rights = VmaFlags.Read | VmaFlags.Write | VmaFlags.Exec;

    /// <summary>Fills a scenario whose tables are chosen.</summary>
    public static void Fill(Scenario scenario, ref SeededRandom random)
    {
        // A table of 512 slots costs as much as twenty small ones.
        scenario.Slots =
            scenario.Slots == Machine.TableStride && random.Chance(75) ? 32 : scenario.Slots;
        var slots = scenario.Slots;
        var pmdOrder = CollapseWindow.PmdOrder(scenario);
        var lead = random.Chance(85) ? 0 : random.Between(1, 4);
        var tail = random.Chance(85) ? 0 : random.Between(1, 4);
        var misses = random.Chance(2) ? 1 : 0;
        scenario.Vmas[0] = new()
        {
            At = slots - lead + misses,
            Pages = lead + slots + tail - misses,
            Flags = ChooseFlags(scenario, ref random),
            NeverFolded = scenario.Architecture == Architecture.Arm64 && random.Chance(15),
        };
        scenario.VmaCount = 1;
        ref var run = ref scenario.Run;
        run.Order = random.Chance(55) ? (byte)random.Between(2, pmdOrder - 1) : (byte)0;
        run.First = (short)(lead + random.Below(slots - misses));
        run.Pages = 1;
        run.Khugepaged = random.Chance(50);
        ChooseLimits(scenario, ref random);
        RunTarget.Settle(scenario);
        FillTable(scenario, ref random, lead - misses);
        MakeYoung(scenario, ref random);
        ChooseMishap(scenario, ref random);
        RunTarget.Settle(scenario);
    }

    private static VmaFlags ChooseFlags(Scenario scenario, ref SeededRandom random)
    {
        var flags = VmaFlags.Read | VmaFlags.Write;
        if (scenario.ShadowStack && random.Chance(30))
        {
            return flags | VmaFlags.ShadowStack;
        }

        flags = random.Below(16) switch
        {
            0 => VmaFlags.Read,
            1 => VmaFlags.None,
            2 => flags | VmaFlags.Exec,
            _ => flags,
        };
        if (scenario.Architecture == Architecture.X86 && random.Chance(15))
        {
            flags |= VmaFlags.SoftDirtyTracked;
        }

        return flags
            | random.Below(40) switch
            {
                0 => VmaFlags.Shmem,
                1 or 2 => VmaFlags.Droppable,
                3 or 4 => VmaFlags.Locked,
                5 or 6 => VmaFlags.UffdMissing,
                7 => VmaFlags.UffdWp,
                8 => VmaFlags.UffdMissing | VmaFlags.UffdWp | VmaFlags.UffdWpUnpopulated,
                _ => VmaFlags.None,
            };
    }

    private static void ChooseLimits(Scenario scenario, ref SeededRandom random)
    {
        ref var run = ref scenario.Run;
        if (random.Chance(15))
        {
            run.MaxNone = random.Chance(50) ? (short)0 : (short)random.Below(scenario.Slots);
        }

        if (random.Chance(5))
        {
            run.MaxSwap = (short)random.Below(3);
        }

        if (random.Chance(5))
        {
            run.MaxShared = (short)random.Below(3);
        }
    }

    private static void ChooseMishap(Scenario scenario, ref SeededRandom random)
    {
        if (random.Chance(8))
        {
            scenario.Run.Mishap = (CollapseMishap)random.Between(1, (int)CollapseMishap.CopyFails);
            scenario.Run.MishapPage = (short)random.Below(1 << CollapseWindow.OrderOf(scenario));
        }
    }

    private static void FillTable(Scenario scenario, ref SeededRandom random, int lead)
    {
        var pages = scenario.Vmas[0].Pages;
        var sparse = random.Below(4) switch
        {
            0 or 1 => 4,
            2 => 25,
            _ => 60,
        };
        var others = random.Chance(30) ? 15 : 0;
        var largest = Math.Max(0, CollapseWindow.OrderOf(scenario) - 1);
        largest = random.Chance(90) ? largest : CollapseWindow.PmdOrder(scenario);
        for (var slot = 0; slot < scenario.Slots; )
        {
            var page = lead + slot;
            var room = Math.Min(scenario.Slots - slot, pages - page);
            slot +=
                page < 0 || room <= 0 ? 1
                : random.Chance(sparse) ? random.Between(1, Math.Min(room, 4))
                : random.Chance(IsBeside(scenario, page) ? 40 : others)
                    ? Other(scenario, ref random, page)
                : random.Chance(4) ? Zero(scenario, page)
                : Folio(scenario, ref random, page, room, largest);
        }
    }

    /// <summary>khugepaged leaves a table alone in which something is swapped out and fewer than half of the entries are young.</summary>
    private static void MakeYoung(Scenario scenario, ref SeededRandom random)
    {
        if (!scenario.Run.Khugepaged || random.Chance(50))
        {
            return;
        }

        foreach (ref var pte in scenario.Ptes.AsSpan(0, scenario.PteCount))
        {
            pte.Bits |= pte.Kind == EntryKind.Present ? PteBits.Young : PteBits.None;
        }
    }

    /// <summary>Whether a page is next to the window, where a batch must stop.</summary>
    private static bool IsBeside(Scenario scenario, int page) =>
        page == scenario.Run.First - 1 || page == scenario.Run.First + scenario.Run.Pages;

    private static int Folio(
        Scenario scenario,
        ref SeededRandom random,
        int page,
        int room,
        int largest
    )
    {
        var order = largest < 2 || random.Chance(40) ? 0 : random.Between(2, largest);
        order = scenario.Slots == Machine.TableStride && largest >= 4 ? largest : order;
        var folio = AddFolio(scenario, ref random, order);
        var slot = scenario.Vmas[0].At + page;
        var pages = 1 << order;
        var skip = random.Chance(60) ? -slot & (pages - 1) : 0;
        if (skip >= room)
        {
            skip = 0;
        }

        var start = random.Chance(75) ? 0 : random.Below(pages);
        var length = Math.Min(pages - start, room - skip);
        length = random.Chance(80) ? length : random.Between(1, length);
        FolioEntries.Add(scenario, ref random, folio, start, page + skip, length);
        return skip + length;
    }

    private static int AddFolio(Scenario scenario, ref SeededRandom random, int order)
    {
        var droppable = (scenario.Vmas[0].Flags & VmaFlags.Droppable) != 0;
        var lazyfree = droppable || random.Chance(6);
        var rare = scenario.Slots == Machine.TableStride ? 1000 : 100;
        scenario.Folios[scenario.FolioCount] = new()
        {
            Order = (byte)order,
            Kind = lazyfree ? FolioKind.Lazyfree : FolioKind.Anon,
            FilePage = -1,
            Dirty = !droppable && random.Chance(25),
            Locked = random.Below(rare) == 0,
            SwapCache = !lazyfree && random.Chance(5),
            ExtraRefs = random.Below(rare) < 2 ? 1 : 0,
        };
        return scenario.FolioCount++;
    }

    private static int Zero(Scenario scenario, int page)
    {
        if (
            (scenario.Vmas[0].Flags & Rights) != 0
            && (scenario.Vmas[0].Flags & VmaFlags.ShadowStack) == 0
        )
        {
            scenario.Ptes[scenario.PteCount++] = new()
            {
                Page = (short)page,
                Kind = EntryKind.Zero,
            };
        }

        return 1;
    }

    /// <summary>What is not present: swapped out, under migration, a marker, a poisoned page.</summary>
    private static int Other(Scenario scenario, ref SeededRandom random, int page)
    {
        var pte = new PteSpec { Page = (short)page };
        var droppable = (scenario.Vmas[0].Flags & VmaFlags.Droppable) != 0;
        var kind = random.Between(IsBeside(scenario, page) ? 5 : 0, 9);
        if (kind < 6 && !droppable)
        {
            pte.Kind = EntryKind.Swap;
            pte.SwapOffset = (short)(1 + (page % (Machine.SwapSlotsPerDevice - 1)));
            pte.Bits = random.Chance(50) ? PteBits.Exclusive : PteBits.None;
        }
        else if (kind < 8)
        {
            pte.Kind = EntryKind.MigrationRead;
            pte.Folio = (short)AddFolio(scenario, ref random, 0);
            scenario.Folios[pte.Folio].Locked = true;
            scenario.Folios[pte.Folio].ExtraRefs = 1;
        }
        else
        {
            pte.Kind = EntryKind.Marker;
            pte.Markers = PteMarkers.Guard;
        }

        scenario.Ptes[scenario.PteCount++] = pte;
        return 1;
    }
}
