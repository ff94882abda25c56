using PteCheck.Model.Machines;

namespace PteCheck.Kernel.Interference;

/// <summary>tlb_ubc belongs to a task: that of another one takes the place of the operation's while it acts.</summary>
internal sealed class OwnUbc(Machine machine)
{
    private readonly TlbUbcRange[] ranges = new TlbUbcRange[TlbUbc.MaxRanges];
    private TlbUbc pending;

    /// <summary>Nothing is put off.</summary>
    public void Begin() => pending = default;

    /// <summary>Adds what is put off to a hash.</summary>
    public void AddTo(ref StateHash hash)
    {
        hash.Add(((ulong)pending.Mms << 32) | (uint)pending.RangeCount);
        hash.Add(pending.FlushRequired);
        hash.Add(pending.Writable);
        foreach (ref readonly var range in ranges.AsSpan(0, pending.RangeCount))
        {
            hash.Add(((ulong)range.Vpn << 32) | (uint)range.Pages);
            hash.Add(range.Mm);
        }
    }

    /// <summary>The two change places; before the task acts, and after it.</summary>
    public void Exchange()
    {
        (machine.TlbUbc, pending) = (pending, machine.TlbUbc);
        for (var i = 0; i < ranges.Length; i++)
        {
            (machine.TlbUbcRanges[i], ranges[i]) = (ranges[i], machine.TlbUbcRanges[i]);
        }
    }
}
