using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;

namespace PteCheck.Kernel.CollapseAnon;

/// <summary>
/// __collapse_huge_page_isolate (mm/khugepaged.c): looks at every entry of the window again, locks each folio
/// behind it and takes it off its list. The test of its references is the one that counts: nobody of this mm
/// can take a new one where nobody finds the page any more.
/// </summary>
internal static class CollapseIsolate
{
    /// <summary>Isolates the window, whose page-table lock is held; nothing stays isolated where it fails.</summary>
    /// <param name="kernel">The primitives.</param>
    /// <param name="state">The collapse.</param>
    /// <param name="checks">Whether to test the references now.</param>
    public static ScanResult Run<TArch>(
        KernelContext<TArch> kernel,
        in AnonCollapse state,
        bool checks
    )
        where TArch : struct, IArch
    {
        kernel.Sources.Begin();
        var counts = default(Counts);
        var result = ScanResult.Succeed;
        for (var i = 0; i < state.Pages && result == ScanResult.Succeed; i++)
        {
            var pte = kernel.PtepGet(state.Ptep.Add(i));
            result = CollapseVma.IsNoneOrZero<TArch>(pte)
                ? AddHole(kernel, state, pte, ref counts)
                : AddPage(kernel, state, pte, checks, ref counts);
            counts.Referenced += result == ScanResult.Succeed && TArch.PteYoung(pte) ? 1 : 0;
        }

        if (result == ScanResult.Succeed && state.Request.Khugepaged && counts.Referenced == 0)
        {
            result = ScanResult.LackReferencedPage;
        }

        if (result != ScanResult.Succeed)
        {
            ReleasePtePages(kernel, state);
        }

        return result;
    }

    /// <summary>Whether every isolated folio has no references but its mappings, its cache and the isolation.</summary>
    public static ScanResult CheckReferences<TArch>(
        KernelContext<TArch> kernel,
        in AnonCollapse state
    )
        where TArch : struct, IArch
    {
        var before = -1;
        for (var i = 0; i < state.Pages && !state.Has(CollapseAnonDecisions.NoRefCheck); i++)
        {
            var frame = kernel.Sources.Frames[i];
            var folio = frame < 0 ? -1 : kernel.Machine.FrameFolios[frame];
            if (
                folio >= 0
                && folio != before
                && kernel.FolioExpectedRefCount(folio) + 1 != kernel.FolioRefCount(folio)
            )
            {
                return ScanResult.PageCount;
            }

            before = folio;
        }

        return ScanResult.Succeed;
    }

    /// <summary>release_pte_pages: small folios slot by slot, then the large ones.</summary>
    public static void ReleasePtePages<TArch>(KernelContext<TArch> kernel, in AnonCollapse state)
        where TArch : struct, IArch
    {
        if (state.Has(CollapseAnonDecisions.KeepIsolated))
        {
            return;
        }

        for (var i = kernel.Sources.Count - 1; i >= 0; i--)
        {
            var frame = kernel.Sources.Frames[i];
            var folio = frame < 0 ? -1 : kernel.Machine.FrameFolios[frame];
            if (folio >= 0 && !kernel.Machine.Folios[folio].IsLarge)
            {
                ReleasePteFolio(kernel, state, folio);
            }
        }

        ReleaseLarge(kernel, state);
    }

    /// <summary>The large folios of compound_pagelist, each once.</summary>
    public static void ReleaseLarge<TArch>(KernelContext<TArch> kernel, in AnonCollapse state)
        where TArch : struct, IArch
    {
        for (var i = 0; i < kernel.Sources.Large.Length; i++)
        {
            ReleasePteFolio(kernel, state, kernel.Sources.Large[i]);
        }
    }

    /// <summary>release_pte_folio: unlock, and back onto the list.</summary>
    public static void ReleasePteFolio<TArch>(
        KernelContext<TArch> kernel,
        in AnonCollapse state,
        int folio
    )
        where TArch : struct, IArch
    {
        if (!state.Has(CollapseAnonDecisions.NoTrylock))
        {
            kernel.FolioUnlock(folio);
        }

        kernel.FolioPutbackLru(folio);
    }

    private static ScanResult AddHole<TArch>(
        KernelContext<TArch> kernel,
        in AnonCollapse state,
        Pte pte,
        ref Counts counts
    )
        where TArch : struct, IArch
    {
        if (++counts.NoneOrZero > CollapseLimits.MaxNone(kernel, state, armed: true))
        {
            return ScanResult.ExceedNonePte;
        }

        kernel.Sources.Add(pte, CollapseSources.NoFrame);
        return ScanResult.Succeed;
    }

    private static ScanResult AddPage<TArch>(
        KernelContext<TArch> kernel,
        in AnonCollapse state,
        Pte pte,
        bool checks,
        ref Counts counts
    )
        where TArch : struct, IArch
    {
        if (!TArch.PtePresent(pte))
        {
            return ScanResult.PteNonPresent;
        }

        if (TArch.PteUffdWp(pte) && !state.Has(CollapseAnonDecisions.IgnoreUffdWp))
        {
            return ScanResult.PteUffd;
        }

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

        var shared = kernel.FolioMaybeMappedShared(index);
        if (shared && ++counts.Shared > CollapseLimits.MaxShared(state, ofWindow: true))
        {
            return ScanResult.ExceedSharedPte;
        }

        if (!state.IsPmdOrder && folio.Order >= state.Request.Order)
        {
            return ScanResult.PteMappedHugepage;
        }

        var result = kernel.Sources.HasLarge(index)
            ? ScanResult.Succeed
            : IsolateFolio(kernel, state, index, checks);
        if (result == ScanResult.Succeed)
        {
            kernel.Sources.Add(pte, kernel.Machine.FrameOf(TArch.PtePfn(pte)));
        }

        return result;
    }

    /// <summary>Lock, test of the references, list.</summary>
    private static ScanResult IsolateFolio<TArch>(
        KernelContext<TArch> kernel,
        in AnonCollapse state,
        int folio,
        bool checks
    )
        where TArch : struct, IArch
    {
        if (state.Has(CollapseAnonDecisions.LockSleeps))
        {
            kernel.FolioLock(folio);
        }
        else if (!state.Has(CollapseAnonDecisions.NoTrylock) && !kernel.FolioTrylock(folio))
        {
            return ScanResult.PageLock;
        }

        var locked = !state.Has(CollapseAnonDecisions.NoTrylock);
        var result =
            checks
            && !state.Has(CollapseAnonDecisions.NoRefCheck)
            && kernel.FolioExpectedRefCount(folio) != kernel.FolioRefCount(folio)
                ? ScanResult.PageCount
                : ScanResult.Succeed;
        var offList =
            state.Request.Mishap == CollapseMishap.IsolateFails
            && kernel.Sources.Count == state.Request.MishapPage;
        if (result == ScanResult.Succeed && (offList || !kernel.FolioIsolateLru(folio)))
        {
            result = ScanResult.DelPageLru;
        }

        if (result != ScanResult.Succeed && locked)
        {
            kernel.FolioUnlock(folio);
        }

        if (result == ScanResult.Succeed && kernel.Machine.Folios[folio].IsLarge)
        {
            kernel.Sources.AddLarge(folio);
        }

        return result;
    }

    private struct Counts
    {
        public int NoneOrZero;
        public int Shared;
        public int Referenced;
    }
}
