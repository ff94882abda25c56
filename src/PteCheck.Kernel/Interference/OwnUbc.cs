using PteCheck.Model.Machines;

namespace PteCheck.Kernel.Interference;

/// <summary>tlb_ubc belongs to a task: that of another one takes the place of the operation's while it acts.</summary>
internal sealed class OwnUbc(Machine machine)
{
    private readonly TlbUbcRange[] ranges = new TlbUbcRange[TlbUbc.MaxRanges];
    private TlbUbc pending;

    /// <summary>Nothing is put off.</summary>
    public void Begin() => pending = default;

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
