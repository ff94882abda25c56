using PteCheck.Checking.Scenarios;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Generation;

/// <summary>What operations that leave entries where they are need beside the fillers: a range of one VMA, or one page of it.</summary>
internal static class InPlaceGenerator
{
    /// <summary>One VMA, and a range of it: mostly all of it.</summary>
    public static void ChooseVma(Scenario scenario, ref SeededRandom random, int size)
    {
        var pages = ScenarioGenerator.ChoosePages(scenario, ref random, size);
        var first = random.Chance(60) ? 0 : random.Below(pages);
        var length = random.Chance(60) ? pages - first : random.Between(1, pages - first);
        var wholeTable = pages == scenario.Slots && random.Chance(75);
        scenario.Vmas[0] = new()
        {
            At = scenario.Slots + (wholeTable ? 0 : ScenarioGenerator.Offset(scenario, ref random)),
            Pages = pages,
            Flags = VmaChooser.Choose(scenario, ref random),
            NeverFolded = random.Chance(15),
        };
        scenario.VmaCount = 1;
        if (scenario.Operation().Protects)
        {
            ProtectChooser.ChooseBefore(scenario, ref random);
            ProtectChooser.Choose(scenario, ref random);
        }

        scenario.Run = scenario.Run with
        {
            First = (short)(wholeTable ? 0 : first),
            Pages = (short)(wholeTable ? pages : length),
        };
    }

    /// <summary>
    /// Sometimes another gather runs beside a zap: it has emptied a slot of the range, and neither flushed nor put
    /// the page.
    /// </summary>
    public static void ChooseOtherGather(Scenario scenario, ref SeededRandom random)
    {
        if (!random.Chance(12))
        {
            return;
        }

        scenario.TlbFlushPending[0] = 1;
        var run = scenario.Run;
        var page = random.Between(run.First, run.First + run.Pages - 1);
        var anon = (scenario.Vmas[0].Flags & VmaFlags.FileBacked) == 0;
        var full = scenario.FolioCount == Machine.MaxFolios;
        if (!anon || full || scenario.TlbCount > 0 || scenario.PteAt(0, page) is not null)
        {
            return;
        }

        scenario.Folios[scenario.FolioCount] = new()
        {
            Kind =
                (scenario.Vmas[0].Flags & VmaFlags.Droppable) != 0
                    ? FolioKind.Lazyfree
                    : FolioKind.Anon,
            FilePage = -1,
            ExtraRefs = 1,
        };
        scenario.Tlb[scenario.TlbCount++] = new()
        {
            Cpu = (byte)random.Below(scenario.Cpus),
            Page = (short)page,
            Folio = (short)scenario.FolioCount++,
        };
    }

    /// <summary>While userfaultfd's write protection or a NUMA scan waits for its flush, a CPU may still hold the writable translation of an exclusive page.</summary>
    private static void AddProtected(Scenario scenario, ref SeededRandom random, in PteSpec pte)
    {
        var had =
            scenario.TlbFlushPending[0] > 0
            && (scenario.Vmas[0].Flags & VmaFlags.Shared) == 0
            && (pte.Has(PteBits.Protnone) || (scenario.Vmas[0].Flags & VmaFlags.UffdWp) != 0)
            && (scenario.Vmas[0].Flags & VmaFlags.Write) != 0
            && pte.Kind == EntryKind.Present
            && pte.Has(PteBits.Dirty)
            && scenario.Folios[pte.Folio].IsAnon
            && scenario.Folios[pte.Folio].Exclusive.Has(pte.FolioPage);
        if (had)
        {
            scenario.Tlb[scenario.TlbCount++] = new()
            {
                Cpu = (byte)random.Below(scenario.Cpus),
                Page = pte.Page,
                Folio = pte.Folio,
                FolioPage = pte.FolioPage,
                Bits = PteBits.Write | PteBits.Dirty,
            };
        }
    }

    /// <summary>Points a NUMA fault at one page, mostly at a protnone entry; half of them migrate the folio.</summary>
    public static void ChooseHint(Scenario scenario, ref SeededRandom random)
    {
        ref var run = ref scenario.Run;
        run.First = (short)random.Below(scenario.Vmas[0].Pages);
        run.Pages = 1;
        run.Migrates = random.Chance(50);
        scenario.TlbFlushPending[0] = random.Chance(40) ? (byte)1 : (byte)0;
        if (scenario.FolioCount > 0 && random.Chance(12))
        {
            StepPage.Pin(scenario, random.Below(scenario.FolioCount));
        }

        if (scenario.PteCount == 0)
        {
            return;
        }

        var start = random.Below(scenario.PteCount);
        for (var i = 0; i < scenario.PteCount; i++)
        {
            ref readonly var pte = ref scenario.Ptes[(start + i) % scenario.PteCount];
            if (pte.Vma == 0 && pte.Has(PteBits.Protnone))
            {
                run.First = pte.Page;
                AddProtected(scenario, ref random, pte);
                return;
            }
        }
    }

    /// <summary>Points a fault at one page: mostly at a present entry without write, else at any page.</summary>
    public static void ChoosePage(Scenario scenario, ref SeededRandom random)
    {
        ref var run = ref scenario.Run;
        run.First = (short)random.Below(scenario.Vmas[0].Pages);
        run.Pages = 1;
        scenario.TlbFlushPending[0] = random.Chance(40) ? (byte)1 : (byte)0;
        if (scenario.PteCount == 0 || random.Chance(25))
        {
            return;
        }

        var start = random.Below(scenario.PteCount);
        for (var i = 0; i < scenario.PteCount; i++)
        {
            ref readonly var pte = ref scenario.Ptes[(start + i) % scenario.PteCount];
            var fits = pte.Kind is EntryKind.Present or EntryKind.Zero && pte.Vma == 0;
            if (fits && (pte.Bits & (PteBits.Write | PteBits.Protnone)) == 0)
            {
                run.First = pte.Page;
                AddProtected(scenario, ref random, pte);
                return;
            }
        }
    }
}
