using PteCheck.Checking.Scenarios;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Generation;

/// <summary>Fills the source VMA with runs, one after the other.</summary>
internal sealed class RunFiller
{
    private const int MaxRunFolios = 600;
    private int swapOffset;
    private int frames;

    /// <summary>Fills VMA 0.</summary>
    public void Fill(Scenario scenario, ref SeededRandom random)
    {
        swapOffset = 1 + random.Below(8);
        frames = 0;
        var pages = scenario.Vmas[0].Pages;
        var highPfns = random.Chance(4);
        for (var page = 0; page < pages; )
        {
            var before = scenario.FolioCount;
            page += FillRun(scenario, ref random, page, pages - page);
            if (highPfns && before == 0 && scenario.FolioCount > 0)
            {
                RaisePfn(scenario);
            }
        }
    }

    /// <summary>Puts the first folio close to the largest PFN that an entry can hold.</summary>
    private static void RaisePfn(Scenario scenario)
    {
        var bits = scenario.Architecture == Architecture.X86 ? X86_64.PfnBits : Arm64.PfnBits;
        scenario.Folios[0].Pfn = (1UL << bits) - Machine.MaxFrames;
    }

    private int FillRun(Scenario scenario, ref SeededRandom random, int page, int room)
    {
        var anonVma = (scenario.Vmas[0].Flags & VmaFlags.FileBacked) == 0;
        var shared = (scenario.Vmas[0].Flags & VmaFlags.Shared) != 0;
        var shadowStack = (scenario.Vmas[0].Flags & VmaFlags.ShadowStack) != 0;
        var droppable = (scenario.Vmas[0].Flags & VmaFlags.Droppable) != 0;
        var kind = random.Below(24);
        if (kind < 14 || scenario.FolioCount >= MaxRunFolios)
        {
            return scenario.FolioCount >= MaxRunFolios
                ? room
                : FolioRun(scenario, ref random, page, room);
        }

        if (kind < 17)
        {
            return Math.Min(room, random.Between(1, 6));
        }

        return kind switch
        {
            17 or 18 when !shared && !droppable => SwapRun(scenario, ref random, page, room),
            19 when !shared && !shadowStack => Single(scenario, ref random, page, EntryKind.Zero),
            20 => MigrationRun(scenario, ref random, page, room),
            21 when anonVma && !shadowStack => DeviceExclusiveRun(scenario, ref random, page),
            22 => PoisonRun(scenario, ref random, page),
            23 => MarkerRun(scenario, ref random, page, room),
            _ => 1,
        };
    }

    private int FolioRun(Scenario scenario, ref SeededRandom random, int page, int room)
    {
        var folio = AddFolio(scenario, ref random, room);
        var pages = scenario.Folios[folio].Pages;
        var slot = scenario.Vmas[0].At + page;
        var whole = random.Chance(55);
        var start = whole ? 0 : random.Below(pages);
        if (whole && pages >= scenario.ContPtes && room > pages && random.Chance(60))
        {
            // Align the mapping, so that arm64 can fold it; the slots skipped stay empty.
            var skip = -slot & (Math.Min(pages, scenario.Slots) - 1);
            if (skip + pages <= room)
            {
                page += skip;
                room -= skip;
                var length = Math.Min(pages, room);
                FolioEntries.Add(scenario, ref random, folio, start, page, length);
                return skip + length;
            }
        }

        var most = Math.Min(pages - start, room);
        var run = whole || random.Chance(50) ? most : random.Between(1, most);
        FolioEntries.Add(scenario, ref random, folio, start, page, run);
        return run;
    }

    private int AddFolio(Scenario scenario, ref SeededRandom random, int room)
    {
        var flags = scenario.Vmas[0].Flags;
        var kind =
            (flags & VmaFlags.Shared) != 0
            || ((flags & VmaFlags.FileBacked) != 0 && random.Chance(60))
                ? ((flags & VmaFlags.Shmem) != 0 ? FolioKind.Shmem : FolioKind.File)
            : (flags & VmaFlags.Droppable) != 0 || random.Chance(15) ? FolioKind.Lazyfree
            : FolioKind.Anon;
        var anon = kind is FolioKind.Anon or FolioKind.Lazyfree;
        var largest = 1;
        while (largest < 9 && 1 << largest < room)
        {
            largest++;
        }

        var order = random.Chance(15) ? 0 : random.Between(anon ? 2 : 1, Math.Max(2, largest));
        order = room == Machine.TableStride && random.Chance(50) ? largest : order;
        order = Reserve(order) ? order : 0;
        scenario.Folios[scenario.FolioCount] = new()
        {
            Order = (byte)order,
            Kind = kind,
            FilePage = -1,
            Dirty = kind != FolioKind.Lazyfree && random.Chance(30),
            Locked = random.Chance(5),
            SwapCache = kind == FolioKind.Anon && random.Chance(5),
            ExtraRefs = random.Chance(10) ? 1 : 0,
        };
        return scenario.FolioCount++;
    }

    /// <summary>Takes frames for a folio; false when what is left is kept for folios of one page.</summary>
    private bool Reserve(int order)
    {
        var pages = 1 << order;
        var end = ((frames + pages - 1) & -pages) + pages;
        if (end > Machine.MaxFrames - Machine.MaxFolios)
        {
            return false;
        }

        frames = end + 1;
        return true;
    }

