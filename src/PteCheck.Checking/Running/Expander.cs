using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Interference;
using PteCheck.Kernel.MthpSelect;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Running;

/// <summary>From a scenario to the machine that it describes and the call that it makes.</summary>
public sealed class Expander
{
    private readonly uint[] starts = new uint[Machine.MaxVmas];
    private readonly ulong[] pfns = new ulong[Machine.MaxFolios];

    /// <summary>First page number of each VMA of the last scenario expanded.</summary>
    public ReadOnlySpan<uint> VmaStarts => starts;

    /// <summary>Builds the machine; the call says what to run on it first.</summary>
    public OperationCall Expand<TArch>(Scenario scenario, Machine machine, KernelVersion kernel)
        where TArch : struct, IArch
    {
        ScenarioLayout.Place(scenario, starts);
        machine.Architecture = TArch.Architecture;
        machine.Context = new(kernel, scenario.ShadowStack, scenario.Bbml2);
        machine.Slots = scenario.Slots;
        machine.ContPtes = scenario.ContPtes;
        machine.Cpus = scenario.Cpus;
        machine.TlbUbc = default;
        AddMms(scenario, machine);
        AddVmas(scenario, machine);
        AddFolios(scenario, machine);
        AddPtes<TArch>(scenario, machine);
        AddReferences(machine);
        AddWindows(scenario, machine);
        if (TArch.HasContpte)
        {
            Fold<TArch>(scenario, machine);
        }

        return Calls.Of(scenario, scenario.Runs[0], starts);
    }

    /// <summary>The steps of interference of the scenario expanded last, with page numbers.</summary>
    /// <returns>How many there are.</returns>
    public int ExpandSteps(Scenario scenario, Span<InterferenceStep> into)
    {
        for (var i = 0; i < scenario.StepCount; i++)
        {
            ref readonly var step = ref scenario.Steps[i];
            into[i] = new()
            {
                Actor = step.Actor,
                Verb = step.Verb,
                Fresh = step.Fresh,
                Vma = step.Vma,
                Vpn = starts[step.Vma] + (uint)step.Page,
                Pages = (uint)step.Pages,
                Anchor = new()
                {
                    Side = step.Side,
                    Event = step.Event,
                    Occurrence = step.Occurrence,
                    Mm = scenario.Vmas[step.AnchorVma].Mm,
                    Vpn = starts[step.AnchorVma] + (uint)step.AnchorPage,
                },
            };
        }

        return scenario.StepCount;
    }

    /// <summary>What attempts on the windows of the range come to, by number of the window.</summary>
    private static void AddWindows(Scenario scenario, Machine machine)
    {
        var slots = scenario.Slots;
        machine.WindowLimit = scenario.Operation().Selects ? Windows.Numbers(slots) : 0;
        machine.WindowResults.AsSpan(0, machine.WindowLimit).Fill((byte)scenario.Run.Result);
        foreach (ref readonly var window in scenario.UsedWindows)
        {
            var offset = window.Page - scenario.Run.First;
            machine.WindowResults[Windows.Number(slots, offset, window.Order)] = (byte)
                window.Result;
        }
    }

    private static void AddMms(Scenario scenario, Machine machine)
    {
        machine.MmCount = scenario.Mms;
        for (var mm = 0; mm < scenario.Mms; mm++)
        {
            machine.Mms[mm] = new()
            {
                CpuMask = (1u << scenario.Cpus) - 1,
                TlbFlushPending = scenario.TlbFlushPending[mm],
                TlbFlushBatched = (uint)(scenario.BatchedFlushPending >> mm) & 1,
            };
        }
    }

    private void AddVmas(Scenario scenario, Machine machine)
    {
        machine.VmaCount = scenario.VmaCount;
        machine.TableCount = 0;
        machine.PmdCount = 0;
        for (var i = 0; i < scenario.VmaCount; i++)
        {
            ref readonly var spec = ref scenario.Vmas[i];
            var flags = RunFlags.OfVma(scenario, i);
            machine.Vmas[i] = new()
            {
                Mm = spec.Mm,
                Start = starts[i],
                Pages = (uint)spec.Pages,
                Flags = flags,
                FilePages = (uint)(spec.FilePages == 0 ? spec.Pages : spec.FilePages),
            };
            AddTables(machine, spec, starts[i]);
        }
    }

