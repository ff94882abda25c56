using System.Globalization;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Interference;
using PteCheck.Model.Traces;

namespace PteCheck.Checking.Explaining;

/// <summary>What other CPUs and devices did, in words: the step as it was meant, and what its events say came of it.</summary>
internal sealed class OthersWords(CaseRecord record, Scenario scenario)
{
    private static readonly Primitive[] Loads = [Primitive.CpuLoad, Primitive.DeviceLoad];
    private static readonly Primitive[] Stores = [Primitive.CpuStore, Primitive.DeviceStore];

    /// <summary>Who carries a step out: <c>cpu1</c>, <c>device</c>.</summary>
    public static string Actor(in StepSpec step) =>
        step.Actor == InterferenceStep.Device
            ? "device"
            : string.Create(CultureInfo.InvariantCulture, $"cpu{step.Actor}");

    /// <summary>Who an event is of: <c>cpu0</c> for the operation.</summary>
    public static string Actor(in TraceEvent e, Scenario scenario) =>
        e.Op is Primitive.DeviceLoad or Primitive.DeviceStore ? "the device"
        : e.Actor == 0 ? "cpu0"
        : Actor(scenario.Steps[e.Actor - 1]);

    /// <summary>A step of the scenario and its events.</summary>
    public string Tell(int index, int first, int end)
    {
        ref readonly var step = ref scenario.Steps[index];
        var waits = record.CandidateSteps[index].Waited ? "waits for a lock, then " : "";
        return $"{Actor(step)}: {waits}{Deed(step, first, end)}";
    }

    /// <summary>What somebody brought to its end when the operation was over, from its first event on.</summary>
    public string TellEnding(int first)
    {
        ref readonly var e = ref record.CandidateTrace.Events[first];
        ref readonly var step = ref scenario.Steps[e.Actor - 1];
        var deed = e.Op switch
        {
            Primitive.GupPin => Pinned(e),
            Primitive.FolioRef => $"GUP-fast gives {PageNames.Folio(e.Table, scenario)} back",
            Primitive.WriteOut => "writeback writes the page out",
            Primitive.TlbGatherMmu or Primitive.TlbFinishMmu => "the zap flushes and frees",
            _ => "reclaim flushes and frees",
        };
        return $"{Actor(step)}: {deed}";
    }

    private string Deed(in StepSpec step, int first, int end)
    {
        var page = scenario.PageName(step.Vma, step.Page);
        var some = first < end;
        return step.Verb switch
        {
            StepVerb.Load => Access(first, end, Loads, $"loads {page}"),
            StepVerb.Store => Access(first, end, Stores, $"stores to {page}"),
            StepVerb.GupWalk => $"GUP-fast reads the PMD entry of {page}",
            StepVerb.GupRead => $"GUP-fast reads {page}: {Entry(step, first)}",
            StepVerb.GupGrab => Find(first, end, Primitive.FolioRef) is { } grabbed
                ? $"GUP-fast takes a reference on {FolioAt(grabbed)}"
                : "GUP-fast finds no page that it may take",
            StepVerb.GupRecheck => Recheck(step, first, end, page),
            StepVerb.DeviceLoad => Device(Find(first, end, Loads), "reads", page),
            StepVerb.DeviceStore => Device(Find(first, end, Stores), "writes to", page),
            StepVerb.MarkDirty => Find(first, end, Primitive.FolioFlags) is { } marked
                ? $"the user of the pin marks {FolioAt(marked)} dirty"
                : NoPin(page),
            StepVerb.Unpin => Find(first, end, Primitive.GupUnpin) is { } unpinned
                ? $"unpins {FrameAt(unpinned)}"
                : NoPin(page),
            _ => Longer(step, page) + (some ? "" : ", and finds nothing to do"),
        };
    }

