using PteCheck.Checking.Scenarios;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Tlbs;

namespace PteCheck.Checking.Running;

/// <summary>
/// From a machine back to the scenario that begins with it: entries, folios, what is pending, and translations that
/// are cached and no longer given. Physical addresses are chosen anew, and arm64's blocks folded anew.
/// </summary>
internal static class StateReader
{
    /// <summary>Gives a scenario the state of a machine that was expanded from it, and has been run on since.</summary>
    /// <param name="scenario">The scenario; its VMAs, and what is not state, stay.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="stale">Translations that may still be cached.</param>
    /// <returns>False where scenarios have no words for the state.</returns>
    public static bool Read<TArch>(Scenario scenario, Machine machine, IList<StaleEntry> stale)
        where TArch : struct, IArch
    {
        if (!ReadFolios(scenario, machine))
        {
            return false;
        }

        scenario.PteCount = 0;
        for (var vma = 0; vma < machine.VmaCount; vma++)
        {
            ref readonly var area = ref machine.Vmas[vma];
            for (var page = 0; page < area.Pages; page++)
            {
                var pte = machine.PteAt(area.Mm, area.Start + (uint)page);
                if (TArch.PteNone(pte))
                {
                    continue;
                }

                if (
                    scenario.PteCount == Scenario.MaxPtes
                    || Entry<TArch>(machine, pte) is not { } entry
                )
                {
                    return false;
                }

                scenario.Ptes[scenario.PteCount++] = entry with
                {
                    Vma = (byte)vma,
                    Page = (short)page,
                };
            }
        }

        ReadPending(scenario, machine);
        return ReadStale<TArch>(scenario, machine, stale);
    }

    /// <summary>Drops the first operation of a sequence, and begins with the state that it has left.</summary>
    /// <returns>False where no operation is left to test, or scenarios have no words for the state.</returns>
    public static bool BeginBehindFirst<TArch>(
        Scenario scenario,
        Machine machine,
        IList<StaleEntry> stale
    )
        where TArch : struct, IArch
    {
        var first = scenario.Runs[0];
        var tested = scenario.Operation().Name;
        scenario.UsedRuns[1..].CopyTo(scenario.Runs);
        scenario.RunCount--;
        scenario.Tested = 0;
        if (first.Of().Moves)
        {
            ref var vma = ref scenario.Vmas[first.NewVma];
            vma.Destination = false;
            vma.Flags = machine.Vmas[first.NewVma].Flags;
        }

        return scenario.Test(tested) && Read<TArch>(scenario, machine, stale);
    }

    private static bool ReadFolios(Scenario scenario, Machine machine)
    {
        for (var i = scenario.FolioCount; i < machine.FolioCount; i++)
        {
            scenario.Folios[i] = new() { Order = machine.Folios[i].Order, FilePage = -1 };
        }

        scenario.FolioCount = machine.FolioCount;
        for (var i = 0; i < machine.FolioCount; i++)
        {
            ref readonly var folio = ref machine.Folios[i];
            if ((folio.Flags & FolioFlags.Truncated) != 0)
            {
                return false;
            }

            ref var spec = ref scenario.Folios[i];
            var swapbacked = (folio.Flags & FolioFlags.Swapbacked) != 0;
            var wasLazyfree = folio.Kind == FolioKind.Lazyfree && swapbacked;
            spec.Kind = wasLazyfree ? FolioKind.Anon : folio.Kind;
            spec.Dirty = (folio.Flags & FolioFlags.Dirty) != 0;
            spec.Locked = (folio.Flags & FolioFlags.Locked) != 0;
            spec.SwapCache = (folio.Flags & FolioFlags.SwapCache) != 0;
            spec.Pins = folio.Pins;
            spec.ExtraRefs = folio.ExtraRefs - folio.Pins;
            for (var page = 0; page < folio.Pages; page++)
            {
                var flags = machine.PageFlags[folio.FirstFrame + page];
                spec.Exclusive.Set(page, (flags & Machine.AnonExclusive) != 0);
            }
        }

        return true;
    }

    private static void ReadPending(Scenario scenario, Machine machine)
    {
        scenario.BatchedFlushPending = 0;
        for (var mm = 0; mm < machine.MmCount; mm++)
        {
            ref readonly var owner = ref machine.Mms[mm];
            scenario.TlbFlushPending[mm] = (byte)owner.TlbFlushPending;
            var pending = (owner.TlbFlushBatched & 0x7fff) != owner.TlbFlushBatched >> 16;
            scenario.BatchedFlushPending |= (byte)(pending ? 1 << mm : 0);
        }
    }