    private static void AddTables(Machine machine, in VmaSpec spec, uint start)
    {
        var (mm, pages) = (spec.Mm, (uint)spec.Pages);
        var slots = (uint)machine.Slots;
        for (var vpn = start & ~(slots - 1); vpn < start + pages; vpn += slots)
        {
            if (machine.FindPmd(mm, vpn) >= 0)
            {
                continue;
            }

            if (spec.NoTables || spec.Leaves)
            {
                machine.AddPmd(mm, vpn, PmdEntry.None);
            }
            else
            {
                machine.AddTable(mm, vpn);
                machine.Mms[mm].NrPtes++;
            }
        }
    }

    private void AddFolios(Scenario scenario, Machine machine)
    {
        machine.PfnBase = ScenarioLayout.AssignPfns(scenario, pfns);
        machine.FolioCount = scenario.FolioCount;
        machine.SwapLimit = 0;
        var frames = 0;
        for (var i = 0; i < scenario.FolioCount; i++)
        {
            frames = Math.Max(frames, (int)(pfns[i] - machine.PfnBase) + scenario.Folios[i].Pages);
        }

        machine.FrameCount = frames;
        machine.FrameFolios.AsSpan(0, frames).Fill(-1);
        machine.PageMapcounts.AsSpan(0, frames).Clear();
        machine.PageFlags.AsSpan(0, frames).Clear();
        machine.PageContents.AsSpan(0, frames).Clear();
        for (var i = 0; i < scenario.FolioCount; i++)
        {
            AddFolio(scenario.Folios[i], i, (int)(pfns[i] - machine.PfnBase), machine);
        }
    }

    private static void AddFolio(in FolioSpec spec, int index, int frame, Machine machine)
    {
        var flags = FolioFlags.Lru;
        flags |= spec.Dirty ? FolioFlags.Dirty : 0;
        flags |= spec.Locked ? FolioFlags.Locked : 0;
        flags |= spec.SwapCache ? FolioFlags.SwapCache : 0;
        flags |= spec.Kind is FolioKind.Anon or FolioKind.Shmem ? FolioFlags.Swapbacked : 0;
        machine.Folios[index] = new()
        {
            FirstFrame = frame,
            Order = spec.Order,
            Kind = spec.Kind,
            Flags = flags,
            ExtraRefs = spec.ExtraRefs + spec.Pins,
            Pins = spec.Pins,
        };
        machine.FrameFolios.AsSpan(frame, spec.Pages).Fill((short)index);
        for (var page = 0; page < spec.Pages; page++)
        {
            machine.PageFlags[frame + page] = spec.Exclusive.Has(page)
                ? Machine.AnonExclusive
                : (byte)0;
            machine.PageContents[frame + page] = (ulong)(frame + page + 1);
        }
    }

    private void AddPtes<TArch>(Scenario scenario, Machine machine)
        where TArch : struct, IArch
    {
        foreach (ref readonly var pte in scenario.UsedPtes)
        {
            ref readonly var vma = ref machine.Vmas[pte.Vma];
            var pfn = pte.HasFolio ? pfns[pte.Folio] + (ulong)pte.FolioPage : 0;
            var vpn = vma.Start + (uint)pte.Page;
            if (scenario.Vmas[pte.Vma].Leaves)
            {
                Leaves.Add<TArch>(machine, pte, pfn, vpn);
                CountRss(machine, vma.Mm, machine.Folios[pte.Folio].Kind);
                continue;
            }

            var table = machine.FindTable(vma.Mm, vpn);
            var slot = (int)vpn & (machine.Slots - 1);
            machine.Ptes[Machine.PteIndex(table, slot)] = EntryWords
                .Build<TArch>(pte, pfn, vma.Flags)
                .Word;
            Count(pte, machine, vma.Mm, pfn);
        }
    }

