using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Mremap;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Properties.Mremap;

/// <summary>One move of a drawn scenario by the reference, before and after, without any oracle.</summary>
/// <typeparam name="TArch">The architecture of the scenario.</typeparam>
internal sealed class ReferenceMove<TArch>
    where TArch : struct, IArch
{
    private readonly Side<TArch> side = new();

    /// <summary>Runs the reference on the scenario.</summary>
    public ReferenceMove(Scenario scenario)
    {
        Call = new Expander().Expand<TArch>(scenario, Initial, KernelVersion.V7_2);
        Run(Initial, Call);
        Final.CopyFrom(side.Machine);
    }

    /// <summary>The arguments.</summary>
    public OperationCall Call { get; }

    /// <summary>The machine before.</summary>
    public Machine Initial { get; } = new();

    /// <summary>The machine after.</summary>
    public Machine Final { get; } = new();

    /// <summary>vma_has_uffd_without_event_remap of the VMA that is moved.</summary>
    public bool ClearsUffd => Initial.Vmas[Call.Vma].HasUffdWithoutEventRemap;

    /// <summary>Runs the reference on another machine; the result stands until the next run.</summary>
    public Machine Run(Machine start, in OperationCall call)
    {
        side.Run(start, MremapOperation.Instance, call, MremapOperation.Instance.Reference());
        Assert.False(side.Stopped);
        Assert.Equal(0, side.Faults.Count);
        return side.Machine;
    }

    /// <summary>The entry of a page of the range before the move.</summary>
    public Pte Source(uint page) => Initial.PteAt(Call.Mm, Call.Vpn + page);

    /// <summary>The entry that the move left at the destination.</summary>
    public Pte Moved(uint page) => Final.PteAt(Call.Mm, Call.NewVpn + page);

    /// <summary>Whether the page came with its whole table, by move_normal_pmd, which leaves entries as they are.</summary>
    public bool IsWhole(uint page)
    {
        var table = Initial.FindTable(Call.Mm, Call.Vpn + page);
        return table != Final.FindTable(Call.Mm, Call.Vpn + page)
            && table == Final.FindTable(Call.Mm, Call.NewVpn + page);
    }

    /// <summary>A uffd-wp marker that the move drops.</summary>
    public bool IsDropped(Pte source) =>
        ClearsUffd
        && !TArch.PteNone(source)
        && !TArch.PtePresent(source)
        && TArch.SwpType(source) == SwapType.Marker
        && ((PteMarkers)TArch.SwpOffset(source) & PteMarkers.UffdWp) != 0;
}
