using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.CollapseAnon;

/// <summary>
/// __collapse_huge_page_swapin (mm/khugepaged.c): what the scan saw swapped out is faulted in before anything is
/// isolated, with mmap_lock held for reading. A window below PMD order is refused instead.
/// </summary>
internal static class CollapseSwapin
{
    /// <summary>Faults the window in; mmap_lock is dropped where it fails.</summary>
    public static ScanResult Run<TArch>(KernelContext<TArch> kernel, in AnonCollapse state)
        where TArch : struct, IArch
    {
        for (var i = 0; i < state.Pages && state.Unmapped > 0; i++)
        {
            var result = One(kernel, state, state.Start + (uint)i);
            if (result != ScanResult.Succeed)
            {
                kernel.MmapReadUnlock(state.Mm);
                return result;
            }
        }

        return ScanResult.Succeed;
    }

    private static ScanResult One<TArch>(
        KernelContext<TArch> kernel,
        in AnonCollapse state,
        uint vpn
    )
        where TArch : struct, IArch
    {
        if (!kernel.TryPteOffsetMapLock(state.Mm, vpn, 1, out var ptep))
        {
            return ScanResult.NoPteTable;
        }

        var orig = kernel.PtepGet(ptep);
        kernel.SpinUnlockPtl(ptep.Table);
        if (TArch.PteNone(orig) || TArch.PtePresent(orig))
        {
            return ScanResult.Succeed;
        }

        if (!state.IsPmdOrder)
        {
            return ScanResult.ExceedSwapPte;
        }

        return TArch.SwpType(orig) switch
        {
            <= SwapType.LastDevice => DoSwapPage(kernel, state, vpn, orig),
            SwapType.Marker or SwapType.HwPoison => ScanResult.Fail,
            _ => ScanResult.Succeed,
        };
    }

    /// <summary>
    /// do_swap_page of one entry, for a read: a page of its own, whatever other entries share the slot. It is
    /// exclusive, and writable where the VMA is, if the entry was the slot's only one.
    /// </summary>
    private static ScanResult DoSwapPage<TArch>(
        KernelContext<TArch> kernel,
        in AnonCollapse state,
        uint vpn,
        Pte orig
    )
        where TArch : struct, IArch
    {
        var folio = kernel.SwapinFolio(orig);
        if (folio < 0)
        {
            return ScanResult.Fail;
        }

        var mapped = false;
        if (kernel.TryPteOffsetMapLock(state.Mm, vpn, 1, out var ptep))
        {
            mapped = kernel.PtepGet(ptep) == orig;
            if (mapped)
            {
                Map(kernel, state, ptep, orig, folio);
            }

            kernel.SpinUnlockPtl(ptep.Table);
        }

        if (!mapped)
        {
            kernel.FolioPutRefs(folio, 1);
        }

        return ScanResult.Succeed;
    }

    private static void Map<TArch>(
        KernelContext<TArch> kernel,
        in AnonCollapse state,
        PtePointer ptep,
        Pte orig,
        int folio
    )
        where TArch : struct, IArch
    {
        var machine = kernel.Machine;
        ref readonly var vma = ref machine.Vmas[state.Vma];
        kernel.AddMmCounter(state.Mm, FolioKind.Anon, 1);
        kernel.AddSwapEntries(state.Mm, -1);
        kernel.FreeSwapAndCacheNr(orig, 1);
        kernel.FolioAddNewAnonRmap(folio, state.Vma);
        const VmaFlags Rights = VmaFlags.Read | VmaFlags.Write | VmaFlags.Exec;
        var prot =
            (vma.Flags & Rights) == 0 ? TArch.PageNone : TArch.PageReadOnly(vma.Has(VmaFlags.Exec));
        var pfn = machine.PfnBase + (ulong)machine.Folios[folio].FirstFrame;
        var entry = TArch.PteMkYoung(TArch.PfnPte(pfn, prot));
        entry = TArch.PteSwpSoftDirty(orig) ? TArch.PteMkSoftDirty(entry) : entry;
        var tracked = vma.Has(VmaFlags.SoftDirtyTracked) && !TArch.PteSoftDirty(entry);
        if (vma.Has(VmaFlags.Write) && !tracked)
        {
            entry = TArch.PteMkWrite(entry, vma.Has(VmaFlags.ShadowStack), machine.Context);
        }

        kernel.SetPteAt(ptep, entry);
    }
}