    private static void Count(in PteSpec pte, Machine machine, int mm, ulong pfn)
    {
        if (pte.Kind == EntryKind.Swap)
        {
            var slot = (pte.SwapDevice * Machine.SwapSlotsPerDevice) + pte.SwapOffset;
            if (slot >= machine.SwapLimit)
            {
                machine.SwapCounts.AsSpan(machine.SwapLimit, slot + 1 - machine.SwapLimit).Clear();
                machine.SwapLimit = slot + 1;
            }

            machine.SwapCounts[slot]++;
            machine.Mms[mm].SwapEntries++;
            return;
        }

        if (!pte.HasFolio || pte.Kind == EntryKind.HwPoison)
        {
            return;
        }

        CountRss(machine, mm, machine.Folios[pte.Folio].Kind);
        if (pte.IsMapping)
        {
            machine.Folios[pte.Folio].Mapcount++;
            machine.PageMapcounts[machine.FrameOf(pfn)]++;
        }
    }

    private static void CountRss(Machine machine, int mm, FolioKind kind)
    {
        ref var owner = ref machine.Mms[mm];
        switch (kind)
        {
            case FolioKind.File:
                owner.RssFile++;
                break;
            case FolioKind.Shmem:
                owner.RssShmem++;
                break;
            default:
                owner.RssAnon++;
                break;
        }
    }

    /// <summary>
    /// Whether a large anonymous folio has lost some of its mappings before: it was mapped whole once, and
    /// was queued for splitting when the first page went.
    /// </summary>
    private static bool IsPartiallyMapped(in Folio folio, Machine machine) =>
        folio is { IsLarge: true, IsAnon: true, Mapcount: > 0, EntireMapcount: 0 }
        && (folio.Flags & FolioFlags.SwapCache) == 0
        && machine.PageMapcounts.AsSpan(folio.FirstFrame, folio.Pages).Contains(0);

    /// <summary>References: mappings, page cache or swap cache (one a page), the stated extras, and what follows from them.</summary>
    private static void AddReferences(Machine machine)
    {
        foreach (ref var folio in machine.Folios.AsSpan(0, machine.FolioCount))
        {
            var cached = !folio.IsAnon || (folio.Flags & FolioFlags.SwapCache) != 0;
            folio.RefCount = folio.Mapcount + folio.ExtraRefs + (cached ? folio.Pages : 0);
            folio.Flags |= IsPartiallyMapped(folio, machine) ? FolioFlags.DeferredSplit : 0;
        }
    }

    /// <summary>Gives CONT to every block that contpte_try_fold would have folded.</summary>
    private static void Fold<TArch>(Scenario scenario, Machine machine)
        where TArch : struct, IArch
    {
        for (var i = 0; i < machine.VmaCount; i++)
        {
            ref readonly var vma = ref machine.Vmas[i];
            var block = (uint)machine.ContPtes;
            var first = (vma.Start + block - 1) & ~(block - 1);
            for (
                var vpn = first;
                scenario.Vmas[i] is { NeverFolded: false, NoTables: false, Leaves: false }
                    && vpn + block <= vma.End;
                vpn += block
            )
            {
                var table = machine.FindTable(vma.Mm, vpn);
                var slot = (int)vpn & (machine.Slots - 1);
                FoldBlock<TArch>(
                    machine,
                    machine.Ptes.AsSpan(Machine.PteIndex(table, slot), (int)block)
                );
            }
        }
    }

    private static void FoldBlock<TArch>(Machine machine, Span<ulong> words)
        where TArch : struct, IArch
    {
        var head = new Pte(words[0]);
        var pfn = TArch.PtePfn(head);
        if (!TArch.PteHwPresent(head) || TArch.PteSpecial(head) || pfn % (ulong)words.Length != 0)
        {
            return;
        }

        var folio = machine.FolioOf(pfn);
        var key = TArch.PteMkOld(TArch.PteMkClean(head));
        for (var i = 0; i < words.Length; i++)
        {
            var entry = TArch.PteMkOld(TArch.PteMkClean(new(words[i])));
            if (entry != TArch.PteAdvancePfn(key, i) || machine.FolioOf(pfn + (ulong)i) != folio)
            {
                return;
            }
        }

        foreach (ref var word in words)
        {
            word = TArch.PteMkCont(new(word)).Word;
        }
    }
}
