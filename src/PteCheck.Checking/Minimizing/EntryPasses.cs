using PteCheck.Checking.Scenarios;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Minimizing;

/// <summary>Passes over entries and VMAs: fewer, then simpler, then in the first place.</summary>
internal static class EntryPasses
{
    private static readonly PteBits[] Letters =
    [
        PteBits.Protnone,
        PteBits.UffdWp,
        PteBits.SoftDirty,
        PteBits.Exclusive,
        PteBits.Young,
        PteBits.Dirty,
        PteBits.Write,
    ];

    /// <summary>Drops runs of entries, half of them first, down to single ones.</summary>
    public static void DropPtes(Shrinker shrinker)
    {
        for (var chunk = Math.Max(1, shrinker.Best.PteCount / 2); chunk >= 1; chunk /= 2)
        {
            for (var first = shrinker.Best.PteCount - chunk; first > -chunk; first -= chunk)
            {
                var from = first;
                var size = chunk;
                shrinker.Try(scenario =>
                    scenario.KeepPtes((_, index) => index < from || index >= from + size)
                );
            }
        }
    }

    /// <summary>Closes the holes between entries.</summary>
    public static void CloseHoles(Shrinker shrinker) =>
        shrinker.Try(scenario =>
        {
            short next = 0;
            var root = scenario.Root();
            foreach (ref var pte in scenario.UsedPtes)
            {
                if (pte.Vma == root)
                {
                    scenario.RenumberStepPages(pte.Vma, pte.Page, next);
                    scenario.RenumberRuns(pte.Vma, pte.Page, next);
                    pte.Page = next++;
                }
            }

            return next > 0 && scenario.TlbCount == 0 && scenario.Window(0, next - 1);
        });

    /// <summary>The plainest VMA first, then every flag by itself.</summary>
    public static void PlainVma(Shrinker shrinker)
    {
        const VmaFlags Plain = VmaFlags.Read | VmaFlags.Write;
        if (!shrinker.Try(scenario => MakeAnonymous(scenario, Plain, atEnd: false)))
        {
            shrinker.Try(scenario => MakeAnonymous(scenario, Plain, atEnd: true));
        }

        for (var bit = 1u; bit <= (uint)VmaFlags.SoftDirtyTracked; bit <<= 1)
        {
            var flag = (VmaFlags)bit & ~Plain;
            shrinker.Try(scenario => SetFlags(scenario, flags => flags & ~flag));
        }

        shrinker.Try(scenario => SetFlags(scenario, flags => flags | Plain));
        shrinker.Try(scenario =>
        {
            var root = scenario.Root();
            var pages = scenario.Vmas[root].FilePages;
            scenario.Vmas[root].FilePages = 0;
            return pages != 0;
        });
    }

    /// <summary>Clears each letter everywhere at once, then entry by entry.</summary>
    public static void ClearLetters(Shrinker shrinker)
    {
        foreach (var letter in Letters)
        {
            if (!shrinker.Try(scenario => Clear(scenario, letter, -1)))
            {
                for (var i = 0; i < shrinker.Best.PteCount; i++)
                {
                    var index = i;
                    shrinker.Try(scenario => Clear(scenario, letter, index));
                }
            }
        }
    }

    /// <summary>Turns special entries into pages, or at least into swap entries, and numbers swap slots from 1.</summary>
    public static void PlainNonPresent(Shrinker shrinker)
    {
        shrinker.Try(scenario =>
        {
            short next = 1;
            foreach (ref var pte in scenario.UsedPtes)
            {
                pte.SwapOffset = pte.Kind == EntryKind.Swap ? next++ : (short)0;
                pte.SwapDevice = 0;
            }

            return true;
        });
        for (var i = 0; i < shrinker.Best.PteCount; i++)
        {
            var index = i;
            if (!shrinker.Try(scenario => MakePresent(scenario, index)))
            {
                shrinker.Try(scenario => MakeSwap(scenario, index));
            }
        }
    }

    /// <summary>Young in place of dirty, where either will do; and the least that stale translations need.</summary>
    public static void PlainLetters(Shrinker shrinker)
    {
        for (var i = 0; i < shrinker.Best.PteCount; i++)
        {
            var index = i;
            shrinker.Try(scenario => YoungForDirty(scenario, index));
            shrinker.Try(scenario => MoveLetters(scenario, index));
            shrinker.Try(scenario => ExchangeLetters(scenario, index));
        }

        for (var i = 0; i < shrinker.Best.TlbCount; i++)
        {
            var index = i;
            shrinker.Try(scenario =>
            {
                var before = scenario.Tlb[index];
                scenario.Tlb[index].Bits = PteBits.None;
                scenario.Tlb[index].Cpu = 0;
                return scenario.Tlb[index] != before;
            });
        }
    }

