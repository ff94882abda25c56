using PteCheck.Checking.Oracles;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Model.Traces;

namespace PteCheck.Checking.Explaining;

/// <summary>One line of the list of what the operation and the others did, in the order in which it happened.</summary>
/// <param name="Text">Who did what.</param>
/// <param name="First">The first event of the trace that it tells of.</param>
/// <param name="End">The first event after those; the same as <paramref name="First"/> for a step without events.</param>
/// <param name="Rank">How much it matters; lines of others stand above all lines of the operation.</param>
public sealed record StepLine(string Text, int First, int End, int Rank);

/// <summary>
/// The candidate's run with interference as one numbered list: the primitives of the operation that matter,
/// and between them the steps of others where they happened. Sentences that speak of a step use its number.
/// </summary>
public sealed class StepList
{
    /// <summary>Most lines of a list. The least of the operation's own ones give way.</summary>
    public const int MaxLines = 12;

    /// <summary>No list: without interference, or for a finding of another run than the candidate's.</summary>
    public static readonly StepList Empty = new([]);

    /// <summary>The rank of what another CPU or a device did.</summary>
    private const int RankOfOthers = 100;

    /// <summary>What a line gains when a step of another stands behind it, which is where most are anchored.</summary>
    private const int RankBefore = 5;

    /// <summary>What a line gains when a step of another stands before it.</summary>
    private const int RankBehind = 4;

    private StepList(IReadOnlyList<StepLine> lines) => Lines = lines;

    /// <summary>The lines, oldest first.</summary>
    public IReadOnlyList<StepLine> Lines { get; }

    /// <summary>The list that ends with the place of a finding, or with the run when it was found there.</summary>
    public static StepList Of(CaseRecord record, Scenario scenario, in Finding finding)
    {
        if (scenario.StepCount == 0 || !record.Findings.Contains(finding))
        {
            return Empty;
        }

        var last = record.CandidateTrace.Count - 1;
        var lines = Lay(record, scenario, finding.Step < 0 ? last : finding.Step);
        while (lines.Count > MaxLines)
        {
            lines.RemoveAt(LeastOf(lines));
        }

        return new(lines);
    }

    /// <summary>The number of the line that tells of an event, from 1 on; null where none does.</summary>
    public int? NumberOf(int step)
    {
        for (var i = 0; i < Lines.Count; i++)
        {
            if (Lines[i].First <= step && step < Lines[i].End)
            {
                return i + 1;
            }
        }

        return null;
    }

    /// <summary>How many lines are not the operation's own.</summary>
    public int OthersCount => Lines.Count(line => line.Rank == RankOfOthers);

    /// <summary>The lines that matter most, with their numbers in the whole list.</summary>
    /// <param name="keep">How many.</param>
    public IReadOnlyList<(int Number, string Text)> Most(int keep)
    {
        var kept = Lines.Select((line, i) => (Number: i + 1, Line: line)).ToList();
        while (kept.Count > keep)
        {
            kept.RemoveAt(LeastOf([.. kept.Select(one => one.Line)]));
        }

        return [.. kept.Select(one => (one.Number, one.Line.Text))];
    }

    /// <summary>The first of those lines that matter least.</summary>
    private static int LeastOf(IReadOnlyList<StepLine> lines)
    {
        var least = 0;
        for (var i = 1; i < lines.Count; i++)
        {
            if (RankAt(lines, i) < RankAt(lines, least))
            {
                least = i;
            }
        }

        return least;
    }

    private static int RankAt(IReadOnlyList<StepLine> lines, int line)
    {
        var isBefore = line + 1 < lines.Count && lines[line + 1].Rank == RankOfOthers;
        var isBehind = line > 0 && lines[line - 1].Rank == RankOfOthers;
        return lines[line].Rank
            + (
                isBefore ? RankBefore
                : isBehind ? RankBehind
                : 0
            );
    }

    private static List<StepLine> Lay(CaseRecord record, Scenario scenario, int last)
    {
        var lines = new List<StepLine>();
        var others = new OthersWords(record, scenario);
        var operation = new OperationWords(record, scenario);
        var events = record.CandidateTrace.Events;
        var told = new bool[scenario.StepCount];
        for (var at = 0; ; )
        {
            var isAtEnd = at == events.Length;
            if ((at <= last || isAtEnd) && NextStep(record, told, at) is { } step)
            {
                told[step] = true;
                var end = EndOf(events, at, step + 1);
                lines.Add(new(others.Tell(step, at, end), at, end, RankOfOthers));
                at = end;
            }
            else if (isAtEnd || at > last)
            {
                return lines;
            }
            else if (events[at].Actor != 0)
            {
                var end = EndOf(events, at, events[at].Actor);
                lines.Add(new(others.TellEnding(at), at, end, RankOfOthers));
                at = end;
            }
            else
            {
                AddOwn(lines, operation, at, isLast: at == last && last + 1 < events.Length);
                at++;
            }
        }
    }

    private static void AddOwn(List<StepLine> lines, OperationWords operation, int at, bool isLast)
    {
        if (operation.Tell(at) is var (text, rank))
        {
            lines.Add(new($"cpu0: {text}", at, at + 1, isLast ? RankOfOthers - 1 : rank));
        }
    }

    /// <summary>The next step that happened before an event, in the order of the scenario; null for none.</summary>
    private static int? NextStep(CaseRecord record, bool[] told, int at)
    {
        for (var step = 0; step < told.Length; step++)
        {
            if (!told[step] && record.CandidateSteps[step].At == at)
            {
                return step;
            }
        }

        return null;
    }

    private static int EndOf(ReadOnlySpan<TraceEvent> events, int at, int actor)
    {
        while (at < events.Length && events[at].Actor == actor)
        {
            at++;
        }

        return at;
    }
}
