using PteCheck.Checking.Scenarios;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Generation;

/// <summary>
/// Expands a drawn seed and size into a scenario. Valid by construction: what it draws obeys the
/// reachability rules, nothing is discarded. Tables are laid out in runs (a stretch of one folio, of
/// swap entries, of nothing), since batches live in runs; bits follow patterns over a run, since bugs
/// live where a pattern breaks.
/// </summary>
public sealed class ScenarioGenerator
{
    /// <summary>The largest size that FsCheck draws.</summary>
    public const int MaxSize = 100;

    private readonly RunFiller filler = new();

    /// <summary>Fills <paramref name="scenario"/>.</summary>
    /// <param name="scenario">Overwritten.</param>
    /// <param name="options">What is fixed.</param>
    /// <param name="seed">Everything follows from it.</param>
    /// <param name="size">1 to 100: how large tables and ranges may be.</param>
    public void Fill(Scenario scenario, in GeneratorOptions options, ulong seed, int size)
    {
        var random = new SeededRandom(seed);
        scenario.Clear();
        scenario.Architecture = options.Architecture;
        scenario.ShadowStack = options.ShadowStack;
        scenario.Bbml2 = options.Bbml2;
        scenario.Run.Operation = options.Operation;
        ChooseTables(scenario, ref random, size);
        if (scenario.Operation().Selects)
        {
            // No entry changes, so that there is nothing for others to come between.
            MthpGenerator.Fill(scenario, ref random);
            ChooseForeignMm(scenario, ref random, percent: 10);
            return;
        }

        if (scenario.Operation().CountsBatch)
        {
            InPlaceGenerator.ChooseVma(scenario, ref random, size);
            filler.Fill(scenario, ref random);
            ChooseForeignMm(scenario, ref random, percent: 10);
            BatchChooser.Choose(scenario, ref random);
            return;
        }

        if (scenario.Operation().WorksOnLeaves)
        {
            LeafGenerator.Fill(scenario, ref random);
        }
        else if (scenario.Operation().WorksOnFolio)
        {
            LazyfreeGenerator.Fill(scenario, ref random);
        }
        else if (scenario.Operation().CollapsesFile)
        {
            CollapseFileGenerator.Fill(scenario, ref random);
        }
        else if (scenario.Operation().CollapsesAnon)
        {
            CollapseAnonGenerator.Fill(scenario, ref random);
            ChooseForeignMm(scenario, ref random, percent: 12);
        }
        else if (scenario.Operation().Moves)
        {
            FillMove(scenario, ref random, size);
        }
        else
        {
            FillInPlace(scenario, ref random, size);
        }

        var interleaved = options.SequencePercent == 100 ? 0 : options.InterleavedPercent;
        StepGenerator.Fill(scenario, interleaved, seed);
        SequenceGenerator.Fill(scenario, options.SequencePercent, seed);
    }

    private void FillMove(Scenario scenario, ref SeededRandom random, int size)
    {
        ChooseVmas(scenario, ref random, size);
        filler.Fill(scenario, ref random);
        ChooseForeignMm(scenario, ref random, percent: 10);
        ChoosePending(scenario, ref random);
        var whole = MovesWholeTable(scenario);
        scenario.Vmas[scenario.Run.NewVma].NoTables = whole && random.Chance(50);
    }

    /// <summary>Whether the range is a table and goes to all of another, where its PMD entry may move in its place.</summary>
    private static bool MovesWholeTable(Scenario scenario)
    {
        ref readonly var from = ref scenario.Vmas[scenario.Run.Vma];
        ref readonly var to = ref scenario.Vmas[scenario.Run.NewVma];
        return scenario.Run.Pages == scenario.Slots
            && (from.At + scenario.Run.First) % scenario.Slots == 0
            && to.At % scenario.Slots == 0;
    }

    /// <summary>A range that is emptied, or one page that is faulted.</summary>
    private void FillInPlace(Scenario scenario, ref SeededRandom random, int size)
    {
        InPlaceGenerator.ChooseVma(scenario, ref random, size);
        filler.Fill(scenario, ref random);
        if (scenario.Operation().OnePage)
        {
            ChooseForeignMm(scenario, ref random, percent: 40);
            if (scenario.Operation().Hints)
            {
                InPlaceGenerator.ChooseHint(scenario, ref random);
                return;
            }

            InPlaceGenerator.ChoosePage(scenario, ref random);
            return;
        }

        ChooseForeignMm(scenario, ref random, percent: 10);
        ChoosePending(scenario, ref random);
        if (scenario.Operation().Protects)
        {
            ProtectChooser.ChooseOthers(scenario, ref random);
            return;
        }

        InPlaceGenerator.ChooseOtherGather(scenario, ref random);
    }

    private static void ChooseTables(Scenario scenario, ref SeededRandom random, int size)
    {
        scenario.Slots = random.Below(size < 40 ? 3 : 4) switch
        {
            0 => 8,
            1 => 16,
            2 => 32,
            _ => Machine.TableStride,
        };
        scenario.ContPtes = scenario.Slots >= 16 && random.Chance(50) ? 16 : 4;
        scenario.Cpus = random.Chance(80) ? 2 : random.Between(1, Machine.MaxCpus);
    }

