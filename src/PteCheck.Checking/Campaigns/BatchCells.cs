using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Checking.Campaigns;

/// <summary>The situations of the batch helper by itself, read off the trace.</summary>
internal static class BatchCells
{
    private const string Hinted = "batch/begins-in-a-block";
    private const string Clamped = "batch/hint-past-the-maximum";
    private const string Alone = "batch/no-large-folio";
    private const string Told = "batch/copy-merged";

    /// <summary>All of them.</summary>
    public static readonly string[] All = [Hinted, Clamped, Alone, Told];

    /// <summary>What ends no batch here, or is not there at all.</summary>
    private static readonly string[] Never =
    [
        "uffd/event-remap",
        "uffd/without-event-remap",
        "cont/partial",
        "cont/misaligned-destination",
        "pending/batched-flush",
        "rmap-locks",
        "same-table",
        "whole-table",
    ];

    /// <summary>Whether cases of the helper can hit a cell of those that are not another operation's own.</summary>
    public static bool IsShared(string name) => !Never.Contains(name, StringComparer.Ordinal);

    /// <summary>Names the cells that a case hits.</summary>
    public static void Count<TArch>(
        Machine initial,
        Trace trace,
        in OperationCall call,
        Action<string> hit
    )
        where TArch : struct, IArch
    {
        if (trace.Calls(Primitive.FolioPteBatch) == 0)
        {
            hit(Alone);
            return;
        }

        foreach (ref readonly var e in trace.Events)
        {
            if (e.Op == Primitive.BatchReturn)
            {
                var first = initial.PteAt(call.Mm, call.Vpn);
                var hint = TArch.PteBatchHint(first, e.Slot, initial.ContPtes);
                HitIf(hint > 1, Hinted);
                HitIf(hint > e.Nr, Clamped);
                HitIf((e.B & 1) != 0 && !TArch.PteWrite(first, initial.Context), Told);
            }
        }

        void HitIf(bool applies, string name)
        {
            if (applies)
            {
                hit(name);
            }
        }
    }
}
