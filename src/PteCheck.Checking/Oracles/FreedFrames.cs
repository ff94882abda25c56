using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Checking.Oracles;

/// <summary>The frames that have been freed so far.</summary>
internal sealed class FreedFrames
{
    private readonly bool[] freed = new bool[Machine.MaxFrames];
    private int end;

    /// <summary>None is freed.</summary>
    public void Begin()
    {
        freed.AsSpan(0, end).Clear();
        end = 0;
    }

    /// <summary>A folio is freed.</summary>
    public void Add(in TraceEvent e, ulong pfnBase)
    {
        var first = (int)(e.A - pfnBase);
        freed.AsSpan(first, e.Nr).Fill(true);
        end = Math.Max(end, first + e.Nr);
    }

    /// <summary>Adds them to a hash.</summary>
    public void AddTo(ref StateHash hash)
    {
        hash.Add(end);
        for (var frame = 0; frame < end; frame++)
        {
            hash.Add(freed[frame]);
        }
    }

    /// <summary>Whether a frame has been freed.</summary>
    public bool Has(int frame) => frame >= 0 && freed[frame];
}