    private static void ChooseVmas(Scenario scenario, ref SeededRandom random, int size)
    {
        var pages = ChoosePages(scenario, ref random, size);
        var flags = VmaChooser.Choose(scenario, ref random);
        var first = random.Chance(60) ? 0 : random.Below(pages);
        var length = random.Chance(60) ? pages - first : random.Between(1, pages - first);
        var slots = scenario.Slots;

        // Places in units of slots: the source a table in, the destination behind or before it. A
        // whole table is mostly moved to a whole table, or no batch would ever be as long as one.
        var wholeTable = pages == slots && slots == Machine.TableStride && random.Chance(75);
        first = wholeTable ? 0 : first;
        length = wholeTable ? pages : length;
        var source = slots + (wholeTable ? 0 : Offset(scenario, ref random));
        var congruent =
            wholeTable || random.Chance(40)
                ? (source + first) % slots
                : Offset(scenario, ref random);
        var close = random.Chance(15);
        var behind = close
            ? source + pages + random.Below(4)
            : ((source + pages + slots - 1) / slots * slots) + congruent;
        var before = congruent + length <= source && !close && random.Chance(30);
        scenario.Vmas[0] = new()
        {
            At = source,
            Pages = pages,
            Flags = flags,
            NeverFolded = random.Chance(15),
        };
        scenario.Vmas[1] = new()
        {
            At = before ? congruent : behind,
            Pages = length,
            Destination = true,
        };
        scenario.VmaCount = 2;
        scenario.Run = scenario.Run with
        {
            Vma = 0,
            NewVma = 1,
            First = (short)first,
            Pages = (short)length,
        };
    }

    /// <summary>Length of a VMA in pages.</summary>
    internal static int ChoosePages(Scenario scenario, ref SeededRandom random, int size)
    {
        var slots = scenario.Slots;
        if (slots < Machine.TableStride)
        {
            return random.Between(1, Math.Max(2, Math.Min(2 * slots, size)));
        }

        return random.Below(16) switch
        {
            0 => Machine.TableStride,
            1 => random.Between(64, Machine.TableStride),
            _ => random.Between(1, Math.Max(2, size)),
        };
    }

    /// <summary>Where in a table a range begins: at its start, close to its end, or anywhere.</summary>
    internal static int Offset(Scenario scenario, ref SeededRandom random) =>
        random.Below(4) switch
        {
            0 => 0,
            1 => scenario.Slots - random.Between(1, Math.Min(scenario.Slots, 5)),
            2 => random.Below(scenario.Slots / scenario.ContPtes) * scenario.ContPtes,
            _ => random.Below(scenario.Slots),
        };

    /// <summary>Sometimes another mm, a child after fork, maps pages that the first one shares.</summary>
    private static void ChooseForeignMm(Scenario scenario, ref SeededRandom random, int percent)
    {
        if (!random.Chance(percent) || scenario.PteCount == Scenario.MaxPtes)
        {
            return;
        }

        var own = scenario.PteCount;
        var flags =
            scenario.Vmas[0].Flags
            & ~(VmaFlags.UffdAny | VmaFlags.UffdEventRemap | VmaFlags.UffdWpUnpopulated);
        scenario.Mms = 2;
        var vma = (byte)scenario.VmaCount;
        scenario.Vmas[scenario.VmaCount++] = scenario.Vmas[0] with { Mm = 1, Flags = flags };
        for (var i = 0; i < own && scenario.PteCount < Scenario.MaxPtes; i++)
        {
            var pte = scenario.Ptes[i];
            if (pte.Kind != EntryKind.Present || !random.Chance(70))
            {
                continue;
            }

            ref readonly var folio = ref scenario.Folios[pte.Folio];
            if (folio.IsAnon && folio.Exclusive.Has(pte.FolioPage))
            {
                continue;
            }

            var bits = pte.Bits & (PteBits.Young | PteBits.Protnone);
            scenario.Ptes[scenario.PteCount++] = pte with { Vma = vma, Bits = bits };
        }
    }

    /// <summary>Sometimes reclaim has just unmapped a page that a CPU still holds, and not flushed.</summary>
    private static void ChoosePending(Scenario scenario, ref SeededRandom random)
    {
        if (!random.Chance(12))
        {
            return;
        }

        scenario.BatchedFlushPending = 1;
        var page = random.Between(scenario.Run.First, scenario.Run.First + scenario.Run.Pages - 1);
        var anon = (scenario.Vmas[0].Flags & VmaFlags.FileBacked) == 0;
        if (scenario.PteAt(0, page) is { Kind: not EntryKind.Swap } || !anon)
        {
            return;
        }

        scenario.Folios[scenario.FolioCount] = new() { Kind = FolioKind.Anon, FilePage = -1 };
        scenario.Tlb[scenario.TlbCount++] = new()
        {
            Cpu = (byte)random.Below(scenario.Cpus),
            Vma = 0,
            Page = (short)page,
            Folio = (short)scenario.FolioCount++,
            Bits =
                random.Chance(50) && (scenario.Vmas[0].Flags & VmaFlags.Write) != 0
                    ? PteBits.Write | PteBits.Dirty
                    : PteBits.None,
        };
    }
}
