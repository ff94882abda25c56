using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Operations;
using PteCheck.Kernel.WpFault;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Checking.Campaigns;

/// <summary>The situations of zap and of page faults, read off the trace.</summary>
internal static class InPlaceCells
{
    /// <summary>Those of zap.</summary>
    public static readonly string[] Zap =
    [
        "zap/dirty-file",
        "zap/freed",
        "zap/gather-full",
        "zap/marker-left",
        "zap/nested-gather",
        "zap/swap-batch",
    ];

    /// <summary>Those of page faults: one for each result.</summary>
    public static readonly string[] Fault =
    [
        .. Enum.GetNames<FaultResult>().Select(name => "fault/" + name),
    ];

    /// <summary>What the NUMA fault can lead to, which is a load from a page that is mapped.</summary>
    private static readonly string[] OfHints =
    [
        "fault/" + nameof(FaultResult.NumaHint),
        "fault/" + nameof(FaultResult.NumaMigrated),
        "fault/" + nameof(FaultResult.NumaRetry),
    ];

    /// <summary>What a store does not lead to: the zero page, and a migration.</summary>
    private static readonly string[] NotOfStores =
    [
        "fault/" + nameof(FaultResult.ZeroPage),
        .. OfHints.Skip(1),
    ];

    /// <summary>Whether faults of an operation can end so.</summary>
    public static bool EndsAs(string name, IOperation operation) =>
        operation.Hints
            ? OfHints.Contains(name, StringComparer.Ordinal)
            : Fault.Contains(name, StringComparer.Ordinal)
                && !NotOfStores.Contains(name, StringComparer.Ordinal);

    /// <summary>Names the cells that a case of zap hits.</summary>
    public static void CountZap(Machine initial, Trace trace, Scenario scenario, Action<string> hit)
    {
        ref readonly var vma = ref initial.Vmas[scenario.Run.Vma];
        var first = vma.Start + (uint)scenario.Run.First;
        var slots = (uint)initial.Slots;
        var tables = ((first + (uint)scenario.Run.Pages - 1) / slots) - (first / slots) + 1;
        HitIf(trace.Calls(Primitive.FolioFlags) > 0, "zap/dirty-file");
        HitIf(trace.Calls(Primitive.FolioFree) > 0, "zap/freed");
        HitIf(trace.Calls(Primitive.PtlLock) > tables, "zap/gather-full");
        HitIf(trace.Calls(Primitive.SetPtes) > 0, "zap/marker-left");
        HitIf(scenario.TlbFlushPending[vma.Mm] > 0, "zap/nested-gather");
        foreach (ref readonly var e in trace.Events)
        {
            HitIf(e.Op == Primitive.SwapFree && e.Nr > 1, "zap/swap-batch");
        }

        void HitIf(bool applies, string name)
        {
            if (applies)
            {
                hit(name);
            }
        }
    }

    /// <summary>Names the cell of what a page fault did.</summary>
    public static void CountFault(Trace trace, Action<string> hit)
    {
        foreach (ref readonly var e in trace.Events)
        {
            if (e.Op == Primitive.PageFault)
            {
                hit(Fault[(int)e.B]);
            }
        }
    }
}
