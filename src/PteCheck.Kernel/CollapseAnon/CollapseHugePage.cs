using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.CollapseAnon;

/// <summary>
/// collapse_huge_page (mm/khugepaged.c) with the scan before it: from mmap_lock for reading to the new mapping. The
/// letters in the comments are those of the steps from A, the scan, to P, the last unlock.
/// </summary>
internal static class CollapseHugePage
{
    /// <summary>One call.</summary>
    public static void Run<TArch, TRelease>(
        KernelContext<TArch> kernel,
        in OperationCall call,
        TRelease release,
        DecisionSet decisions
    )
        where TArch : struct, IArch
        where TRelease : struct, IReleaseSources
    {
        var state = AnonCollapse.Of(call, kernel.Machine.Slots, decisions);
        kernel.Sources.Begin();
        kernel.MmapReadLock(state.Mm);
        var result = CollapseVma.Revalidate(kernel, state, forWrite: false);
        result = result == ScanResult.Succeed ? CollapseScanPmd.Run(kernel, ref state) : result;
        kernel.MmapReadUnlock(state.Mm);
        if (result == ScanResult.Succeed)
        {
            kernel.ScanPassed();
            result = WithFolio(kernel, ref state, release);
        }

        kernel.ScanResult((int)result);
        kernel.ReturnToUser(state.Mm);
    }

    /// <summary>C and D: the new folio, and what is swapped out.</summary>
    private static ScanResult WithFolio<TArch, TRelease>(
        KernelContext<TArch> kernel,
        ref AnonCollapse state,
        TRelease release
    )
        where TArch : struct, IArch
        where TRelease : struct, IReleaseSources
    {
        var mishap = state.Request.Mishap;
        state.Folio =
            mishap == CollapseMishap.AllocFails ? -1 : kernel.AllocChargeFolio(state.Request.Order);
        if (state.Folio < 0)
        {
            return ScanResult.AllocHugePageFail;
        }

        var result =
            mishap == CollapseMishap.ChargeFails
                ? ScanResult.CgroupChargeFail
                : SwapIn(kernel, ref state);
        if (result == ScanResult.Succeed)
        {
            result = state.Has(CollapseAnonDecisions.OneLevel)
                ? VmaCollapseAnonFolio.Run(kernel, ref state, release)
                : Locked(kernel, ref state, release);
        }

        if (result != ScanResult.Succeed)
        {
            kernel.FolioPutRefs(state.Folio, 1);
        }

        return result;
    }

    private static ScanResult SwapIn<TArch>(KernelContext<TArch> kernel, ref AnonCollapse state)
        where TArch : struct, IArch
    {
        kernel.MmapReadLock(state.Mm);
        var result = CollapseVma.Revalidate(kernel, state, forWrite: false);
        result =
            result == ScanResult.Succeed
                ? CollapseVma.FindPmdOrThpOrNone(kernel, ref state)
                : result;
        if (result != ScanResult.Succeed)
        {
            kernel.MmapReadUnlock(state.Mm);
            return result;
        }

        result = CollapseSwapin.Run(kernel, state);
        if (result == ScanResult.Succeed)
        {
            kernel.MmapReadUnlock(state.Mm);
        }

        return result;
    }

    /// <summary>E to P with mmap_lock for writing, in which nobody faults or zaps.</summary>
    private static ScanResult Locked<TArch, TRelease>(
        KernelContext<TArch> kernel,
        ref AnonCollapse state,
        TRelease release
    )
        where TArch : struct, IArch
        where TRelease : struct, IReleaseSources
    {
        if (state.Has(CollapseAnonDecisions.MmapRead))
        {
            kernel.MmapReadLock(state.Mm);
        }
        else if (state.Has(CollapseAnonDecisions.NoVmaStartWrite))
        {
            kernel.MmapWriteLockAlone(state.Mm);
        }
        else
        {
            kernel.MmapWriteLock(state.Mm);
        }

        var result = CollapseVma.Revalidate(kernel, state, forWrite: true);
        if (result == ScanResult.Succeed && !state.Has(CollapseAnonDecisions.TrustPmd))
        {
            result = CollapseVma.FindPmdOrThpOrNone(kernel, ref state);
        }

        result = result == ScanResult.Succeed ? Replace(kernel, ref state, release) : result;
        if (state.Has(CollapseAnonDecisions.MmapRead))
        {
            kernel.MmapReadUnlock(state.Mm);
        }
        else
        {
            kernel.MmapWriteUnlock(state.Mm);
        }

        return result;
    }

