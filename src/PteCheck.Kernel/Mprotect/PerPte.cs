using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.Mprotect;

/// <summary>
/// The reference: change_pte_range of 6.16, one entry at a time. Which pinned folios a NUMA scan passes over
/// follows the generation of the primitives: that changed later, and not by batching.
/// </summary>
internal readonly struct PerPte : IChangePtes
{
    /// <inheritdoc/>
    public int ChangePtes<TArch>(
        KernelContext<TArch> kernel,
        in ProtectExtent extent,
        PtePointer ptep,
        uint vpn,
        int maxNr,
        MmuGather tlb
    )
        where TArch : struct, IArch
    {
        var oldpte = kernel.PtepGet(ptep);
        if (TArch.PtePresent(oldpte))
        {
            if (extent.Mode != ProtectMode.Numa || MayHint(kernel, extent.Vma, oldpte))
            {
                ChangePresent(kernel, extent, ptep, vpn, tlb);
            }
        }
        else if (!TArch.PteNone(oldpte))
        {
            ChangeNonPresent(kernel, extent.Mode, ptep, oldpte);
        }
        else if (extent.Mode == ProtectMode.UffdWp && kernel.UserfaultfdWpUseMarkers(extent.Vma))
        {
            kernel.SetPteAt(ptep, KernelContext<TArch>.MakePteMarker(PteMarkers.UffdWp));
        }

        return 1;
    }

    /// <summary>Whether a NUMA scan makes this entry protnone.</summary>
    private static bool MayHint<TArch>(KernelContext<TArch> kernel, int vma, Pte oldpte)
        where TArch : struct, IArch
    {
        if (TArch.PteProtnone(oldpte))
        {
            return false;
        }

        var folio = kernel.VmNormalFolio(oldpte);
        if (folio < 0)
        {
            return false;
        }

        var cow = !kernel.Machine.Vmas[vma].Has(VmaFlags.Shared);
        var pinned = kernel.FolioMaybeDmaPinned(folio);
        if (cow && (pinned || kernel.FolioMaybeMappedShared(folio)))
        {
            return false;
        }

        var everyPin = kernel.Machine.Context.Kernel >= KernelVersion.V7_2;
        return !(everyPin && pinned)
            && !(kernel.FolioIsFileLru(folio) && kernel.FolioTestDirty(folio));
    }

    /// <summary>From ptep_modify_prot_start to ptep_modify_prot_commit, and what is flushed.</summary>
    private static void ChangePresent<TArch>(
        KernelContext<TArch> kernel,
        in ProtectExtent extent,
        PtePointer ptep,
        uint vpn,
        MmuGather tlb
    )
        where TArch : struct, IArch
    {
        var context = kernel.Machine.Context;
        var oldpte = kernel.PtepGetAndClear(ptep);
        var ptent = TArch.PteModify(oldpte, extent.Newprot);
        ptent = extent.Mode switch
        {
            ProtectMode.UffdWp => TArch.PteMkUffdWp(ptent),
            ProtectMode.UffdResolve => TArch.PteClearUffdWp(ptent),
            _ => ptent,
        };
        if (
            extent.TryChangeWritable
            && !TArch.PteWrite(ptent, context)
            && kernel.CanChangePteWritable(extent.Vma, ptent)
        )
        {
            var shadowStack = kernel.Machine.Vmas[extent.Vma].Has(VmaFlags.ShadowStack);
            ptent = TArch.PteMkWrite(ptent, shadowStack, context);
        }

        kernel.SetPteAt(ptep, ptent);
        if (TArch.PteNeedsFlush(oldpte, ptent, context))
        {
            KernelContext<TArch>.TlbFlushPteRange(tlb, vpn, 1);
        }
    }

    private static void ChangeNonPresent<TArch>(
        KernelContext<TArch> kernel,
        ProtectMode mode,
        PtePointer ptep,
        Pte oldpte
    )
        where TArch : struct, IArch
    {
        var offset = TArch.SwpOffset(oldpte);
        var newpte = oldpte;
        switch (TArch.SwpType(oldpte))
        {
            case SwapType.MigrationWrite:
                var anon = kernel.Machine.Folios[kernel.Machine.FolioOf(offset)].IsAnon;
                var type = anon ? SwapType.MigrationReadExclusive : SwapType.MigrationRead;
                newpte = TArch.SwpEntryToPte(type, offset);
                newpte = TArch.PteSwpSoftDirty(oldpte) ? TArch.PteSwpMkSoftDirty(newpte) : newpte;
                break;
            case SwapType.DevicePrivateWrite:
                newpte = TArch.SwpEntryToPte(SwapType.DevicePrivateRead, offset);
                newpte = TArch.PteSwpUffdWp(oldpte) ? TArch.PteSwpMkUffdWp(newpte) : newpte;
                break;
            case SwapType.Marker:
                var armed = (PteMarkers)offset == PteMarkers.UffdWp;
                if (armed && mode == ProtectMode.UffdResolve)
                {
                    kernel.PteClear(ptep);
                }

                return;
        }

        newpte = mode switch
        {
            ProtectMode.UffdWp => TArch.PteSwpMkUffdWp(newpte),
            ProtectMode.UffdResolve => TArch.PteSwpClearUffdWp(newpte),
            _ => newpte,
        };
        if (newpte != oldpte)
        {
            kernel.SetPteAt(ptep, newpte);
        }
    }
}
