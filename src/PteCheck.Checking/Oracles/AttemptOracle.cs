using PteCheck.Checking.Running;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Checking.Oracles;

/// <summary>
/// What an operation that chooses windows leaves behind: the attempts in their order and the result of each scan,
/// against the reference's; and by itself, that no attempt fills what only user space may fill, none that had to fail
/// is made, and a second scan finds nothing more to do.
/// </summary>
public static class AttemptOracle
{
    /// <summary>PTB020 and PTB021: the first place at which the two runs part.</summary>
    public static void JudgeState<TArch>(CaseRun<TArch> run, FindingList findings)
        where TArch : struct, IArch
    {
        var reference = run.ReferenceSide.Trace.Events;
        var candidate = run.CandidateSide.Trace.Events;
        int left = -1,
            right = -1,
            attempt = 0,
            scan = 0;
        while (true)
        {
            left = Next(reference, left);
            right = Next(candidate, right);
            if (left < 0 && right < 0)
            {
                return;
            }

            var has = Window(reference, left);
            var other = Window(candidate, right);
            var results = has == 0 && other == 0;
            if (has != other || (results && !SameResult(reference[left], candidate[right])))
            {
                findings.Add(
                    new()
                    {
                        Rule = results ? Rules.ScanResult : Rules.Attempts,
                        Role = PlaceRole.Window,
                        Mm = -1,
                        Place = (uint)(results ? scan : attempt),
                        Reference = results ? reference[left].A : has,
                        Candidate = results ? candidate[right].A : other,
                        Step = right,
                        Detail = "",
                    }
                );
                return;
            }

            attempt += results ? 0 : 1;
            scan += results ? 1 : 0;
        }
    }

    /// <summary>PTB110: nothing that is missing in a VMA armed for userfaultfd is filled.</summary>
    public static void JudgeAlone<TArch>(Side<TArch> side, int vma, FindingList findings)
        where TArch : struct, IArch
    {
        if ((side.Machine.Vmas[vma].Flags & VmaFlags.UffdAny) == 0)
        {
            return;
        }

        for (
            var step = Next(side.Trace.Events, -1);
            step >= 0;
            step = Next(side.Trace.Events, step)
        )
        {
            ref readonly var e = ref side.Trace.Events[step];
            if (e.Op == Primitive.CollapseHugePage && e.B > 0 && e.A == (ulong)ScanResult.Succeed)
            {
                findings.Add(Found(Rules.MissingFilled, 0, e.B, step, Window(e)));
                return;
            }
        }
    }

    /// <summary>PTB510 and PTB511: attempts that had to fail, and successes of a later scan.</summary>
    public static void JudgeWork<TArch>(CaseRun<TArch> run, FindingList findings)
        where TArch : struct, IArch
    {
        var events = run.CandidateSide.Trace.Events;
        var armed = (run.Initial.Vmas[run.Call.Vma].Flags & VmaFlags.UffdAny) != 0;
        var doomed = default(Tally);
        var creeping = default(Tally);
        var scan = 0;
        for (var step = Next(events, -1); step >= 0; step = Next(events, step))
        {
            ref readonly var e = ref events[step];
            if (e.Op == Primitive.CollapseScan)
            {
                scan++;
                continue;
            }

            doomed.Count(armed && e.B > 0, step);
            creeping.Count(scan > 0 && e.A == (ulong)ScanResult.Succeed, step);
        }

        doomed.Report(Rules.DoomedAttempt, events, findings);
        creeping.Report(Rules.Creep, events, findings);
    }

    /// <summary>The next attempt or end of a scan behind an event; -1 when there is none.</summary>
    private static int Next(ReadOnlySpan<TraceEvent> events, int step)
    {
        for (step++; step < events.Length; step++)
        {
            if (events[step].Op is Primitive.CollapseHugePage or Primitive.CollapseScan)
            {
                return step;
            }
        }

        return -1;
    }

    /// <summary>A window as a number that is not 0; 0 for the end of a scan, and where nothing is left.</summary>
    private static ulong Window(ReadOnlySpan<TraceEvent> events, int step) =>
        step < 0 || events[step].Op != Primitive.CollapseHugePage ? 0 : Window(events[step]);

    /// <summary>First slot and length of an attempt's window, packed.</summary>
    private static ulong Window(in TraceEvent e) => ((ulong)e.Slot << 16) | (ushort)e.Nr;

    /// <summary>khugepaged tells success, an allocation failure and everything else apart, its callers no more.</summary>
    private static bool SameResult(in TraceEvent reference, in TraceEvent candidate) =>
        Seen(reference) == Seen(candidate);

    private static ScanResult Seen(in TraceEvent e) =>
        (ScanResult)e.A is ScanResult.Succeed or ScanResult.AllocHugePageFail
            ? (ScanResult)e.A
            : ScanResult.Fail;

    private static Finding Found(Rule rule, ulong allowed, ulong has, int step, ulong window) =>
        new()
        {
            Rule = rule,
            Role = PlaceRole.Window,
            Mm = -1,
            Place = (uint)window,
            Reference = allowed,
            Candidate = has,
            Step = step,
            Detail = "",
        };

    /// <summary>How often something happened, and where first.</summary>
    private struct Tally
    {
        private int times;
        private int first;

        public void Count(bool happened, int step)
        {
            first = happened && times == 0 ? step : first;
            times += happened ? 1 : 0;
        }

        public readonly void Report(
            Rule rule,
            ReadOnlySpan<TraceEvent> events,
            FindingList findings
        )
        {
            if (times > 0)
            {
                findings.Add(Found(rule, 0, (ulong)times, first, Window(events[first])));
            }
        }
    }
}
