using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.CollapseAnon;

/// <summary>
/// collapse_scan_pmd (mm/khugepaged.c): the read-only look at a whole table before anything is allocated, and the
/// choice whether the window is worth an attempt. What it sees may change before the entries are isolated.
/// </summary>
internal static class CollapseScanPmd
{
    /// <summary>Scans the table, with mmap_lock held for reading.</summary>
    public static ScanResult Run<TArch>(KernelContext<TArch> kernel, ref AnonCollapse state)
        where TArch : struct, IArch
    {
        var result = CollapseVma.FindPmdOrThpOrNone(kernel, ref state);
        if (result != ScanResult.Succeed)
        {
            return result;
        }

        if (!kernel.TryPteOffsetMapLock(state.Mm, state.Haddr, state.Slots, out var ptep))
        {
            return ScanResult.NoPteTable;
        }

        var counts = default(Counts);
        for (var slot = 0; slot < state.Slots && result == ScanResult.Succeed; slot++)
        {
            result = ScanOne(kernel, state, kernel.PtepGet(ptep.Add(slot)), slot, ref counts);
        }

        kernel.SpinUnlockPtl(ptep.Table);
        if (result != ScanResult.Succeed)
        {
            return result;
        }

        state.Unmapped = counts.Unmapped;
        state.Referenced = counts.Referenced;
        var few = counts.Unmapped > 0 && counts.Referenced < state.Slots / 2;
        if (state.Request.Khugepaged && (counts.Referenced == 0 || few))
        {
            return ScanResult.LackReferencedPage;
        }

        return IsWorthIt(kernel, state, counts) ? ScanResult.Succeed : ScanResult.Fail;
    }

    /// <summary>
    /// mthp_collapse: enough entries of the window are eligible. Asked without the VMA, which may be gone by then; at
    /// PMD order what is swapped out counts, too, and the scan has asked already.
    /// </summary>
    private static bool IsWorthIt<TArch>(
        KernelContext<TArch> kernel,
        in AnonCollapse state,
        in Counts counts
    )
        where TArch : struct, IArch =>
        state.IsPmdOrder
        || counts.Eligible >= state.Pages - CollapseLimits.MaxNone(kernel, state, armed: false);

    private static ScanResult ScanOne<TArch>(
        KernelContext<TArch> kernel,
        in AnonCollapse state,
        Pte pte,
        int slot,
        ref Counts counts
    )
        where TArch : struct, IArch
    {
        if (CollapseVma.IsNoneOrZero<TArch>(pte))
        {
            var most = state.IsPmdOrder
                ? CollapseLimits.MaxNone(kernel, state, armed: true)
                : state.Slots - 1;
            return ++counts.NoneOrZero > most ? ScanResult.ExceedNonePte : ScanResult.Succeed;
        }

        if (!TArch.PtePresent(pte))
        {
            return ++counts.Unmapped > CollapseLimits.MaxSwap(state) ? ScanResult.ExceedSwapPte
                : IsUffdWp<TArch>(pte) && !state.Has(CollapseAnonDecisions.IgnoreUffdWp)
                    ? ScanResult.PteUffd
                : ScanResult.Succeed;
        }

        if (TArch.PteUffdWp(pte) && !state.Has(CollapseAnonDecisions.IgnoreUffdWp))
        {
            return ScanResult.PteUffd;
        }

        var result = ScanPage(kernel, state, pte, slot, ref counts);
        counts.Referenced += TArch.PteYoung(pte) ? 1 : 0;
        return result;
    }

    private static ScanResult ScanPage<TArch>(
        KernelContext<TArch> kernel,
        in AnonCollapse state,
        Pte pte,
        int slot,
        ref Counts counts
    )
        where TArch : struct, IArch
    {
        var index = kernel.VmNormalFolio(pte);
        if (index < 0)
        {
            return ScanResult.PageNull;
        }

        ref readonly var folio = ref kernel.Machine.Folios[index];
        if (CollapseVma.IsDroppedLater(kernel, state, pte, folio))
        {
            return ScanResult.PageLazyfree;
        }

        if (!folio.IsAnon)
        {
            return ScanResult.PageAnon;
        }

        var shared = kernel.FolioMaybeMappedShared(index);
        if (shared && ++counts.Shared > CollapseLimits.MaxShared(state, ofWindow: false))
        {
            return ScanResult.ExceedSharedPte;
        }

        var inWindow = state.Haddr + (uint)slot - state.Start < (uint)state.Pages;
        counts.Eligible += inWindow ? 1 : 0;
        var offLru =
            state.Request.Mishap == CollapseMishap.OffLru
            && state.Haddr + (uint)slot == state.Start + (uint)state.Request.MishapPage;
        if (offLru || (folio.Flags & FolioFlags.Lru) == 0)
        {
            return ScanResult.PageLru;
        }

        if ((folio.Flags & FolioFlags.Locked) != 0 && !state.Has(CollapseAnonDecisions.NoTrylock))
        {
            return ScanResult.PageLock;
        }

        return
            state.Has(CollapseAnonDecisions.NoRefCheck)
            || kernel.FolioExpectedRefCount(index) == folio.RefCount
            ? ScanResult.Succeed
            : ScanResult.PageCount;
    }

    private static bool IsUffdWp<TArch>(Pte pte)
        where TArch : struct, IArch =>
        TArch.PteSwpUffdWp(pte) || KernelContext<TArch>.PteIsUffdWpMarker(pte);

    private struct Counts
    {
        public int NoneOrZero;
        public int Unmapped;
        public int Shared;
        public int Referenced;
        public int Eligible;
    }
}