    private static bool ReadStale<TArch>(
        Scenario scenario,
        Machine machine,
        IList<StaleEntry> stale
    )
        where TArch : struct, IArch
    {
        scenario.TlbCount = 0;
        for (var i = 0; i < stale.Count; i++)
        {
            var entry = stale[i];
            var vma = machine.FindVma(entry.Mm, entry.Vpn);
            var pte = new Pte(entry.Word);
            if (entry.Origin == StaleOrigin.Weaker)
            {
                continue;
            }

            if (
                vma < 0
                || scenario.TlbCount == Scenario.MaxTlb
                || entry.CpuPages != 1
                || Page(machine, TArch.PtePfn(pte)) is not var (folio, page)
            )
            {
                return false;
            }

            var bits = TArch.PteWrite(pte, machine.Context) ? PteBits.Write : PteBits.None;
            scenario.Tlb[scenario.TlbCount++] = new()
            {
                Cpu = (byte)Math.Min(1, machine.Cpus - 1),
                Vma = (byte)vma,
                Page = (short)(entry.Vpn - machine.Vmas[vma].Start),
                Folio = folio,
                FolioPage = page,
                Bits = bits | (TArch.PteDirty(pte) ? PteBits.Dirty : PteBits.None),
            };
        }

        return true;
    }

    private static PteSpec? Entry<TArch>(Machine machine, Pte pte)
        where TArch : struct, IArch =>
        TArch.PtePresent(pte) ? Present<TArch>(machine, pte) : NonPresent<TArch>(machine, pte);

    private static PteSpec? Present<TArch>(Machine machine, Pte pte)
        where TArch : struct, IArch
    {
        var bits =
            Of(TArch.PteWrite(pte, machine.Context), PteBits.Write)
            | Of(TArch.PteDirty(pte), PteBits.Dirty)
            | Of(TArch.PteYoung(pte), PteBits.Young)
            | Of(TArch.PteSoftDirty(pte), PteBits.SoftDirty)
            | Of(TArch.PteUffdWp(pte), PteBits.UffdWp)
            | Of(TArch.PteProtnone(pte), PteBits.Protnone);
        if (TArch.PteSpecial(pte))
        {
            return new() { Kind = EntryKind.Zero, Bits = bits };
        }

        return Page(machine, TArch.PtePfn(pte)) is var (folio, page)
            ? new PteSpec
            {
                Kind = EntryKind.Present,
                Bits = bits,
                Folio = folio,
                FolioPage = page,
            }
            : null;
    }

    private static PteSpec? NonPresent<TArch>(Machine machine, Pte pte)
        where TArch : struct, IArch
    {
        var (type, offset) = (TArch.SwpType(pte), TArch.SwpOffset(pte));
        var bits =
            Of(TArch.PteSwpSoftDirty(pte), PteBits.SoftDirty)
            | Of(TArch.PteSwpUffdWp(pte), PteBits.UffdWp)
            | Of(TArch.PteSwpExclusive(pte), PteBits.Exclusive);
        switch (type)
        {
            case <= SwapType.LastDevice:
                return new()
                {
                    Kind = EntryKind.Swap,
                    Bits = bits,
                    SwapDevice = (byte)type,
                    SwapOffset = (short)offset,
                };
            case SwapType.Marker:
                return new() { Kind = EntryKind.Marker, Markers = (PteMarkers)offset };
        }

        return Page(machine, offset) is var (folio, page)
            ? new PteSpec
            {
                Kind = type switch
                {
                    SwapType.MigrationRead => EntryKind.MigrationRead,
                    SwapType.MigrationReadExclusive => EntryKind.MigrationReadExclusive,
                    SwapType.MigrationWrite => EntryKind.MigrationWrite,
                    SwapType.HwPoison => EntryKind.HwPoison,
                    _ => EntryKind.DeviceExclusive,
                },
                Bits = bits & ~PteBits.Exclusive,
                Folio = folio,
                FolioPage = page,
            }
            : null;
    }

    private static PteBits Of(bool set, PteBits bit) => set ? bit : PteBits.None;

    /// <summary>The page of a folio behind a PFN; null for one that is free.</summary>
    private static (short Folio, short Page)? Page(Machine machine, ulong pfn)
    {
        var folio = machine.FolioOf(pfn);
        return folio < 0 || (machine.Folios[folio].Flags & FolioFlags.Freed) != 0
            ? null
            : (
                (short)folio,
                (short)(pfn - machine.PfnBase - (ulong)machine.Folios[folio].FirstFrame)
            );
    }
}