    /// <summary>F to O: the table is unlinked, its entries replaced, and what is to be linked is linked.</summary>
    private static ScanResult Replace<TArch, TRelease>(
        KernelContext<TArch> kernel,
        ref AnonCollapse state,
        TRelease release
    )
        where TArch : struct, IArch
        where TRelease : struct, IReleaseSources
    {
        if (!state.Has(CollapseAnonDecisions.NoAnonVmaLock))
        {
            kernel.AnonVmaLockWrite(state.Vma);
            state.HoldsAnonVma = true;
        }

        var result = UnlinkTable.Run(kernel, ref state);
        if (result != ScanResult.Succeed)
        {
            UnlockAnonVma(kernel, ref state);
            return result;
        }

        // L: every source is locked and isolated; below PMD order the neighbours are not.
        if (state.IsPmdOrder)
        {
            UnlockAnonVma(kernel, ref state);
        }

        RelinkEarly(kernel, ref state);
        var copyLater = state.Has(CollapseAnonDecisions.PublishBeforeCopy);
        var copied = state.Has(CollapseAnonDecisions.CopyBeforeClear) || copyLater;
        result = copied ? ScanResult.Succeed : CollapseCopy.Run(kernel, state);
        if (result == ScanResult.Succeed && state.Has(CollapseAnonDecisions.CheckLast))
        {
            result = CollapseIsolate.CheckReferences(kernel, state);
        }

        if (result == ScanResult.Succeed)
        {
            Release(kernel, ref state, release);
            Map(kernel, ref state, release);
            if (copyLater)
            {
                CollapseCopy.Run(kernel, state);
            }
        }
        else
        {
            UnlinkTable.Relink(kernel, ref state);
            CollapseIsolate.ReleasePtePages(kernel, state);
        }

        UnlockAnonVma(kernel, ref state);
        return result;
    }

    private static void Release<TArch, TRelease>(
        KernelContext<TArch> kernel,
        ref AnonCollapse state,
        TRelease release
    )
        where TArch : struct, IArch
        where TRelease : struct, IReleaseSources
    {
        if (!state.Unlinked)
        {
            kernel.SpinLockPtl(state.Ptep.Table);
            state.HoldsPtl = true;
        }

        release.Release(kernel, state);
        if (state.HoldsPtl)
        {
            kernel.SpinUnlockPtl(state.Ptep.Table);
            state.HoldsPtl = false;
        }

        if (state.Has(CollapseAnonDecisions.CountWindow))
        {
            kernel.AddMmCounter(state.Mm, FolioKind.Anon, state.Pages);
        }

        if (state.Has(CollapseAnonDecisions.LateFlush))
        {
            kernel.FlushTlbRange(state.Mm, state.Haddr, state.Slots);
        }
    }

    private static void Map<TArch, TRelease>(
        KernelContext<TArch> kernel,
        ref AnonCollapse state,
        TRelease release
    )
        where TArch : struct, IArch
        where TRelease : struct, IReleaseSources
    {
        if (state.IsPmdOrder)
        {
            MapNewFolio.ByLeaf(kernel, ref state);
        }
        else
        {
            MapNewFolio.ByEntries(kernel, ref state, release);
        }
    }

    private static void RelinkEarly<TArch>(KernelContext<TArch> kernel, ref AnonCollapse state)
        where TArch : struct, IArch
    {
        if (state.Has(CollapseAnonDecisions.RelinkBeforeCopy) && !state.IsPmdOrder)
        {
            UnlinkTable.Relink(kernel, ref state);
        }
    }

    private static void UnlockAnonVma<TArch>(KernelContext<TArch> kernel, ref AnonCollapse state)
        where TArch : struct, IArch
    {
        if (state.HoldsAnonVma)
        {
            kernel.AnonVmaUnlockWrite(state.Vma);
            state.HoldsAnonVma = false;
        }
    }
}
