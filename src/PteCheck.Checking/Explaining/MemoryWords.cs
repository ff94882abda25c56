using PteCheck.Checking.Oracles;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Model.Traces;

namespace PteCheck.Checking.Explaining;

/// <summary>Findings of the memory oracle in words: what was expected, what was read, and in which steps.</summary>
internal static class MemoryWords
{
    /// <summary>What was expected, what was found, and the sentence.</summary>
    public static (string Expected, string Found, string Message) Of(
        in Finding finding,
        string where,
        CaseRecord record,
        Scenario scenario
    )
    {
        var steps = StepList.Of(record, scenario, finding);
        var title = $"{where}: {finding.Rule.Title}";
        if (!record.Findings.Contains(finding))
        {
            return ("", "", $"{title} in the reference's own run");
        }

        return finding.Rule.Id switch
        {
            "PTB401" => Newest(finding, where, record, scenario, steps),
            "PTB402" => Freed(finding, where, record, scenario, steps),
            "PTB404" => Replaced(finding, where, record, scenario, steps),
            _ => WriteBackMissed(finding, record, scenario, steps),
        };
    }

    private static (string Expected, string Found, string Message) Newest(
        in Finding finding,
        string where,
        CaseRecord record,
        Scenario scenario,
        StepList steps
    )
    {
        var expected = ContentNames.Of(finding.Reference, record, scenario, steps);
        var found = ContentNames.Of(finding.Candidate, record, scenario, steps);
        var must = ContentNames.IsWritten(finding.Reference, record)
            ? $"the newest write is {expected}"
            : $"it must read as {expected}";
        var reader =
            finding.Step < 0
                ? ""
                : $" for {OthersWords.Actor(record.CandidateTrace.Events[finding.Step], scenario)}{ContentNames.In(steps, finding.Step)}";
        return (expected, found, $"{where} reads as {found}{reader}, {must}");
    }

    private static (string Expected, string Found, string Message) Freed(
        in Finding finding,
        string where,
        CaseRecord record,
        Scenario scenario,
        StepList steps
    )
    {
        ref readonly var e = ref record.CandidateTrace.Events[finding.Step];
        var frame = AccessEvent.Frame(e);
        var page = PageNames.Frame(frame, record, scenario);
        var freedAt = PageNames.FreedAt(frame, finding.Step, record);
        var does = e.Op is Primitive.CpuStore or Primitive.DeviceStore ? "writes to" : "reads";
        return (
            "no access",
            $"freed page {page}",
            $"{where}: {OthersWords.Actor(e, scenario)} {does} {page}{ContentNames.In(steps, finding.Step)}, which was freed{ContentNames.In(steps, freedAt)}"
        );
    }

    private static (string Expected, string Found, string Message) Replaced(
        in Finding finding,
        string where,
        CaseRecord record,
        Scenario scenario,
        StepList steps
    )
    {
        var target = scenario.Operation().TargetOf(record.Call, finding.Mm, finding.Place);
        var now = PteText.At(record.Candidate, finding.Mm, target, scenario);
        var pinnedAt = PinOf(finding, record);
        var page = PageNames.Frame((int)finding.Reference, record, scenario);
        var since = pinnedAt < 0 ? " since before the run" : ContentNames.In(steps, pinnedAt);
        return (
            page,
            now,
            $"{where}: {page}, pinned{since}, is no longer the page that is mapped: the entry is {now}"
        );
    }

    private static (string Expected, string Found, string Message) WriteBackMissed(
        in Finding finding,
        CaseRecord record,
        Scenario scenario,
        StepList steps
    )
    {
        var events = record.CandidateTrace.Events;
        var (writtenOut, stored) = (-1, -1);
        for (var at = 0; at < events.Length; at++)
        {
            ref readonly var e = ref events[at];
            if (e.Op == Primitive.WriteOut && e.Table == (int)finding.Place)
            {
                (writtenOut, stored) = (at, -1);
            }

            var stores = e.Op is Primitive.CpuStore or Primitive.DeviceStore;
            if (stores && FolioOf(e, record) == (int)finding.Place)
            {
                stored = at;
            }
        }

        var newest = ContentNames.Of(stored < 0 ? 0 : events[stored].B, record, scenario, steps);
        var after = ContentNames.In(steps, writtenOut);
        return (
            "marked dirty",
            "clean",
            $"folio {PageNames.Folio((int)finding.Place, scenario)}: {newest}, after the write-out{after}, never reaches the file: neither the folio nor an entry is dirty"
        );
    }

    private static int FolioOf(in TraceEvent e, CaseRecord record) =>
        AccessEvent.Frame(e) is var frame and >= 0 ? record.Candidate.FrameFolios[frame] : -1;

    /// <summary>The last event that pinned the finding's page; -1 for a pin of the initial state.</summary>
    private static int PinOf(in Finding finding, CaseRecord record)
    {
        var events = record.CandidateTrace.Events;
        var at = events.Length - 1;
        while (
            at >= 0
            && (
                events[at].Op != Primitive.GupPin
                || events[at].Table != finding.Mm
                || AccessEvent.Vpn(events[at]) != finding.Place
            )
        )
        {
            at--;
        }

        return at;
    }
}
