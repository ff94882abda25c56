using System.Globalization;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Scenarios.Text;

/// <summary>
/// Writes scenario files: the short form, defaults left out, always in the same order, lines of at most
/// 80 columns. What it writes reads back as the same scenario.
/// </summary>
public static class ScenarioWriter
{
    /// <summary>Entries that continue each other are written as one from this number on.</summary>
    private const int ShortestRun = 3;

    /// <summary>The scenario as a file.</summary>
    public static string Write(Scenario scenario)
    {
        var text = new YamlText();
        var notes = scenario.Notes ?? new ScenarioNotes();
        WriteText(text, "title:", notes.Title);
        WriteText(text, "thread:", notes.Thread);
        WriteText(text, "question:", notes.Question);
        WriteText(text, "answer:", notes.Answer);
        WriteText(text, "fix:", notes.Fix);
        WriteSettings(text, scenario);
        WriteFolios(text, scenario);
        VmaWriter.Write(text, scenario);
        WritePtes(text, scenario);
        WriteTlb(text, scenario);
        WritePending(text, scenario);
        WriteRun(text, scenario);
        WriteSteps(text, scenario);
        WriteNotes(text, notes);
        return text.ToString();
    }

    /// <summary>An entry as files and reports spell it, for instance <c>A[2] WDY</c>.</summary>
    public static string Entry(Scenario scenario, PteSpec pte) => EntryText.Of(scenario, pte);

    /// <summary>An operation as <c>run:</c> spells it, for instance <c>mremap src+1..3 to dst</c>.</summary>
    public static string Run(Scenario scenario, in RunSpec run)
    {
        if (run.Of().WorksOnFolio)
        {
            var flush = run.Deferred ? "deferred" : "immediate";
            return $"{run.Of().Name} {scenario.FolioName(run.Folio)} {flush}";
        }

        if (run.Of().CollapsesFile)
        {
            return Table(scenario);
        }

        if (run.Of().CollapsesAnon)
        {
            return $"{run.Of().Name} {CollapseText.Write(scenario)}";
        }

        var range =
            run.First == 0 && run.Pages == scenario.Vmas[run.Vma].Pages
                ? ""
                : "+" + EntryText.Span(run.First, run.Pages);
        var target = RunReader.Moves(run.Operation) ? $" to {scenario.VmaName(run.NewVma)}" : "";
        target += run.Of().Protects ? " " + ProtectText.Of(run) : "";
        target += BatchText.Of(run.Batch);
        target += run.Migrates ? " migrate" : "";
        target += run.Of().Selects ? SelectText.Write(scenario) : "";
        return $"{run.Of().Name} {scenario.VmaName(run.Vma)}{range}{target}";
    }

    private static void WriteRun(YamlText text, Scenario scenario)
    {
        if (!scenario.IsSequence)
        {
            text.Scalar("run:", Run(scenario, scenario.Run));
            return;
        }

        text.Line("run:");
        foreach (ref readonly var run in scenario.UsedRuns)
        {
            text.Scalar("  -", Run(scenario, run));
        }
    }

    /// <summary><c>collapse-file a</c>, with the page and the folio where they do not follow from the rest.</summary>
    private static string Table(Scenario scenario)
    {
        var run = scenario.Run;
        var usual = CollapseTarget.Table(scenario, -1) == (run.First, run.Pages);
        var page = usual ? "" : "+" + EntryText.Span(run.First, 1);
        var folio =
            CollapseTarget.Deduce(scenario) == run.Folio ? ""
            : run.Folio < 0 ? " of none"
            : " of " + scenario.FolioName(run.Folio);
        var install = run.Install ? " install" : "";
        return $"{scenario.Operation().Name} {scenario.VmaName(run.Vma)}{page}{folio}{install}";
    }

