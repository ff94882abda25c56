using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;

namespace PteCheck.Kernel.CollapseAnon;

/// <summary>
/// The order that everything hangs on: the PMD entry is cleared and flushed, and only then are the references of
/// the pages tested. Nobody can store to them any more, and GUP-fast, which reads the PMD entry again, gives up.
/// </summary>
internal static class UnlinkTable
{
    /// <summary>G to K. Where it fails, the table is linked as it was and nothing is isolated.</summary>
    public static ScanResult Run<TArch>(KernelContext<TArch> kernel, ref AnonCollapse state)
        where TArch : struct, IArch
    {
        var notifies = !state.Has(CollapseAnonDecisions.NoNotifier);
        if (notifies)
        {
            kernel.MmuNotifierInvalidateRangeStart(state.Mm, state.Start, state.Pages);
        }

        var result = BeforeClear(kernel, ref state);
        if (result != ScanResult.Succeed)
        {
            End(kernel, state, notifies);
            return result;
        }

        kernel.SpinLockPmd(state.Mm);
        var flushes =
            !state.Has(CollapseAnonDecisions.NoFlush)
            && !state.Has(CollapseAnonDecisions.LateFlush)
            && !state.Has(CollapseAnonDecisions.CheckBeforeFlush);
        state.Old = flushes
            ? kernel.PmdpCollapseFlush(state.Mm, state.Pmd, state.Haddr)
            : kernel.PmdpHugeGetAndClear(state.Pmd);
        kernel.SpinUnlockPmd(state.Mm);
        state.Unlinked = true;
        End(kernel, state, notifies);
        if (!state.Has(CollapseAnonDecisions.NoIpi))
        {
            kernel.TlbRemoveTableSyncOne();
        }

        state.Ptep = kernel.PteOffsetMapOf(state.Old, state.Start, state.Pages);
        if (state.Has(CollapseAnonDecisions.CheckFirst))
        {
            return ScanResult.Succeed;
        }

        kernel.SpinLockPtl(state.Ptep.Table);
        var checks = !state.Has(CollapseAnonDecisions.CheckLast);
        result = CollapseIsolate.Run(kernel, state, checks);
        kernel.SpinUnlockPtl(state.Ptep.Table);
        if (state.Has(CollapseAnonDecisions.CheckBeforeFlush))
        {
            kernel.FlushTlbRange(state.Mm, state.Haddr, state.Slots);
        }

        if (result != ScanResult.Succeed)
        {
            Relink(kernel, ref state);
        }

        return result;
    }

    /// <summary>Links the old table again.</summary>
    public static void Relink<TArch>(KernelContext<TArch> kernel, ref AnonCollapse state)
        where TArch : struct, IArch
    {
        if (state.Unlinked && !state.Has(CollapseAnonDecisions.NoRelink))
        {
            kernel.SpinLockPmd(state.Mm);
            kernel.PmdPopulate(state.Pmd, state.Old.Table);
            kernel.SpinUnlockPmd(state.Mm);
            state.Unlinked = false;
        }
    }

    /// <summary>What faulty orders do while the table is still linked: isolate, copy.</summary>
    private static ScanResult BeforeClear<TArch>(
        KernelContext<TArch> kernel,
        ref AnonCollapse state
    )
        where TArch : struct, IArch
    {
        var isolates = state.Has(CollapseAnonDecisions.CheckFirst);
        var copies = state.Has(CollapseAnonDecisions.CopyBeforeClear);
        if (!isolates && !copies)
        {
            return ScanResult.Succeed;
        }

        if (!kernel.TryPteOffsetMapLock(state.Mm, state.Start, state.Pages, out state.Ptep))
        {
            return ScanResult.NoPteTable;
        }

        var result = CollapseIsolate.Run(kernel, state, checks: isolates);
        if (result == ScanResult.Succeed && copies)
        {
            result = CollapseCopy.Run(kernel, state);
            if (result != ScanResult.Succeed || !isolates)
            {
                CollapseIsolate.ReleasePtePages(kernel, state);
            }
        }

        kernel.SpinUnlockPtl(state.Ptep.Table);
        return result;
    }

    private static void End<TArch>(
        KernelContext<TArch> kernel,
        in AnonCollapse state,
        bool notifies
    )
        where TArch : struct, IArch
    {
        if (notifies)
        {
            kernel.MmuNotifierInvalidateRangeEnd(state.Mm, state.Start, state.Pages);
        }
    }
}
