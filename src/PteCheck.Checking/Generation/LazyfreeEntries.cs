using PteCheck.Checking.Scenarios;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Generation;

/// <summary>Draws the entries of the VMAs that map a lazyfree folio, within the reachability rules.</summary>
internal static class LazyfreeEntries
{
    /// <summary>Fills a VMA: the folio's pages at their place, and other entries beside them.</summary>
    public static void Fill(
        Scenario scenario,
        ref SeededRandom random,
        int vma,
        int place,
        bool shared
    )
    {
        ref readonly var owner = ref scenario.Vmas[vma];
        var pages = scenario.Folios[0].Pages;
        var write = BitPattern.Choose(ref random, pages);
        var dirty = BitPattern.Choose(ref random, pages);
        var young = BitPattern.Choose(ref random, pages);
        var softDirty = BitPattern.Choose(ref random, pages);
        var uffd = BitPattern.Choose(ref random, pages);
        var protnone = BitPattern.Choose(ref random, pages);
        var exclusive = BitPattern.Choose(ref random, pages);
        bool anyDirty = random.Chance(35),
            anyProtnone = random.Chance(20),
            holes = random.Chance(30);
        for (var page = 0; page < owner.Pages; page++)
        {
            var index = owner.At + page - place;
            if (index < 0 || index >= pages)
            {
                AddOther(scenario, ref random, vma, page);
                continue;
            }

            if (holes && random.Chance(20))
            {
                AddHole(scenario, ref random, vma, page, index, shared);
                continue;
            }

            var wanted =
                (write.At(index) ? PteBits.Write : 0)
                | (anyDirty && dirty.At(index) ? PteBits.Dirty : 0)
                | (young.At(index) ? PteBits.Young : 0)
                | (softDirty.At(index) ? PteBits.SoftDirty : 0)
                | (uffd.At(index) ? PteBits.UffdWp : 0)
                | (anyProtnone && protnone.At(index) ? PteBits.Protnone : 0);
            var bits = Reachable(scenario, owner.Flags, wanted, shared);
            var mine = !shared && (exclusive.At(index) || (bits & PteBits.Write) != 0);
            scenario.Folios[0].Exclusive.Set(index, mine);
            Add(
                scenario,
                new()
                {
                    Vma = (byte)vma,
                    Page = (short)page,
                    Kind = EntryKind.Present,
                    Bits = bits,
                    FolioPage = (short)index,
                }
            );
        }
    }

    /// <summary>Gives the folio one entry where chance has left it without any.</summary>
    public static void EnsureMapped(Scenario scenario)
    {
        foreach (ref readonly var pte in scenario.UsedPtes)
        {
            if (pte.IsMapping && pte.Folio == 0)
            {
                return;
            }
        }

        scenario.PteCount = 0;
        scenario.FolioCount = 1;
        scenario.Folios[0].Exclusive = default;
        Add(scenario, new() { Kind = EntryKind.Present });
    }

    /// <summary>The wanted bits, less those that the rules exclude.</summary>
    private static PteBits Reachable(Scenario scenario, VmaFlags flags, PteBits bits, bool shared)
    {
        bits &= scenario.Architecture == Architecture.X86 ? ~PteBits.None : ~PteBits.SoftDirty;
        bits &= (flags & VmaFlags.UffdWp) != 0 ? ~PteBits.None : ~PteBits.UffdWp;
        var writable =
            !shared
            && (bits & (PteBits.UffdWp | PteBits.Protnone)) == 0
            && (flags & VmaFlags.Write) != 0
            && ((flags & VmaFlags.SoftDirtyTracked) == 0 || (bits & PteBits.SoftDirty) != 0);
        bits &= writable ? ~PteBits.None : ~PteBits.Write;
        var pushed = (flags & VmaFlags.ShadowStack) != 0 && (bits & PteBits.Write) != 0;
        return pushed ? bits | PteBits.Dirty : bits;
    }

    /// <summary>A place of the folio without its page: mostly device-exclusive in a droppable VMA, else empty or swapped.</summary>
    private static void AddHole(
        Scenario scenario,
        ref SeededRandom random,
        int vma,
        int page,
        int index,
        bool shared
    )
    {
        var droppable = (scenario.Vmas[vma].Flags & VmaFlags.Droppable) != 0;
        var shadowStack = (scenario.Vmas[vma].Flags & VmaFlags.ShadowStack) != 0;
        var possible = !shared && !shadowStack && (droppable || scenario.Folios[0].Dirty);
        var exclusive = possible && random.Chance(60);
        if (!exclusive)
        {
            return;
        }

        scenario.Folios[0].Exclusive.Set(index, value: true);
        var softDirty = scenario.Architecture == Architecture.X86 && random.Chance(40);
        Add(
            scenario,
            new()
            {
                Vma = (byte)vma,
                Page = (short)page,
                Kind = EntryKind.DeviceExclusive,
                Bits = softDirty ? PteBits.SoftDirty : PteBits.None,
                FolioPage = (short)index,
            }
        );
    }

    /// <summary>An entry beside the folio: nothing, the zero page, a guard, or another folio of one page, which may be on its way or poisoned.</summary>
    private static void AddOther(Scenario scenario, ref SeededRandom random, int vma, int page)
    {
        var flags = scenario.Vmas[vma].Flags;
        var droppable = (flags & VmaFlags.Droppable) != 0;
        var shadowStack = (flags & VmaFlags.ShadowStack) != 0;
        var pte = new PteSpec { Vma = (byte)vma, Page = (short)page };
        switch (random.Below(6))
        {
            case 0 when !shadowStack:
                Add(scenario, pte with { Kind = EntryKind.Zero });
                break;
            case 1:
                Add(scenario, pte with { Kind = EntryKind.Marker, Markers = PteMarkers.Guard });
                break;
            case 2 when !droppable:
                var offset = (short)(1 + (scenario.PteCount % 200));
                Add(scenario, pte with { Kind = EntryKind.Swap, SwapOffset = offset });
                break;
            case 3 or 4:
                var bits = random.Chance(50) ? PteBits.Dirty : PteBits.None;
                pte = pte with { Folio = (short)scenario.FolioCount, Bits = bits };
                scenario.Folios[scenario.FolioCount++] = new()
                {
                    Kind = droppable ? FolioKind.Lazyfree : FolioKind.Anon,
                    FilePage = -1,
                };
                Add(scenario, pte with { Kind = EntryKind.Present });
                break;
            case 5 when random.Chance(40):
                var migrates = random.Chance(50);
                pte = pte with { Folio = (short)scenario.FolioCount };
                scenario.Folios[scenario.FolioCount++] = new()
                {
                    Kind = droppable ? FolioKind.Lazyfree : FolioKind.Anon,
                    FilePage = -1,
                    Locked = migrates,
                    ExtraRefs = migrates ? 1 : 0,
                };
                var kind = migrates ? EntryKind.MigrationRead : EntryKind.HwPoison;
                Add(scenario, pte with { Kind = kind });
                break;
        }
    }

    private static void Add(Scenario scenario, in PteSpec pte) =>
        scenario.Ptes[scenario.PteCount++] = pte;
}
