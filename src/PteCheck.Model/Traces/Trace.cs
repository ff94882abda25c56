namespace PteCheck.Model.Traces;

/// <summary>What one run did, in order, with a count of each primitive. Reused from run to run.</summary>
public sealed class Trace
{
    /// <summary>Events that a run may produce before it is stopped as endless: the fuel.</summary>
    public const int Capacity = 1 << 16;

    private readonly TraceEvent[] events = GC.AllocateArray<TraceEvent>(Capacity, pinned: true);
    private readonly int[] calls = new int[(int)Primitive.Count];

    /// <summary>Told of each event, when set; campaigns leave it unset.</summary>
    public ITraceListener? Listener { get; set; }

    /// <summary>How many events there are.</summary>
    public int Count { get; private set; }

    /// <summary>Batches of two or more that were formed.</summary>
    public int Batches { get; private set; }

    /// <summary>Length of the longest batch, in entries.</summary>
    public int LongestBatch { get; private set; }

    /// <summary>Entries in batches of two or more, less one for each batch.</summary>
    public int EntriesSaved { get; private set; }

    /// <summary>The events so far.</summary>
    public ReadOnlySpan<TraceEvent> Events => events.AsSpan(0, Count);

    /// <summary>How often a primitive was called; slots that changed for <see cref="Primitive.PteStore"/>.</summary>
    public int Calls(Primitive primitive) => calls[(int)primitive];

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Count = 0;
        Batches = 0;
        LongestBatch = 0;
        EntriesSaved = 0;
        Array.Clear(calls);
    }

    /// <summary>Records an event; false when the fuel is used up.</summary>
    public bool Add(in TraceEvent traceEvent)
    {
        if (Count == Capacity)
        {
            return false;
        }

        events[Count++] = traceEvent;
        calls[(int)traceEvent.Op]++;
        Listener?.OnEvent(traceEvent);
        return true;
    }

    /// <summary>Notes that a batch of <paramref name="nr"/> entries was handled as one.</summary>
    public void NoteBatch(int nr)
    {
        if (nr < 2)
        {
            return;
        }

        Batches++;
        EntriesSaved += nr - 1;
        LongestBatch = Math.Max(LongestBatch, nr);
    }
}
