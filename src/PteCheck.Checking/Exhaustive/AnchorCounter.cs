using PteCheck.Kernel.Interference;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Checking.Exhaustive;

/// <summary>Names the events of a run as anchors do: the first of its kind, the second, the first of a page.</summary>
internal sealed class AnchorCounter(AnchorSide side)
{
    private readonly Dictionary<(AnchorEvent Event, int Mm, uint Vpn), byte> seen = [];

    /// <summary>Begins a run.</summary>
    public void Begin() => seen.Clear();

    /// <summary>Counts an event; null where anchors have no name for it.</summary>
    public AnchorName? Name(in TraceEvent e, Machine machine)
    {
        if (e.Actor != 0 || Anchor.EventOf(e) is not { } kind)
        {
            return null;
        }

        int mm = 0,
            vma = 0,
            page = 0;
        var vpn = 0u;
        if (Anchor.IsOfPage(kind))
        {
            ref readonly var table = ref machine.Tables[e.Table];
            (mm, vpn) = (table.Mm, table.BaseVpn + (uint)e.Slot);
            vma = machine.FindVma(mm, vpn);
            if (vma < 0)
            {
                return null;
            }

            page = (int)(vpn - machine.Vmas[vma].Start);
        }

        seen.TryGetValue((kind, mm, vpn), out var before);
        seen[(kind, mm, vpn)] = ++before;
        return new(side, kind, before, (byte)vma, (short)page);
    }
}
