using PteCheck.Checking.Oracles;
using PteCheck.Checking.Running;
using PteCheck.Kernel.Interference;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Checking.Exhaustive;

/// <summary>A place of a run at which others may act, and the state that the run has there.</summary>
/// <param name="Anchor">Its name.</param>
/// <param name="Index">Which place of the run it is, named or not.</param>
/// <param name="Events">Events before it.</param>
/// <param name="Key">The state that the run leaves it with.</param>
/// <param name="StalePages">Pages of the first VMA of which something stale may be cached, one bit each.</param>
internal readonly record struct Place(
    AnchorName Anchor,
    int Index,
    int Events,
    StateKey Key,
    uint StalePages
);

/// <summary>
/// Follows a run of the candidate, and notes at every place that anchors can name a key of the whole state:
/// equal keys mean that the same moves from there on lead to the same runs and the same judgement of them.
/// </summary>
/// <remarks>
/// A key takes in: the machine; what CPUs may have cached; what others have under way or wait for; what the
/// memory oracle expects (the TLB oracle knows nothing beyond the machine, what may be cached, and the history);
/// and, for the operation's own local variables, its history: every event of the operation with its operands,
/// and what the operation may have read between two places. That is all entries where one of the two events
/// around the stretch reads entries, and the folio's counts and flags where one reads those; an event that is
/// not known to read nothing counts as one that reads both. What others did is not part of the history: it counts
/// by what it has left behind. Reads that are no events (vma_address, the mapcount that ends the rmap walk)
/// decide which event comes next, and that event is part of the key.
/// </remarks>
internal sealed class PlaceRecorder<TArch>(CaseRun<TArch> run) : IPlaceObserver
    where TArch : struct, IArch
{
    private readonly MemoryOracle<TArch> memory = new(run);
    private readonly FindingList unused = new();
    private readonly AnchorCounter before = new(AnchorSide.Before);
    private readonly AnchorCounter after = new(AnchorSide.After);
    private readonly List<Place> places = [];
    private StateHash history;
    private TraceEvent last;
    private AnchorName? name;
    private int seen;
    private int visited;

    /// <summary>The places of the run that has just ended, in their order.</summary>
    public IReadOnlyList<Place> Places => places;

    private Side<TArch> Side => run.CandidateSide;

    /// <summary>Begins to record.</summary>
    public void Begin()
    {
        places.Clear();
        before.Begin();
        after.Begin();
        history = default;
        last = default;
        seen = 0;
        visited = 0;
    }

    /// <inheritdoc/>
    public void Arrive(TraceEvent? upcoming)
    {
        if (visited == 0)
        {
            memory.Begin(Side);
            unused.Clear();
        }

        name = visited == 0 ? new(AnchorSide.After, AnchorEvent.Start, 1, 0, 0) : null;
        for (; seen < Side.Trace.Count; seen++)
        {
            ref readonly var e = ref Side.Trace.Events[seen];
            if (e.Actor == 0)
            {
                AddToHistory(e);
                name = after.Name(e, Side.Machine) ?? name;
                last = e;
            }
        }

        AddReads(upcoming);
        if (upcoming is { } next && before.Name(next, Side.Machine) is { } named)
        {
            name ??= named;
        }

        name ??= upcoming is null ? new(AnchorSide.After, AnchorEvent.End, 1, 0, 0) : null;
    }

    /// <inheritdoc/>
    public void Leave(TraceEvent? upcoming)
    {
        if (name is { } anchor)
        {
            var events = Side.Trace.Count;
            places.Add(new(anchor, visited, events, KeyOf(upcoming), StalePages()));
        }

        visited++;
    }

    private uint StalePages()
    {
        ref readonly var vma = ref run.Initial.Vmas[0];
        var pages = 0u;
        for (var page = 0u; page < vma.Pages; page++)
        {
            pages |= Side.Interferer.MayBeStale(vma.Mm, vma.Start + page) ? 1u << (int)page : 0;
        }

        return pages;
    }

    private StateKey KeyOf(TraceEvent? upcoming)
    {
        memory.FollowTo(Side.Trace.Count, Side.Trace, unused);
        unused.Clear();
        var key = default(StateHash);
        key.Add(history.Key);
        key.Add(upcoming is null ? 0 : 1);
        if (upcoming is { } next)
        {
            Add(next, ref key);
        }

        Side.Machine.AddTo(ref key);
        Side.Interferer.AddTo(ref key);
        memory.AddTo(ref key);
        return key.Key;
    }

    private void AddToHistory(in TraceEvent e) => Add(e, ref history);

    private static void Add(in TraceEvent e, ref StateHash hash)
    {
        hash.Add(
            ((ulong)e.Op << 56)
                | ((ulong)(ushort)e.Table << 32)
                | ((ulong)(ushort)e.Slot << 16)
                | (ushort)e.Nr
        );
        hash.Add(e.A);
        hash.Add(e.B);
    }

    /// <summary>What the operation may have read since it was at the place before this one; nobody else acted in between.</summary>
    private void AddReads(TraceEvent? upcoming)
    {
        var reads = ReadClasses.Of<TArch>(last.Op);
        reads |= upcoming is { } next ? ReadClasses.Of<TArch>(next.Op) : EventReads.None;
        if ((reads & EventReads.Entries) != 0)
        {
            Side.Machine.AddEntriesTo(ref history);
        }

        if ((reads & EventReads.Folios) != 0)
        {
            for (var folio = 0; folio < run.Initial.FolioCount; folio++)
            {
                Side.Machine.Folios[folio].AddTo(ref history);
            }
        }
    }
}
