using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;

namespace PteCheck.Kernel.MthpSelect;

/// <summary>
/// collapse_single_pmd of an anonymous VMA: mmap_lock for reading, collapse_scan_pmd, and the lock dropped by whoever
/// lock_dropped says. A run may scan the same table several times, nothing else happening in between.
/// </summary>
internal static class CollapseSinglePmd
{
    /// <summary>Runs all scans of the call.</summary>
    public static void Run<TArch, TWalk>(
        KernelContext<TArch> kernel,
        in OperationCall call,
        TWalk walk,
        DecisionSet decisions
    )
        where TArch : struct, IArch
        where TWalk : struct, ISelectWindows
    {
        CollapseControl control = default;
        for (var scan = 0; scan < call.Scans; scan++)
        {
            kernel.MmapReadLock(call.Mm);
            var result = CollapseScanPmd(
                kernel,
                call,
                walk,
                decisions,
                ref control,
                out var lockDropped
            );
            kernel.CollapseScanEnds(call.Mm, (int)result, lockDropped);
            if (!lockDropped)
            {
                kernel.MmapReadUnlock(call.Mm);
            }
        }
    }

    /// <summary>
    /// collapse_scan_pmd: where the table can be collapsed at all, mmap_lock is dropped before the windows are chosen,
    /// whether any is tried or not.
    /// </summary>
    private static ScanResult CollapseScanPmd<TArch, TWalk>(
        KernelContext<TArch> kernel,
        in OperationCall call,
        TWalk walk,
        DecisionSet decisions,
        ref CollapseControl control,
        out bool lockDropped
    )
        where TArch : struct, IArch
        where TWalk : struct, ISelectWindows
    {
        lockDropped = false;
        var scan = new TableScan<TArch>(kernel, call, decisions);
        var result = scan.Run(ref control);
        if (result != ScanResult.Succeed)
        {
            return result;
        }

        if (!decisions.Has(MthpDecisions.UnlockLate))
        {
            kernel.MmapReadUnlock(call.Mm);
        }

        lockDropped = true;
        var selection = new Selection<TArch>(kernel, call, decisions, ref control);
        walk.Walk(ref selection);
        return selection.Result;
    }
}
