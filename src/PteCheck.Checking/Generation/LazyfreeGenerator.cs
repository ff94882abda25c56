using PteCheck.Checking.Scenarios;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Generation;

/// <summary>
/// Draws scenarios of lazyfree-unmap: one lazyfree folio, mapped whole, in part, from the middle, over the
/// end of a table or of a VMA, in one or two VMAs of one or two mms, with other entries beside it.
/// </summary>
internal static class LazyfreeGenerator
{
    private const VmaFlags ReadWrite = VmaFlags.Read | VmaFlags.Write;

    /// <summary>Fills a scenario whose tables are chosen.</summary>
    public static void Fill(Scenario scenario, ref SeededRandom random)
    {
        var order = ChooseOrder(scenario, ref random);
        scenario.Folios[0] = new()
        {
            Order = (byte)order,
            Kind = FolioKind.Lazyfree,
            FilePage = -1,
            Locked = true,
            ExtraRefs = random.Chance(12) ? 2 : 1,
            Pins = random.Chance(3) ? 1 : 0,
            Dirty = random.Chance(3),
        };
        scenario.FolioCount = 1;
        scenario.Run.Folio = 0;
        scenario.Run.Deferred = random.Chance(50);
        var flags = ChooseFlags(scenario, ref random);
        var kind = random.Below(10);
        var shared = kind >= 8 && order < 9 && (flags & VmaFlags.Droppable) == 0;
        var place = ChoosePlace(scenario, ref random, scenario.Folios[0].Pages);
        ChooseVmas(scenario, ref random, place, flags, split: kind is 6 or 7, shared);
        for (var vma = 0; vma < scenario.VmaCount; vma++)
        {
            LazyfreeEntries.Fill(scenario, ref random, vma, place, shared);
        }

        LazyfreeEntries.EnsureMapped(scenario);
        if (scenario.Folios[0].Pins > 0)
        {
            StepPage.Pin(scenario, 0);
        }

        ChoosePending(scenario, ref random);
        RunTarget.Settle(scenario);
    }

    private static int ChooseOrder(Scenario scenario, ref SeededRandom random)
    {
        var largest = scenario.Slots switch
        {
            8 => 5,
            16 => 6,
            32 => 7,
            _ => 9,
        };
        return random.Below(20) switch
        {
            0 or 1 => 0,
            2 => random.Between(2, largest),
            _ => random.Between(2, Math.Min(5, largest)),
        };
    }

    /// <summary>
    /// With shadow stacks half of the cases lie in one. MADV_FREE takes them as any anonymous VMA: it refuses only
    /// locked ones and PFN maps (mm/madvise.c, madvise_dontneed_free_valid_vma and madvise_free_single_vma).
    /// </summary>
    private static VmaFlags ChooseFlags(Scenario scenario, ref SeededRandom random)
    {
        if (scenario.ShadowStack && random.Chance(50))
        {
            return ReadWrite | VmaFlags.ShadowStack;
        }

        var flags = random.Chance(92) ? ReadWrite : VmaFlags.Read;
        if (scenario.Architecture == Architecture.X86 && random.Chance(20))
        {
            flags |= VmaFlags.SoftDirtyTracked;
        }

        return random.Below(20) switch
        {
            < 6 => flags | VmaFlags.Droppable,
            6 => flags | VmaFlags.Locked,
            7 => flags | VmaFlags.UffdWp,
            _ => flags,
        };
    }

    /// <summary>
    /// One VMA around a stretch of the folio; or two that divide it; or two mms that share it. Before and
    /// behind the folio there is room for other entries, or none.
    /// </summary>
    private static void ChooseVmas(
        Scenario scenario,
        ref SeededRandom random,
        int place,
        VmaFlags flags,
        bool split,
        bool shared
    )
    {
        var pages = scenario.Folios[0].Pages;
        var lead = random.Chance(50) ? 0 : random.Between(1, 4);
        var tail = random.Chance(50) ? 0 : random.Between(1, 4);
        var at = place - lead;
        var end = place + pages + tail;
        if (random.Chance(25))
        {
            end = place + random.Between(1, pages);
        }

        if (random.Chance(20))
        {
            at = Math.Min(place + random.Below(pages), end - 1);
        }

        scenario.VmaCount = 1;
        scenario.Vmas[0] = Vma(at, end - at, flags, mm: 0, scenario, ref random);
        if (split && end - at > 1)
        {
            var cut = random.Between(at + 1, end - 1);
            scenario.Vmas[0].Pages = cut - at;
            var other = random.Chance(50) || IsShadowStack(flags) ? flags : flags ^ VmaFlags.Exec;
            scenario.Vmas[1] = Vma(cut, end - cut, other, mm: 0, scenario, ref random);
            scenario.VmaCount = 2;
        }
        else if (shared)
        {
            scenario.Mms = 2;
            var child = flags & ~VmaFlags.UffdWp;
            scenario.Vmas[1] = Vma(at, end - at, child, mm: 1, scenario, ref random);
            scenario.VmaCount = 2;
        }
    }

    private static bool IsShadowStack(VmaFlags flags) => (flags & VmaFlags.ShadowStack) != 0;

    private static VmaSpec Vma(
        int at,
        int pages,
        VmaFlags flags,
        byte mm,
        Scenario scenario,
        ref SeededRandom random
    ) =>
        new()
        {
            At = at,
            Pages = pages,
            Flags = flags,
            Mm = mm,
            NeverFolded = scenario.Architecture == Architecture.Arm64 && random.Chance(15),
        };

    /// <summary>Page number of page 0 of the folio, a table or more from the start: aligned, before the end of a table, or anywhere.</summary>
    private static int ChoosePlace(Scenario scenario, ref SeededRandom random, int pages)
    {
        var slots = scenario.Slots;
        var offset = random.Below(4) switch
        {
            0 or 1 => 0,
            2 => slots - random.Between(1, Math.Min(slots, pages)),
            _ => random.Below(slots),
        };
        return slots + offset;
    }

    private static void ChoosePending(Scenario scenario, ref SeededRandom random)
    {
        scenario.BatchedFlushPending = random.Chance(8) ? (byte)1 : (byte)0;
        if (!random.Chance(25))
        {
            return;
        }

        scenario.TlbFlushPending[0] = 1;
        foreach (ref readonly var pte in scenario.UsedPtes)
        {
            var had = pte.Has(PteBits.Protnone) && scenario.Vmas[pte.Vma].Mm == 0;
            if (had && scenario.TlbCount < 2 && random.Chance(50))
            {
                scenario.Tlb[scenario.TlbCount++] = new()
                {
                    Cpu = (byte)random.Below(scenario.Cpus),
                    Vma = pte.Vma,
                    Page = pte.Page,
                    Folio = pte.Folio,
                    FolioPage = pte.FolioPage,
                };
            }
        }
    }
}
