using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.Zap;

/// <summary>
/// The loop body of zap_pte_range in batches. "mm/memory: optimize unmap/zap with PTE-mapped THP" (David
/// Hildenbrand, v3 of 2024-02-14, for 6.9), with swap entries in batches since 6.10
/// (free_swap_and_cache_nr) and the run of empty slots stepped over since 6.14 (do_zap_pte_range).
/// </summary>
internal readonly struct Batched(DecisionSet decisions) : IZapPtes
{
    /// <inheritdoc/>
    public int DoZapPteRange<TArch>(
        KernelContext<TArch> kernel,
        in ZapExtent extent,
        PtePointer ptep,
        uint vpn,
        int maxNr,
        MmuGather tlb,
        ref ZapState state
    )
        where TArch : struct, IArch
    {
        var pte = kernel.PtepGet(ptep);
        var skipped = 0;
        if (TArch.PteNone(pte))
        {
            do
            {
                skipped++;
                if (skipped == maxNr)
                {
                    return skipped;
                }

                pte = kernel.PtepGet(ptep.Add(skipped));
            } while (TArch.PteNone(pte));

            maxNr -= Has(ZapDecisions.SkipKeepsMax) ? 0 : skipped;
            ptep = ptep.Add(skipped);
            vpn += (uint)skipped;
        }

        maxNr = Has(ZapDecisions.NoCap) ? 2 * Machine.TableStride : maxNr;
        return skipped
            + (
                TArch.PtePresent(pte)
                    ? ZapPresentPtes(kernel, extent.Vma, ptep, pte, vpn, maxNr, tlb, ref state)
                    : ZapNonpresentPtes(kernel, extent.Vma, ptep, pte, maxNr, ref state)
            );
    }

    /// <summary>zap_present_ptes: an entry without a folio alone, those of a large folio in batches.</summary>
    private int ZapPresentPtes<TArch>(
        KernelContext<TArch> kernel,
        int vma,
        PtePointer ptep,
        Pte pte,
        uint vpn,
        int maxNr,
        MmuGather tlb,
        ref ZapState state
    )
        where TArch : struct, IArch
    {
        var folio = kernel.VmNormalFolio(pte);
        if (folio < 0)
        {
            kernel.PtepGetAndClear(ptep);
            GatherRange<TArch>(tlb, vpn, 1);
            InstallMarkers(kernel, vma, ptep, pte, 1);
            return 1;
        }

        var nr = 1;
        if (kernel.Machine.Folios[folio].IsLarge && maxNr != 1)
        {
            var copy = pte;
            nr = kernel.FolioPteBatchFlags(folio, vma, ptep, ref copy, maxNr, FpbFlags.None);
        }

        kernel.NoteBatch(nr);
        ZapPresentFolioPtes(kernel, vma, folio, ptep, pte, vpn, nr, tlb, ref state);
        return nr;
    }

    /// <summary>zap_present_folio_ptes.</summary>
    private void ZapPresentFolioPtes<TArch>(
        KernelContext<TArch> kernel,
        int vma,
        int folio,
        PtePointer ptep,
        Pte pte,
        uint vpn,
        int nr,
        MmuGather tlb,
        ref ZapState state
    )
        where TArch : struct, IArch
    {
        ref readonly var owner = ref kernel.Machine.Folios[folio];
        var frame = kernel.Machine.FrameOf(TArch.PtePfn(pte));
        var delayRmap = false;
        if (owner.IsAnon)
        {
            kernel.ClearFullPtes(ptep, nr);
        }
        else
        {
            pte = kernel.GetAndClearFullPtes(ptep, nr);
            if (TArch.PteDirty(pte) && !Has(ZapDecisions.ForgetDirty))
            {
                kernel.FolioMarkDirty(folio);
                delayRmap = !Has(ZapDecisions.RmapBeforeFlush);
                state.ForceFlush = !Has(ZapDecisions.NoForcedFlush);
            }
        }

        state.Count(owner.Kind, Has(ZapDecisions.RssOnce) ? -1 : -nr);
        GatherRange<TArch>(tlb, vpn, Has(ZapDecisions.FlushFirstPage) ? 1 : nr);
        InstallMarkers(kernel, vma, ptep, pte, nr);
        if (!delayRmap)
        {
            kernel.FolioRemoveRmapPtes(folio, frame, Has(ZapDecisions.RmapOnce) ? 1 : nr);
        }

        var pages = Has(ZapDecisions.RefOnce) ? 1 : nr;
        if (kernel.TlbRemoveFolioPages(tlb, folio, frame, pages, delayRmap))
        {
            state.ForceFlush = true;
            state.ForceBreak = true;
        }
    }

    /// <summary>zap_nonpresent_ptes: swap entries in batches, every other kind alone.</summary>
    private int ZapNonpresentPtes<TArch>(
        KernelContext<TArch> kernel,
        int vma,
        PtePointer ptep,
        Pte pte,
        int maxNr,
        ref ZapState state
    )
        where TArch : struct, IArch
    {
        var nr = 1;
        var type = TArch.SwpType(pte);
        var offset = TArch.SwpOffset(pte);
        if (IsDevicePrivateOrExclusive(type))
        {
            var folio = kernel.Machine.FolioOf(offset);
            state.Count(kernel.Machine.Folios[folio].Kind, -1);
            kernel.FolioRemoveRmapPtes(folio, kernel.Machine.FrameOf(offset), 1);
            kernel.FolioPutRefs(folio, 1);
        }
        else if (type <= SwapType.LastDevice)
        {
            nr = kernel.SwapPteBatch(ptep, pte, maxNr);
            state.Swap -= nr;
            kernel.FreeSwapAndCacheNr(pte, Has(ZapDecisions.SwapOnce) ? 1 : nr);
        }
        else if (IsMigration(type))
        {
            ZapMigration(kernel, offset, ref state);
        }
        else if (type == SwapType.Marker && Stays(kernel.Machine, vma, (PteMarkers)offset))
        {
            return 1;
        }

        kernel.ClearNotPresentFullPtes(ptep, nr);
        InstallMarkers(kernel, vma, ptep, pte, nr);
        return nr;
    }

    private void ZapMigration<TArch>(KernelContext<TArch> kernel, ulong pfn, ref ZapState state)
        where TArch : struct, IArch
    {
        var folio = kernel.Machine.FolioOf(pfn);
        state.Count(kernel.Machine.Folios[folio].Kind, -1);
        if (Has(ZapDecisions.MigrationMapped))
        {
            kernel.FolioRemoveRmapPtes(folio, kernel.Machine.FrameOf(pfn), 1);
            kernel.FolioPutRefs(folio, 1);
        }
    }

    /// <summary>Guard markers stay, and in file-backed VMAs uffd-wp markers: MADV_DONTNEED does not drop them (zap_drop_markers).</summary>
    private bool Stays(Machine machine, int vma, PteMarkers markers) =>
        !Has(ZapDecisions.DropMarkers)
        && (
            (markers & PteMarkers.Guard) != 0
            || (
                (markers & PteMarkers.UffdWp) != 0
                && (machine.Vmas[vma].Flags & VmaFlags.FileBacked) != 0
            )
        );

    /// <summary>tlb_remove_tlb_entries.</summary>
    private void GatherRange<TArch>(MmuGather tlb, uint vpn, int nr)
        where TArch : struct, IArch
    {
        if (!Has(ZapDecisions.ForgetFlush))
        {
            KernelContext<TArch>.TlbFlushPteRange(tlb, vpn, nr);
        }
    }

    /// <summary>zap_install_uffd_wp_if_needed: a marker in each slot of the batch, from the bit of its first entry.</summary>
    private void InstallMarkers<TArch>(
        KernelContext<TArch> kernel,
        int vma,
        PtePointer ptep,
        Pte pte,
        int nr
    )
        where TArch : struct, IArch
    {
        if (!Has(ZapDecisions.DropMarkers))
        {
            nr = Has(ZapDecisions.MarkerFirstOnly) ? 1 : nr;
            kernel.CondInstallUffdWpPtes(vma, ptep, pte, nr);
        }
    }

    private static bool IsDevicePrivateOrExclusive(SwapType type) =>
        type
            is SwapType.DeviceExclusive
                or SwapType.DevicePrivateRead
                or SwapType.DevicePrivateWrite;

    private static bool IsMigration(SwapType type) =>
        type
            is SwapType.MigrationRead
                or SwapType.MigrationReadExclusive
                or SwapType.MigrationWrite;

    private bool Has(Decision decision) => decisions.Has(decision);
}