    private int SwapRun(Scenario scenario, ref SeededRandom random, int page, int room)
    {
        var length = Math.Min(random.Between(1, 8), room);
        var exclusive = BitPattern.Choose(ref random, length);
        var tracked = BitPattern.Choose(ref random, length);
        var softDirty = BitPattern.Choose(ref random, length);
        for (var i = 0; i < length; i++)
        {
            var bits = NonPresentBits(scenario, tracked.At(i), softDirty.At(i));
            bits |= exclusive.At(i) ? PteBits.Exclusive : PteBits.None;
            Add(
                scenario,
                new()
                {
                    Page = (short)(page + i),
                    Kind = EntryKind.Swap,
                    Bits = bits,
                    SwapOffset = (short)swapOffset,
                }
            );
            swapOffset = (swapOffset % (Machine.SwapSlotsPerDevice - 1)) + 1;
        }

        return length;
    }

    private int MigrationRun(Scenario scenario, ref SeededRandom random, int page, int room)
    {
        var folio = AddFolio(scenario, ref random, room);
        scenario.Folios[folio].Locked = true;
        scenario.Folios[folio].ExtraRefs = 1;
        var length = Math.Min(Math.Min(random.Between(1, 4), scenario.Folios[folio].Pages), room);
        var writable = BitPattern.Choose(ref random, length);
        var anon = scenario.Folios[folio].IsAnon;
        var mayWrite = anon && (scenario.Vmas[0].Flags & VmaFlags.Write) != 0;
        for (var i = 0; i < length; i++)
        {
            var uffd = random.Chance(30);
            var bits = NonPresentBits(scenario, uffd, random.Chance(50));
            var kind =
                mayWrite && writable.At(i) && (bits & PteBits.UffdWp) == 0
                    ? EntryKind.MigrationWrite
                : anon && random.Chance(30) ? EntryKind.MigrationReadExclusive
                : EntryKind.MigrationRead;
            Add(
                scenario,
                new()
                {
                    Page = (short)(page + i),
                    Kind = kind,
                    Bits = bits,
                    Folio = (short)folio,
                    FolioPage = (short)i,
                }
            );
        }

        return length;
    }

    private int DeviceExclusiveRun(Scenario scenario, ref SeededRandom random, int page)
    {
        var folio = scenario.FolioCount++;
        var order = random.Chance(50) && Reserve(2) ? 2 : 0;
        var bits = NonPresentBits(scenario, random.Chance(20), random.Chance(50));
        var droppable = (scenario.Vmas[0].Flags & VmaFlags.Droppable) != 0;
        scenario.Folios[folio] = new()
        {
            Order = (byte)order,
            Kind = droppable ? FolioKind.Lazyfree : FolioKind.Anon,
            FilePage = -1,
            Dirty = !droppable,
        };
        scenario.Folios[folio].Exclusive.Set(0, value: true);
        Add(
            scenario,
            new()
            {
                Page = (short)page,
                Kind = EntryKind.DeviceExclusive,
                Bits = bits,
                Folio = (short)folio,
            }
        );
        return 1;
    }

    private int PoisonRun(Scenario scenario, ref SeededRandom random, int page)
    {
        var folio = AddFolio(scenario, ref random, room: 4);
        Add(
            scenario,
            new()
            {
                Page = (short)page,
                Kind = EntryKind.HwPoison,
                Folio = (short)folio,
            }
        );
        return 1;
    }

    private static int MarkerRun(Scenario scenario, ref SeededRandom random, int page, int room)
    {
        var flags = scenario.Vmas[0].Flags;
        var uffd =
            (flags & VmaFlags.UffdWp) != 0
            && (flags & (VmaFlags.FileBacked | VmaFlags.UffdWpUnpopulated)) != 0;
        var length = Math.Min(random.Between(1, 4), room);
        for (var i = 0; i < length; i++)
        {
            var marker =
                uffd && random.Chance(70) ? PteMarkers.UffdWp
                : (flags & VmaFlags.UffdAny) != 0 && random.Chance(50) ? PteMarkers.Poisoned
                : PteMarkers.Guard;
            Add(
                scenario,
                new()
                {
                    Page = (short)(page + i),
                    Kind = EntryKind.Marker,
                    Markers = marker,
                }
            );
        }

        return length;
    }

    private static int Single(Scenario scenario, ref SeededRandom random, int page, EntryKind kind)
    {
        if ((scenario.Vmas[0].Flags & (VmaFlags.Read | VmaFlags.Write | VmaFlags.Exec)) == 0)
        {
            return 1;
        }

        var bits = NonPresentBits(scenario, random.Chance(20), random.Chance(50));
        bits |= random.Chance(50) ? PteBits.Young : PteBits.None;
        Add(
            scenario,
            new()
            {
                Page = (short)page,
                Kind = kind,
                Bits = bits,
            }
        );
        return 1;
    }

    /// <summary>U where the VMA is armed, S where the architecture has it.</summary>
    private static PteBits NonPresentBits(Scenario scenario, bool uffd, bool softDirty)
    {
        var bits = PteBits.None;
        if (uffd && (scenario.Vmas[0].Flags & VmaFlags.UffdWp) != 0)
        {
            bits |= PteBits.UffdWp;
        }

        return softDirty && scenario.Architecture == Architecture.X86
            ? bits | PteBits.SoftDirty
            : bits;
    }

    private static void Add(Scenario scenario, in PteSpec pte) =>
        scenario.Ptes[scenario.PteCount++] = pte;
}
