using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.CollapseAnon;

/// <summary>
/// In batches: "khugepaged: Optimize __collapse_huge_page_copy_succeeded() by PTE batching" (Dev Jain, merged as
/// 4ea3594a4741 for 6.17), and set_ptes for the window.
/// </summary>
internal readonly struct Batched : IReleaseSources
{
    /// <inheritdoc/>
    public void Release<TArch>(KernelContext<TArch> kernel, in AnonCollapse state)
        where TArch : struct, IArch
    {
        for (int i = 0, nr; i < state.Pages; i += nr)
        {
            nr = 1;
            var ptep = state.Ptep.Add(i);
            var pteval = state.Cleared ? kernel.Sources.Entries[i] : kernel.PtepGet(ptep);
            if (CollapseVma.IsNoneOrZero<TArch>(pteval))
            {
                kernel.AddMmCounter(state.Mm, FolioKind.Anon, 1);
                if (!TArch.PteNone(pteval))
                {
                    Clear(kernel, state, ptep, 1, -1, -1);
                }

                continue;
            }

            var src = kernel.PageFolio(pteval);
            if (!kernel.Machine.Folios[src].IsLarge)
            {
                CollapseIsolate.ReleasePteFolio(kernel, state, src);
            }
            else if (!state.Cleared && !state.Has(CollapseAnonDecisions.ClearOneByOne))
            {
                nr = BatchOf(kernel, state, ptep, pteval, src, i);
                kernel.NoteBatch(nr);
            }

            Clear(kernel, state, ptep, nr, src, kernel.Machine.FrameOf(TArch.PtePfn(pteval)));
            kernel.FreeSwapCache(src);
            kernel.FolioPutRefs(src, state.Has(CollapseAnonDecisions.PutOnce) ? 1 : nr);
        }

        CollapseIsolate.ReleaseLarge(kernel, state);
    }

    /// <inheritdoc/>
    public void Set<TArch>(KernelContext<TArch> kernel, in AnonCollapse state, Pte first)
        where TArch : struct, IArch
    {
        kernel.NoteBatch(state.Pages);
        kernel.SetPtes(state.Ptep, first, state.Pages);
    }

    private static int BatchOf<TArch>(
        KernelContext<TArch> kernel,
        in AnonCollapse state,
        PtePointer ptep,
        Pte pteval,
        int src,
        int i
    )
        where TArch : struct, IArch
    {
        var toTableEnd = state.Slots - ptep.Slot;
        var most = state.Has(CollapseAnonDecisions.BatchToTableEnd) ? toTableEnd : state.Pages - i;
        return kernel.FolioPteBatchFlags(src, state.Vma, ptep, ref pteval, most, FpbFlags.None);
    }

    /// <summary>clear_ptes and folio_remove_rmap_ptes under the page-table lock; entries that are cleared already are left.</summary>
    private static void Clear<TArch>(
        KernelContext<TArch> kernel,
        in AnonCollapse state,
        PtePointer ptep,
        int nr,
        int src,
        int frame
    )
        where TArch : struct, IArch
    {
        if (!state.HoldsPtl)
        {
            kernel.SpinLockPtl(ptep.Table);
        }

        if (!state.Cleared)
        {
            kernel.ClearFullPtes(ptep, nr);
        }

        if (src >= 0)
        {
            var pages = state.Has(CollapseAnonDecisions.RmapOnce) ? 1 : nr;
            kernel.FolioRemoveRmapPtes(src, frame, pages);
        }

        if (!state.HoldsPtl)
        {
            kernel.SpinUnlockPtl(ptep.Table);
        }
    }
}
