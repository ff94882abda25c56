using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Oracles;

/// <summary>What holds in every machine at rest, whatever operation led there: counted afresh from the entries.</summary>
public sealed class InvariantOracle<TArch>
    where TArch : struct, IArch
{
    private readonly int[] mappings = new int[Machine.MaxFrames];
    private readonly int[] folioMappings = new int[Machine.MaxFolios];
    private readonly short[] swapEntries = new short[
        Machine.SwapDevices * Machine.SwapSlotsPerDevice
    ];
    private readonly Mm[] counted = new Mm[Machine.MaxMms];

    /// <summary>Judges one final machine.</summary>
    public void Judge(Machine machine, FindingList findings)
    {
        mappings.AsSpan(0, machine.FrameCount).Clear();
        folioMappings.AsSpan(0, machine.FolioCount).Clear();
        swapEntries.AsSpan(0, machine.SwapLimit).Clear();
        counted.AsSpan(0, machine.MmCount).Clear();
        for (var pmd = 0; pmd < machine.PmdCount; pmd++)
        {
            CountPmd(machine, machine.Pmds[pmd]);
        }

        for (var pmd = 0; pmd < machine.PmdCount; pmd++)
        {
            CheckPmd(machine, machine.Pmds[pmd], findings);
        }

        CheckFolios(machine, findings);
        CheckMms(machine, findings);
        CheckSwap(machine, findings);
    }

    /// <summary>A table and all that its entries map; or a leaf, and the table that is deposited for it.</summary>
    private void CountPmd(Machine machine, in Pmd pmd)
    {
        ref var mm = ref counted[pmd.Mm];
        var leaf = pmd.Kind is PmdKind.Huge or PmdKind.Invalid or PmdKind.Migration;
        mm.NrPtes += leaf && pmd.Deposited != 0 ? 1 : 0;
        if (pmd.Entry.IsHuge)
        {
            CountHuge(machine, ref mm, TArch.PtePfn(pmd.Entry.Page<TArch>(0)));
        }

        if (pmd.Entry.Table < 0)
        {
            return;
        }

        mm.NrPtes++;
        foreach (var word in machine.TableWords(pmd.Entry.Table))
        {
            var pte = new Pte(word);
            if (word == 0 || TArch.PteNone(pte))
            {
                continue;
            }

            if (TArch.PtePresent(pte))
            {
                Count(machine, ref mm, TArch.PteSpecial(pte) ? 0 : TArch.PtePfn(pte), mapped: true);
                continue;
            }

            CountNonPresent(machine, ref mm, TArch.SwpType(pte), TArch.SwpOffset(pte));
        }
    }

    private void CountNonPresent(Machine machine, ref Mm mm, SwapType type, ulong offset)
    {
        switch (type)
        {
            case <= SwapType.LastDevice:
                var slot = ((ulong)type * Machine.SwapSlotsPerDevice) + offset;
                mm.SwapEntries++;
                if (slot < (ulong)machine.SwapLimit)
                {
                    swapEntries[slot]++;
                }

                break;
            case SwapType.HwPoison or SwapType.Marker:
                break;
            default:
                Count(machine, ref mm, offset, mapped: type == SwapType.DeviceExclusive);
                break;
        }
    }

    /// <summary>A leaf is one mapping of its folio, and as many pages of the mm as it has.</summary>
    private void CountHuge(Machine machine, ref Mm mm, ulong pfn)
    {
        var frame = machine.FrameOf(pfn);
        if (frame >= 0)
        {
            var folio = machine.FrameFolios[frame];
            CountRss(ref mm, machine.Folios[folio].Kind, machine.Slots);
            folioMappings[folio]++;
        }
    }

    private static void CountRss(ref Mm mm, FolioKind kind, int pages)
    {
        switch (kind)
        {
            case FolioKind.File:
                mm.RssFile += pages;
                break;
            case FolioKind.Shmem:
                mm.RssShmem += pages;
                break;
            default:
                mm.RssAnon += pages;
                break;
        }
    }

    private void Count(Machine machine, ref Mm mm, ulong pfn, bool mapped)
    {
        var frame = machine.FrameOf(pfn);
        if (frame < 0)
        {
            return;
        }

        var folio = machine.FrameFolios[frame];
        CountRss(ref mm, machine.Folios[folio].Kind, 1);

        if (mapped)
        {
            mappings[frame]++;
            folioMappings[folio]++;
        }
    }

    private void CheckPmd(Machine machine, in Pmd owner, FindingList findings)
    {
        if (owner.Entry.Table < 0)
        {
            return;
        }

        var words = machine.TableWords(owner.Entry.Table);
        for (var slot = 0; slot < words.Length; slot++)
        {
            var pte = new Pte(words[slot]);
            if (pte.Word == 0 || TArch.PteNone(pte))
            {
                continue;
            }

            var vpn = owner.BaseVpn + (uint)slot;
            var present = TArch.PtePresent(pte);
            if (present && TArch.PteWrite(pte, machine.Context) && !MayBeWritable(machine, pte))
            {
                findings.Add(Slot(Rules.AnonWritable, owner.Mm, vpn, pte));
            }

            if (!present && IsOfFreedFolio(machine, pte))
            {
                findings.Add(Slot(Rules.MigrationEntry, owner.Mm, vpn, pte));
            }

            if (HasUffdWp(pte, present) && !MayBeUffdWp(machine, owner.Mm, vpn, pte, present))
            {
                findings.Add(Slot(Rules.UffdArmed, owner.Mm, vpn, pte));
            }
        }
    }

    /// <summary>PTB108: a migration entry holds no reference, so nothing keeps its folio once the migration is over.</summary>
    private static bool IsOfFreedFolio(Machine machine, Pte pte)
    {
        var migrates =
            TArch.SwpType(pte)
            is SwapType.MigrationRead
                or SwapType.MigrationReadExclusive
                or SwapType.MigrationWrite;
        var folio = migrates ? machine.FolioOf(TArch.SwpOffset(pte)) : -1;
        return folio >= 0 && (machine.Folios[folio].Flags & FolioFlags.Freed) != 0;
    }

    private bool MayBeWritable(Machine machine, Pte pte)
    {
        var frame = TArch.PteSpecial(pte) ? -1 : machine.FrameOf(TArch.PtePfn(pte));
        return frame < 0
            || !machine.Folios[machine.FrameFolios[frame]].IsAnon
            || ((machine.PageFlags[frame] & Machine.AnonExclusive) != 0 && mappings[frame] == 1);
    }

    private static bool HasUffdWp(Pte pte, bool present)
    {
        if (present)
        {
            return TArch.PteUffdWp(pte);
        }

        return TArch.SwpType(pte) == SwapType.Marker
            ? ((PteMarkers)TArch.SwpOffset(pte) & PteMarkers.UffdWp) != 0
            : TArch.PteSwpUffdWp(pte);
    }

    private static bool MayBeUffdWp(Machine machine, int mm, uint vpn, Pte pte, bool present)
    {
        var vma = machine.FindVma(mm, vpn);
        return vma >= 0
            && machine.Vmas[vma].Has(VmaFlags.UffdWp)
            && !(present && TArch.PteWrite(pte, machine.Context));
    }

    private void CheckFolios(Machine machine, FindingList findings)
    {
        for (var folio = 0; folio < machine.FolioCount; folio++)
        {
            ref readonly var owner = ref machine.Folios[folio];
            var broken = owner.Mapcount != folioMappings[folio];
            for (var page = 0; page < owner.Pages && !broken; page++)
            {
                var frame = owner.FirstFrame + page;
                broken = machine.PageMapcounts[frame] != mappings[frame];
            }

            if (broken)
            {
                findings.Add(
                    Number(
                        Rules.Mapcount,
                        PlaceRole.Folio,
                        folio,
                        folioMappings[folio],
                        owner.Mapcount,
                        "mapcount"
                    )
                );
            }

            const FolioFlags Gone = FolioFlags.Truncated | FolioFlags.Freed;
            var inFile = !owner.IsAnon && (owner.Flags & Gone) == 0;
            var cached = inFile || (owner.Flags & FolioFlags.SwapCache) != 0;
            var expected = folioMappings[folio] + owner.ExtraRefs + (cached ? owner.Pages : 0);
            if (owner.RefCount != expected)
            {
                findings.Add(
                    Number(
                        Rules.Refcount,
                        PlaceRole.Folio,
                        folio,
                        expected,
                        owner.RefCount,
                        "refcount"
                    )
                );
            }
        }
    }

    private void CheckMms(Machine machine, FindingList findings)
    {
        for (var mm = 0; mm < machine.MmCount; mm++)
        {
            ref readonly var has = ref machine.Mms[mm];
            ref readonly var counts = ref counted[mm];
            Check(mm, counts.RssAnon, has.RssAnon, "MM_ANONPAGES", findings);
            Check(mm, counts.RssFile, has.RssFile, "MM_FILEPAGES", findings);
            Check(mm, counts.RssShmem, has.RssShmem, "MM_SHMEMPAGES", findings);
            Check(mm, counts.SwapEntries, has.SwapEntries, "MM_SWAPENTS", findings);
            CheckTables(machine, mm, counts.NrPtes, findings);
        }
    }

    /// <summary>PTB107: the tables that are linked, or deposited for a leaf, are those that are not freed, and those that the mm counts.</summary>
    private static void CheckTables(Machine machine, int mm, int used, FindingList findings)
    {
        var kept = 0;
        foreach (ref readonly var table in machine.Tables.AsSpan(0, machine.TableCount))
        {
            kept += table.Mm == mm && !table.Freed ? 1 : 0;
        }

        var has = machine.Mms[mm].NrPtes;
        if (used != kept || used != has)
        {
            findings.Add(
                Number(
                    Rules.PageTables,
                    PlaceRole.MmCounter,
                    mm,
                    used,
                    used != kept ? kept : has,
                    "page tables"
                )
            );
        }
    }

    private static void Check(int mm, int counted, int has, string name, FindingList findings)
    {
        if (counted != has)
        {
            findings.Add(Number(Rules.Rss, PlaceRole.MmCounter, mm, counted, has, name));
        }
    }

    private void CheckSwap(Machine machine, FindingList findings)
    {
        for (var slot = 0; slot < machine.SwapLimit; slot++)
        {
            if (swapEntries[slot] != machine.SwapCounts[slot])
            {
                findings.Add(
                    Number(
                        Rules.SwapCount,
                        PlaceRole.SwapSlot,
                        slot,
                        machine.SwapCounts[slot],
                        swapEntries[slot],
                        "swap_map"
                    )
                );
            }
        }
    }

    private static Finding Slot(Rule rule, int mm, uint vpn, Pte pte) =>
        new()
        {
            Rule = rule,
            Role = PlaceRole.Destination,
            Mm = mm,
            Place = vpn,
            Candidate = pte.Word,
            Step = -1,
            Detail = "",
        };

    private static Finding Number(
        Rule rule,
        PlaceRole role,
        int place,
        int expected,
        int has,
        string detail
    ) =>
        new()
        {
            Rule = rule,
            Role = role,
            Mm = -1,
            Place = (uint)place,
            Reference = (ulong)expected,
            Candidate = (ulong)has,
            Step = -1,
            Detail = detail,
        };
}