    /// <summary>Steps of several primitives each.</summary>
    private static string Longer(in StepSpec step, string page) =>
        step.Verb switch
        {
            StepVerb.Zap when step.Pages > 1 => string.Create(
                CultureInfo.InvariantCulture,
                $"MADV_DONTNEED clears {page}..{step.Page + step.Pages - 1}"
            ),
            StepVerb.Zap => $"MADV_DONTNEED clears {page}",
            StepVerb.ZapTable => $"MADV_DONTNEED of the whole table of {page}",
            StepVerb.Retract => $"another collapse retracts the table of {page}",
            StepVerb.ZapFinish => "MADV_DONTNEED flushes and frees",
            StepVerb.Mkclean => $"writeback cleans and write-protects the folio of {page}",
            StepVerb.WriteOut => $"writeback writes the folio of {page} out",
            StepVerb.Truncate => $"truncation zaps the folio of {page} and flushes",
            StepVerb.Reclaim => $"reclaim unmaps the folio of {page} and puts the flush off",
            StepVerb.ReclaimFinish => "reclaim flushes and frees",
            StepVerb.Migrate => $"migration unmaps the folio of {page} and puts the flush off",
            StepVerb.MigrateCopy => "migration flushes and copies the folio",
            StepVerb.MigrateFinish => "migration gives the entries back",
            StepVerb.UffdZeropage => $"UFFDIO_ZEROPAGE fills {page}",
            StepVerb.UffdCopy => $"UFFDIO_COPY fills {page}",
            _ => $"{step.Verb} {page}",
        };

    private string Access(int first, int end, Primitive[] ops, string does)
    {
        var faults = Find(first, end, Primitive.PtlLock) is not null;
        if (Find(first, end, ops) is not { } at)
        {
            return $"{does}: a page fault, and no access";
        }

        ref readonly var e = ref record.CandidateTrace.Events[at];
        var through =
            AccessEvent.IsStale(e) ? " through a stale translation"
            : faults ? " after a page fault"
            : "";
        return $"{does}{through}: {FrameAt(at)}";
    }

    private string Device(int? found, string does, string page) =>
        found is { } at ? $"{does} {FrameAt(at)}, pinned at {page}" : NoPin(page);

    private static string NoPin(string page) => $"has no pin of {page}, and does nothing";

    private string Recheck(in StepSpec step, int first, int end, string page)
    {
        if (Find(first, end, Primitive.GupPin) is { } pinned)
        {
            return Pinned(record.CandidateTrace.Events[pinned]);
        }

        return Find(first, end, Primitive.FolioRef) is { } put
            ? $"GUP-fast reads {page} again: {Entry(step, first)}, and gives {FolioAt(put)} back"
            : "GUP-fast holds nothing that it must look at again";
    }

    private string Pinned(in TraceEvent e)
    {
        var page = StepWords.Pages(e.Table, AccessEvent.Vpn(e), 1, record.Initial, scenario);
        var frame = PageNames.Frame(AccessEvent.Frame(e), record, scenario);
        return $"GUP-fast reads {page} again, unchanged: {frame} is pinned";
    }

    /// <summary>The entry of the step's page just before an event, as the trace tells.</summary>
    private string Entry(in StepSpec step, int before)
    {
        var machine = record.Initial;
        ref readonly var vma = ref machine.Vmas[step.Vma];
        var vpn = vma.Start + (uint)step.Page;
        var word = machine.PteAt(vma.Mm, vpn).Word;
        foreach (ref readonly var e in record.CandidateTrace.Events[..before])
        {
            var isThere =
                e.Op == Primitive.PteStore
                && machine.Tables[e.Table].Mm == vma.Mm
                && machine.Tables[e.Table].BaseVpn + (uint)e.Slot == vpn;
            word = isThere ? e.B : word;
        }

        return PteText.Describe(machine, word, scenario);
    }

    private string FolioAt(int at) =>
        PageNames.Folio(record.CandidateTrace.Events[at].Table, scenario);

    /// <summary>The page of an access, freed or not.</summary>
    private string FrameAt(int at)
    {
        var frame = AccessEvent.Frame(record.CandidateTrace.Events[at]);
        var freed = PageNames.FreedAt(frame, at, record) >= 0 ? "freed page " : "";
        return freed + PageNames.Frame(frame, record, scenario);
    }

    private int? Find(int first, int end, params ReadOnlySpan<Primitive> ops)
    {
        for (var at = first; at < end; at++)
        {
            if (ops.Contains(record.CandidateTrace.Events[at].Op))
            {
                return at;
            }
        }

        return null;
    }
}
