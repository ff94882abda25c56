using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;

namespace PteCheck.Kernel.CollapseAnon;

/// <summary>
/// vma_collapse_anon_folio of "khugepaged: Introduce vma_collapse_anon_folio()" (RFC PATCH 09/12, Dev Jain,
/// 2024-12-16), below PMD order: one level of the tables changes, under the page-table lock from the first look at
/// the entries to the last, and mmap_lock for reading. As posted: references tested, copied, cleared, set, with no
/// flush; with the decisions mended in the order that the review asks for.
/// </summary>
internal static class VmaCollapseAnonFolio
{
    /// <summary>The whole call, from mmap_lock on.</summary>
    public static ScanResult Run<TArch, TRelease>(
        KernelContext<TArch> kernel,
        ref AnonCollapse state,
        TRelease release
    )
        where TArch : struct, IArch
        where TRelease : struct, IReleaseSources
    {
        kernel.MmapReadLock(state.Mm);
        var result = CollapseVma.Revalidate(kernel, state, forWrite: true);
        if (result == ScanResult.Succeed)
        {
            var locks = !state.Has(CollapseAnonDecisions.NoAnonVmaLock);
            if (locks)
            {
                kernel.AnonVmaLockWrite(state.Vma);
            }

            result = Notified(kernel, ref state, release);
            if (locks)
            {
                kernel.AnonVmaUnlockWrite(state.Vma);
            }
        }

        kernel.MmapReadUnlock(state.Mm);
        return result;
    }

    private static ScanResult Notified<TArch, TRelease>(
        KernelContext<TArch> kernel,
        ref AnonCollapse state,
        TRelease release
    )
        where TArch : struct, IArch
        where TRelease : struct, IReleaseSources
    {
        var notifies = !state.Has(CollapseAnonDecisions.NoNotifier);
        if (notifies)
        {
            kernel.MmuNotifierInvalidateRangeStart(state.Mm, state.Start, state.Pages);
        }

        var result = ScanResult.NoPteTable;
        if (kernel.TryPteOffsetMapLock(state.Mm, state.Start, state.Pages, out state.Ptep))
        {
            state.HoldsPtl = true;
            result = Replace(kernel, ref state, release);
            kernel.SpinUnlockPtl(state.Ptep.Table);
        }

        if (notifies)
        {
            kernel.MmuNotifierInvalidateRangeEnd(state.Mm, state.Start, state.Pages);
        }

        return result;
    }

    /// <summary>Under the page-table lock.</summary>
    private static ScanResult Replace<TArch, TRelease>(
        KernelContext<TArch> kernel,
        ref AnonCollapse state,
        TRelease release
    )
        where TArch : struct, IArch
        where TRelease : struct, IReleaseSources
    {
        var checkFirst = state.Has(CollapseAnonDecisions.CheckFirst);
        var result = CollapseIsolate.Run(kernel, state, checkFirst);
        if (result != ScanResult.Succeed)
        {
            return result;
        }

        var copyFirst = state.Has(CollapseAnonDecisions.CopyBeforeClear);
        result = copyFirst ? Copy(kernel, state) : ClearAndCheck(kernel, ref state);
        if (result == ScanResult.Succeed)
        {
            result = copyFirst ? ClearAndCheck(kernel, ref state) : Copy(kernel, state);
        }

        if (result != ScanResult.Succeed)
        {
            Restore(kernel, state);
            CollapseIsolate.ReleasePtePages(kernel, state);
            return result;
        }

        release.Release(kernel, state);
        if (state.Has(CollapseAnonDecisions.LateFlush))
        {
            kernel.FlushTlbRange(state.Mm, state.Start, state.Pages);
        }

        MapNewFolio.InPlace(kernel, state, release);
        return ScanResult.Succeed;
    }

    private static ScanResult Copy<TArch>(KernelContext<TArch> kernel, in AnonCollapse state)
        where TArch : struct, IArch
    {
        var drops = state.Has(CollapseAnonDecisions.DropPtl);
        if (drops)
        {
            kernel.SpinUnlockPtl(state.Ptep.Table);
        }

        var result = CollapseCopy.Run(kernel, state);
        if (drops)
        {
            kernel.SpinLockPtl(state.Ptep.Table);
        }

        return result;
    }

    private static ScanResult ClearAndCheck<TArch>(
        KernelContext<TArch> kernel,
        ref AnonCollapse state
    )
        where TArch : struct, IArch
    {
        for (var i = 0; i < state.Pages; i++)
        {
            if (!TArch.PteNone(kernel.Sources.Entries[i]))
            {
                kernel.Sources.Entries[i] = kernel.PtepGetAndClear(state.Ptep.Add(i));
            }
        }

        state.Cleared = true;
        var flushes =
            !state.Has(CollapseAnonDecisions.NoFlush)
            && !state.Has(CollapseAnonDecisions.LateFlush);
        if (flushes)
        {
            kernel.FlushTlbRange(state.Mm, state.Start, state.Pages);
        }

        return state.Has(CollapseAnonDecisions.CheckFirst)
            ? ScanResult.Succeed
            : CollapseIsolate.CheckReferences(kernel, state);
    }

    /// <summary>Backs off: every entry as it was when it was cleared, each by itself, since their bits may differ.</summary>
    private static void Restore<TArch>(KernelContext<TArch> kernel, in AnonCollapse state)
        where TArch : struct, IArch
    {
        if (!state.Cleared)
        {
            return;
        }

        var first = Pte.None;
        for (var i = 0; i < state.Pages; i++)
        {
            var entry = kernel.Sources.Entries[i];
            var next = TArch.PtePresent(first) ? TArch.PteAdvancePfn(first, 1) : Pte.None;
            var follows =
                TArch.PtePresent(first)
                && TArch.PtePresent(entry)
                && TArch.PtePfn(next) == TArch.PtePfn(entry);
            first = follows && state.Has(CollapseAnonDecisions.RestoreBatch) ? next : entry;
            if (!TArch.PteNone(entry))
            {
                kernel.SetPteAt(state.Ptep.Add(i), first);
            }
        }
    }
}
