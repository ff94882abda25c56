using System.Numerics;
using PteCheck.Checking.Scenarios;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Generation;

/// <summary>
/// Cases of collapse-file: a huge folio of a file or of shmem, mapped by entries in runs with holes, in a VMA that
/// covers its table; between them what copy-on-write, userfaultfd, swap-out and migration leave there. Some cases
/// stop at each of the preconditions.
/// </summary>
internal static class CollapseFileGenerator
{
    private const VmaFlags Rights = VmaFlags.Read | VmaFlags.Write | VmaFlags.Exec;

    /// <summary>Fills a scenario whose tables are chosen.</summary>
    public static void Fill(Scenario scenario, ref SeededRandom random)
    {
        var slots = scenario.Slots;
        var order = BitOperations.Log2((uint)slots);
        var flags = ChooseFlags(scenario, ref random);
        var lead = random.Chance(85) ? 0 : random.Between(1, Math.Min(4, slots - 1));
        var tail = random.Chance(85) ? 0 : random.Between(1, 4);
        var misses = random.Chance(4);
        scenario.Vmas[0] = new()
        {
            At = slots - lead + (misses ? 1 : 0),
            Pages = lead + slots + tail - (misses ? 1 : 0),
            Flags = flags,
            NeverFolded = scenario.Architecture == Architecture.Arm64 && random.Chance(15),
        };
        scenario.VmaCount = 1;
        scenario.Folios[0] = new()
        {
            Order = (byte)(random.Chance(96) ? order : random.Between(1, order)),
            Kind = (flags & VmaFlags.Shmem) != 0 ? FolioKind.Shmem : FolioKind.File,
            FilePage = -1,
            Dirty = random.Chance(50),
            ExtraRefs = random.Chance(10) ? 1 : 0,
        };
        scenario.FolioCount = 1;
        scenario.Run.Install = random.Chance(40);
        scenario.Run.Folio = random.Chance(97) ? (short)0 : CollapseTarget.NoFolio;
        if (scenario.Run.Folio < 0)
        {
            scenario.FolioCount = 0;
        }

        FillTable(scenario, ref random, lead - (misses ? 1 : 0));
        scenario.Vmas[0].NoTables = scenario.PteCount == 0 && random.Chance(50);
        ChooseOtherMapping(scenario, ref random, lead - (misses ? 1 : 0));
        RunTarget.Settle(scenario);
    }

    private static VmaFlags ChooseFlags(Scenario scenario, ref SeededRandom random)
    {
        var flags = random.Below(10) switch
        {
            0 => VmaFlags.Read,
            1 => VmaFlags.Read | VmaFlags.Exec,
            _ => VmaFlags.Read | VmaFlags.Write,
        };
        flags |= random.Chance(70) ? VmaFlags.Shmem : VmaFlags.File;
        flags |= random.Chance(45) ? VmaFlags.Shared : VmaFlags.None;
        if (scenario.Architecture == Architecture.X86 && random.Chance(15))
        {
            flags |= VmaFlags.SoftDirtyTracked;
        }

        if ((flags & VmaFlags.Shmem) == 0 || random.Chance(50))
        {
            return flags;
        }

        return flags
            | random.Below(8) switch
            {
                < 5 => VmaFlags.UffdMissing,
                5 or 6 => VmaFlags.UffdMinor,
                _ => VmaFlags.UffdWp,
            };
    }

    /// <summary>Runs of the folio's own pages, each in its place; holes; now and then something else.</summary>
    private static void FillTable(Scenario scenario, ref SeededRandom random, int lead)
    {
        var slots = scenario.Slots;
        var sparse = random.Below(4);
        var others = random.Chance(25);
        for (var slot = 0; slot < slots; )
        {
            var page = lead + slot;
            var length = RunLength(ref random, slots - slot);
            if (
                page < 0
                || page >= scenario.Vmas[0].Pages
                || scenario.PteCount + length > Scenario.MaxPtes
            )
            {
                slot++;
                continue;
            }

            length = Math.Min(length, scenario.Vmas[0].Pages - page);
            var hole = random.Chance(
                sparse switch
                {
                    0 => 0,
                    1 => 20,
                    2 => 50,
                    _ => 100,
                }
            );
            if (others && random.Chance(20))
            {
                Other(scenario, ref random, page);
                length = 1;
            }
            else if (!hole && scenario.Run.Folio >= 0)
            {
                length = Math.Min(length, scenario.Folios[0].Pages - slot);
                if (length > 0)
                {
                    FolioEntries.Add(scenario, ref random, 0, slot, page, length);
                }
            }

            slot += Math.Max(1, length);
        }
    }

    private static int RunLength(ref SeededRandom random, int room) =>
        random.Below(4) switch
        {
            0 => 1,
            1 => room,
            _ => random.Between(1, room),
        };

    /// <summary>An entry that is none of the folio's own: a copy, the zero page, what is not present.</summary>
    private static void Other(Scenario scenario, ref SeededRandom random, int page)
    {
        var isPrivate = (scenario.Vmas[0].Flags & VmaFlags.Shared) == 0;
        var kind = random.Below(10);
        var pte = new PteSpec { Page = (short)page };
        if (isPrivate && kind < 5 && scenario.FolioCount < Machine.MaxFolios)
        {
            var folio = (short)scenario.FolioCount++;
            scenario.Folios[folio] = new() { Kind = FolioKind.Anon, FilePage = -1 };
            var write =
                (scenario.Vmas[0].Flags & (VmaFlags.Write | VmaFlags.SoftDirtyTracked))
                == VmaFlags.Write;
            scenario.Folios[folio].Exclusive.Set(0, value: true);
            pte.Kind = EntryKind.Present;
            pte.Folio = folio;
            pte.Bits =
                write && random.Chance(70)
                    ? PteBits.Write | PteBits.Dirty | PteBits.Young
                    : PteBits.Young;
        }
        else if (isPrivate && kind == 5 && (scenario.Vmas[0].Flags & Rights) != 0)
        {
            pte.Kind = EntryKind.Zero;
        }
        else if (isPrivate && kind < 8)
        {
            pte.Kind = EntryKind.Swap;
            pte.SwapOffset = (short)(1 + page % (Machine.SwapSlotsPerDevice - 1));
        }
        else
        {
            pte.Kind = EntryKind.Marker;
            pte.Markers = PteMarkers.Guard;
        }

        scenario.Ptes[scenario.PteCount++] = pte;
    }

    /// <summary>Sometimes another mm maps some of the folio's pages, too, and is left alone.</summary>
    private static void ChooseOtherMapping(Scenario scenario, ref SeededRandom random, int lead)
    {
        var own = scenario.PteCount;
        if (!random.Chance(15) || scenario.Run.Folio < 0 || own * 2 > Scenario.MaxPtes)
        {
            return;
        }

        var flags = scenario.Vmas[0].Flags & ~VmaFlags.UffdAny;
        scenario.Mms = 2;
        scenario.Vmas[1] = scenario.Vmas[0] with { Mm = 1, Flags = flags };
        scenario.VmaCount = 2;
        for (var i = 0; i < own; i++)
        {
            var pte = scenario.Ptes[i];
            if (pte.Kind == EntryKind.Present && pte.Folio == 0 && lead >= 0 && random.Chance(70))
            {
                var bits = pte.Bits & (PteBits.Young | PteBits.Protnone);
                scenario.Ptes[scenario.PteCount++] = pte with { Vma = 1, Bits = bits };
            }
        }
    }
}