    /// <summary>Anonymous folios in a plain VMA; those of two pages become four, used at their start or their end.</summary>
    private static bool MakeAnonymous(Scenario scenario, VmaFlags plain, bool atEnd)
    {
        foreach (ref var pte in scenario.UsedPtes)
        {
            var grows = atEnd && pte.HasFolio && scenario.Folios[pte.Folio].Order == 1;
            pte.FolioPage += grows ? (short)2 : (short)0;
        }

        foreach (ref var pte in scenario.UsedPtes)
        {
            ref var folio = ref scenario.Folios[pte.Folio];
            if (pte.HasFolio && pte.Has(PteBits.Write))
            {
                folio.Exclusive.Set(pte.FolioPage, value: true);
            }
        }

        for (var i = 0; i < scenario.FolioCount; i++)
        {
            ref var folio = ref scenario.Folios[i];
            folio.Kind = scenario.IsTarget(i) ? folio.Kind : FolioKind.Anon;
            folio.Dirty = false;
            folio.Order = folio.Order == 1 ? (byte)2 : folio.Order;
        }

        // Only in a droppable VMA may the folio of a device-exclusive entry be clean.
        foreach (ref readonly var pte in scenario.UsedPtes)
        {
            if (pte.Kind == EntryKind.DeviceExclusive)
            {
                scenario.Folios[pte.Folio].Dirty = true;
            }
        }

        return SetFlags(scenario, flags => (flags & VmaFlags.ShadowStack) | plain);
    }

    private static bool SetFlags(Scenario scenario, Func<VmaFlags, VmaFlags> change)
    {
        var all = scenario.Operation().WorksOnFolio;
        for (var i = 0; i < scenario.VmaCount; i++)
        {
            ref var vma = ref scenario.Vmas[i];
            vma.Flags = all || i == scenario.Root() ? change(vma.Flags) : vma.Flags;
        }

        return true;
    }

    private static bool Clear(Scenario scenario, PteBits letter, int index)
    {
        var changed = false;
        for (var i = 0; i < scenario.PteCount; i++)
        {
            if ((index < 0 || index == i) && scenario.Ptes[i].Has(letter))
            {
                scenario.Ptes[i].Bits &= ~letter;
                changed = true;
            }
        }

        return changed;
    }

    private static bool MakeSwap(Scenario scenario, int index)
    {
        ref var pte = ref scenario.Ptes[index];
        if (pte.Kind is EntryKind.Present or EntryKind.Swap or EntryKind.None)
        {
            return false;
        }

        pte = new()
        {
            Vma = pte.Vma,
            Page = pte.Page,
            Kind = EntryKind.Swap,
            Bits = pte.Bits & PteBits.UffdWp,
            SwapOffset = (short)(index + 1),
        };
        scenario.DropUnusedFolios();
        return true;
    }

    /// <summary>A page of a small folio in place of any other entry.</summary>
    private static bool MakePresent(Scenario scenario, int index)
    {
        ref var pte = ref scenario.Ptes[index];
        if (pte.Kind is EntryKind.Present or EntryKind.None)
        {
            return false;
        }

        scenario.Folios[scenario.FolioCount] = new() { FilePage = -1 };
        var armed = (pte.Markers & PteMarkers.UffdWp) != 0 ? PteBits.UffdWp : PteBits.None;
        pte = new()
        {
            Vma = pte.Vma,
            Page = pte.Page,
            Kind = EntryKind.Present,
            Bits = armed | (pte.Bits & (PteBits.UffdWp | PteBits.SoftDirty | PteBits.Young)),
            Folio = (short)scenario.FolioCount++,
        };
        scenario.DropUnusedFolios();
        return true;
    }

    private static bool YoungForDirty(Scenario scenario, int index)
    {
        ref var pte = ref scenario.Ptes[index];
        var dirty = pte.Has(PteBits.Dirty);
        pte.Bits = dirty ? (pte.Bits & ~PteBits.Dirty) | PteBits.Young : pte.Bits;
        return dirty;
    }

    /// <summary>The letters of an entry in place of those of the next one: fewer in all.</summary>
    private static bool MoveLetters(Scenario scenario, int index)
    {
        if (index + 1 >= scenario.PteCount)
        {
            return false;
        }

        ref var pte = ref scenario.Ptes[index];
        ref var next = ref scenario.Ptes[index + 1];
        if (pte.Kind != EntryKind.Present || next.Kind != EntryKind.Present || next.Bits == 0)
        {
            return false;
        }

        next.Bits = pte.Bits;
        pte.Bits = PteBits.None;
        if (next.Has(PteBits.Write) && scenario.Folios[next.Folio].IsAnon)
        {
            scenario.Folios[next.Folio].Exclusive.Set(next.FolioPage, value: true);
        }

        return next.Bits != 0;
    }

    /// <summary>The letters of the next entry on an entry that has none: as far in front as they go.</summary>
    private static bool ExchangeLetters(Scenario scenario, int index)
    {
        if (index + 1 >= scenario.PteCount || scenario.Ptes[index].Bits != PteBits.None)
        {
            return false;
        }

        scenario.Ptes[index].Bits = scenario.Ptes[index + 1].Bits;
        scenario.Ptes[index + 1].Bits = PteBits.None;
        ref readonly var pte = ref scenario.Ptes[index];
        if (pte.Has(PteBits.Write) && pte.HasFolio && scenario.Folios[pte.Folio].IsAnon)
        {
            scenario.Folios[pte.Folio].Exclusive.Set(pte.FolioPage, value: true);
        }

        return pte.Bits != 0;
    }
}