    private static void WriteText(YamlText text, string key, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            text.Scalar(key, value);
        }
    }

    private static void WriteSettings(YamlText text, Scenario scenario)
    {
        if (scenario.Unreachable)
        {
            text.Line("unreachable: true");
        }

        text.Line("arch: " + scenario.Architecture.Name());
        if (scenario.Kernel is { } kernel)
        {
            text.Line("kernel: " + kernel.Name());
        }

        if (scenario.ShadowStack || scenario.Bbml2)
        {
            string[] on =
            [
                .. scenario.ShadowStack ? ["shadow-stack: on"] : Array.Empty<string>(),
                .. scenario.Bbml2 ? ["bbml2: on"] : Array.Empty<string>(),
            ];
            text.Flow("config:", '{', on, '}');
        }

        var cont = scenario.ContPtes != SettingsReader.DefaultCont(scenario.Slots);
        if (cont || scenario.Slots != Machine.TableStride)
        {
            List<string> table =
                scenario.Slots == Machine.TableStride ? [] : [$"slots: {Text(scenario.Slots)}"];
            table.AddRange(cont ? [$"cont: {Text(scenario.ContPtes)}"] : Array.Empty<string>());
            text.Flow("table:", '{', table, '}');
        }

        if (scenario.Cpus != 2)
        {
            text.Line($"cpus: {Text(scenario.Cpus)}");
        }

        if (scenario.Mms != 1)
        {
            text.Line($"mms: {Text(scenario.Mms)}");
        }
    }

    private static void WriteFolios(YamlText text, Scenario scenario)
    {
        if (scenario.FolioCount == 0)
        {
            return;
        }

        text.Line("folios:");
        for (var i = 0; i < scenario.FolioCount; i++)
        {
            text.Flow($"  {scenario.FolioName(i)}:", '{', Folio(scenario.Folios[i]), '}');
        }
    }

    private static List<string> Folio(in FolioSpec folio)
    {
        var items = new List<string>();
        var kind = folio.Kind;
        AddIf(items, folio.Order != 0, $"order: {Text(folio.Order)}");
        AddIf(
            items,
            kind != FolioKind.Anon,
            "kind: " + FolioReader.Kinds.First(known => known.Value == kind).Name
        );
        AddIf(
            items,
            folio.Pfn != 0,
            "pfn: 0x" + folio.Pfn.ToString("x", CultureInfo.InvariantCulture)
        );
        AddIf(items, folio.FilePage >= 0, $"first-page-of: {Text(folio.FilePage)}");
        AddIf(items, folio.Dirty, "dirty: true");
        AddIf(items, folio.Locked, "locked: true");
        AddIf(items, folio.SwapCache, "swapcache: true");
        AddIf(items, folio.ExtraRefs != 0, $"extra-refs: {Text(folio.ExtraRefs)}");
        AddIf(items, folio.Pins != 0, $"pins: {Text(folio.Pins)}");
        AddExclusive(items, folio);
        return items;
    }

    /// <summary>Pages and runs of pages; each its own item, so that a long list can be broken anywhere.</summary>
    private static void AddExclusive(List<string> items, in FolioSpec folio)
    {
        var count = folio.Exclusive.Count;
        if (count == 0)
        {
            return;
        }

        if (count == folio.Pages && count > 1)
        {
            items.Add("exclusive: all");
            return;
        }

        var spans = new List<string>();
        for (var page = 0; page < folio.Pages; page++)
        {
            var first = page;
            while (page < folio.Pages && folio.Exclusive.Has(page))
            {
                page++;
            }

            AddIf(spans, page > first, EntryText.Span(first, page - first));
        }

        spans[0] = "exclusive: [" + spans[0];
        spans[^1] += "]";
        items.AddRange(spans);
    }

    private static void WritePtes(YamlText text, Scenario scenario)
    {
        if (scenario.PteCount > 0)
        {
            text.Line("ptes:");
        }

        for (var i = 0; i < scenario.PteCount; )
        {
            ref readonly var first = ref scenario.Ptes[i];
            var count = 1;
            while (
                i + count < scenario.PteCount
                && EntryText.Continues(first, scenario.Ptes[i + count], count)
            )
            {
                count++;
            }

            count = count < ShortestRun ? 1 : count;
            var place = $"{scenario.VmaName(first.Vma)}+{EntryText.Span(first.Page, count)}";
            text.Line($"  {place}: {EntryText.Of(scenario, first, count)}");
            i += count;
        }
    }

    private static void WriteTlb(YamlText text, Scenario scenario)
    {
        if (scenario.TlbCount == 0)
        {
            return;
        }

        text.Line("tlb:");
        foreach (ref readonly var stale in scenario.UsedTlb)
        {
            var place = scenario.PageName(stale.Vma, stale.Page);
            text.Line($"  - cpu{Text(stale.Cpu)} {place}{Cached(scenario, stale)}");
        }
    }

    private static string Cached(Scenario scenario, in TlbSpec stale)
    {
        const PteBits Letters = PteBits.Write | PteBits.Dirty;
        var entry = new PteSpec
        {
            Kind = EntryKind.Present,
            Folio = stale.Folio,
            FolioPage = stale.FolioPage,
            Bits = stale.Bits,
        };
        var live = scenario.PteAt(stale.Vma, stale.Page);
        if (
            live is { Kind: EntryKind.Present } present
            && present.Folio == stale.Folio
            && present.FolioPage == stale.FolioPage
        )
        {
            var bits = present.Bits & Letters;
            if (stale.Bits == bits)
            {
                return "";
            }

            if (stale.Bits == (bits & ~PteBits.Dirty))
            {
                return " clean";
            }
        }

        return $" = {EntryText.Of(scenario, entry)}";
    }

    private static void WritePending(YamlText text, Scenario scenario)
    {
        List<string> batched = [],
            counts = [];
        for (var mm = 0; mm < scenario.Mms; mm++)
        {
            var name = EntryText.MmName(mm);
            var count = scenario.TlbFlushPending[mm];
            AddIf(batched, (scenario.BatchedFlushPending >> mm & 1) != 0, name);
            AddIf(counts, count != 0, $"{name}: {Text(count)}");
        }

        if (batched.Count + counts.Count == 0)
        {
            return;
        }

        text.Line("pending:");
        if (batched.Count > 0)
        {
            text.Flow("  batched-flush:", '[', batched, ']');
        }

        if (counts.Count > 0)
        {
            text.Flow("  tlb-flush-pending:", '{', counts, '}');
        }
    }

    private static void WriteSteps(YamlText text, Scenario scenario)
    {
        if (scenario.StepCount == 0)
        {
            return;
        }

        text.Line("interference:");
        foreach (ref readonly var step in scenario.UsedSteps)
        {
            text.Scalar("  -", StepText.Of(scenario, step));
        }
    }

    private static void WriteNotes(YamlText text, ScenarioNotes notes)
    {
        if (notes.Expectations.Count > 0)
        {
            text.Flow("expect:", '{', [.. notes.Expectations.Select(Expectation)], '}');
        }

        if (notes.Reach.Count == 0)
        {
            return;
        }

        text.Line("reach:");
        foreach (var recipe in notes.Reach)
        {
            if (notes.Reach.Count > 1)
            {
                text.Line("  -");
            }

            foreach (var step in recipe)
            {
                text.Scalar(notes.Reach.Count > 1 ? "    -" : "  -", step);
            }
        }
    }

    private static string Expectation(Expectation expected) =>
        $"{expected.Implementation}: {expected.Verdict.Name()}"
        + (expected.Rule is { } rule ? $" {rule}" : "");

    private static void AddIf(List<string> items, bool condition, string item)
    {
        if (condition)
        {
            items.Add(item);
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
