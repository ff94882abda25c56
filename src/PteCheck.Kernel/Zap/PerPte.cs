using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.Zap;

/// <summary>The reference: zap_pte_range of 6.8, one entry at a time.</summary>
internal readonly struct PerPte : IZapPtes
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
        if (TArch.PteNone(pte))
        {
            return 1;
        }

        if (TArch.PtePresent(pte))
        {
            ZapPresent(kernel, extent.Vma, ptep, vpn, tlb, ref state);
        }
        else if (ZapNonPresent(kernel, extent.Vma, pte, ref state))
        {
            kernel.PteClear(ptep);
            kernel.PteInstallUffdWpIfNeeded(extent.Vma, ptep, pte);
        }

        return 1;
    }

    private static void ZapPresent<TArch>(
        KernelContext<TArch> kernel,
        int vma,
        PtePointer ptep,
        uint vpn,
        MmuGather tlb,
        ref ZapState state
    )
        where TArch : struct, IArch
    {
        var pte = kernel.PtepGetAndClear(ptep);
        KernelContext<TArch>.TlbFlushPteRange(tlb, vpn, 1);
        kernel.PteInstallUffdWpIfNeeded(vma, ptep, pte);
        var folio = kernel.VmNormalFolio(pte);
        if (folio < 0)
        {
            return;
        }

        ref readonly var owner = ref kernel.Machine.Folios[folio];
        var frame = kernel.Machine.FrameOf(TArch.PtePfn(pte));
        var delayRmap = false;
        if (!owner.IsAnon && TArch.PteDirty(pte))
        {
            kernel.FolioMarkDirty(folio);
            delayRmap = true;
            state.ForceFlush = true;
        }

        state.Count(owner.Kind, -1);
        if (!delayRmap)
        {
            kernel.FolioRemoveRmapPtes(folio, frame, 1);
        }

        if (kernel.TlbRemoveFolioPages(tlb, folio, frame, 1, delayRmap))
        {
            state.ForceFlush = true;
            state.ForceBreak = true;
        }
    }

    /// <summary>What an entry that is not present takes with it.</summary>
    /// <returns>False when the entry stays.</returns>
    private static bool ZapNonPresent<TArch>(
        KernelContext<TArch> kernel,
        int vma,
        Pte pte,
        ref ZapState state
    )
        where TArch : struct, IArch
    {
        var machine = kernel.Machine;
        var offset = TArch.SwpOffset(pte);
        switch (TArch.SwpType(pte))
        {
            case <= SwapType.LastDevice:
                state.Swap--;
                kernel.FreeSwapAndCacheNr(pte, 1);
                return true;
            case SwapType.DeviceExclusive:
            case SwapType.DevicePrivateRead:
            case SwapType.DevicePrivateWrite:
                var mapped = machine.FolioOf(offset);
                state.Count(machine.Folios[mapped].Kind, -1);
                kernel.FolioRemoveRmapPtes(mapped, machine.FrameOf(offset), 1);
                kernel.FolioPutRefs(mapped, 1);
                return true;
            case SwapType.MigrationRead:
            case SwapType.MigrationReadExclusive:
            case SwapType.MigrationWrite:
                state.Count(machine.Folios[machine.FolioOf(offset)].Kind, -1);
                return true;
            case SwapType.Marker:
                return ((PteMarkers)offset & PteMarkers.Guard) == 0
                    && (
                        ((PteMarkers)offset & PteMarkers.UffdWp) == 0
                        || (machine.Vmas[vma].Flags & VmaFlags.FileBacked) == 0
                    );
            default:
                return true;
        }
    }
}
