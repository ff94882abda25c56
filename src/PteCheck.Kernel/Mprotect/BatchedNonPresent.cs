using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.Mprotect;

/// <summary>The branches of the batched change_pte_range for empty slots and for entries that are not present: always one by one.</summary>
internal readonly struct BatchedNonPresent(DecisionSet decisions)
{
    /// <summary>Changes one entry.</summary>
    public void Change<TArch>(
        KernelContext<TArch> kernel,
        in ProtectExtent extent,
        PtePointer ptep,
        Pte oldpte
    )
        where TArch : struct, IArch
    {
        if (!TArch.PteNone(oldpte))
        {
            ChangeSoftleafPte(kernel, extent.Mode, ptep, oldpte);
            return;
        }

        var marks =
            Has(MprotectDecisions.MarkersEverywhere)
            || (kernel.UserfaultfdWpUseMarkers(extent.Vma) && !Has(MprotectDecisions.NoMarkers));
        if (extent.Mode == ProtectMode.UffdWp && marks)
        {
            kernel.SetPteAt(ptep, KernelContext<TArch>.MakePteMarker(PteMarkers.UffdWp));
        }
    }

    /// <summary>change_softleaf_pte.</summary>
    private void ChangeSoftleafPte<TArch>(
        KernelContext<TArch> kernel,
        ProtectMode mode,
        PtePointer ptep,
        Pte oldpte
    )
        where TArch : struct, IArch
    {
        var type = TArch.SwpType(oldpte);
        if (type == SwapType.Marker)
        {
            ChangeMarker(kernel, mode, ptep, (PteMarkers)TArch.SwpOffset(oldpte));
            return;
        }

        var newpte = type switch
        {
            SwapType.MigrationWrite => Downgrade(kernel, oldpte),
            SwapType.DevicePrivateWrite => DowngradeDevicePrivate<TArch>(oldpte),
            _ => oldpte,
        };
        if (!Has(MprotectDecisions.UffdPresentOnly))
        {
            newpte = mode switch
            {
                ProtectMode.UffdWp => TArch.PteSwpMkUffdWp(newpte),
                ProtectMode.UffdResolve => TArch.PteSwpClearUffdWp(newpte),
                _ => newpte,
            };
        }

        if (newpte != oldpte)
        {
            kernel.SetPteAt(ptep, newpte);
        }
    }

    /// <summary>Guard and poison markers stay; one of uffd-wp goes when writes are let through.</summary>
    private void ChangeMarker<TArch>(
        KernelContext<TArch> kernel,
        ProtectMode mode,
        PtePointer ptep,
        PteMarkers markers
    )
        where TArch : struct, IArch
    {
        const PteMarkers Kept = PteMarkers.Poisoned | PteMarkers.Guard;
        var kept = (markers & Kept) != 0 && !Has(MprotectDecisions.DropEveryMarker);
        if (!kept && mode == ProtectMode.UffdResolve && !Has(MprotectDecisions.KeepMarkers))
        {
            kernel.PteClear(ptep);
        }
    }

    /// <summary>A writable migration entry becomes readable, an exclusive one where the page is anonymous.</summary>
    private Pte Downgrade<TArch>(KernelContext<TArch> kernel, Pte oldpte)
        where TArch : struct, IArch
    {
        if (Has(MprotectDecisions.KeepMigrationWrite))
        {
            return oldpte;
        }

        var offset = TArch.SwpOffset(oldpte);
        var exclusive =
            kernel.Machine.Folios[kernel.Machine.FolioOf(offset)].IsAnon
            && !Has(MprotectDecisions.LoseExclusive);
        var newpte = TArch.SwpEntryToPte(
            exclusive ? SwapType.MigrationReadExclusive : SwapType.MigrationRead,
            offset
        );
        return TArch.PteSwpSoftDirty(oldpte) && !Has(MprotectDecisions.LoseMigrationSoftDirty)
            ? TArch.PteSwpMkSoftDirty(newpte)
            : newpte;
    }

    /// <summary>A device-private entry becomes readable; it loses soft-dirty and keeps uffd-wp.</summary>
    private static Pte DowngradeDevicePrivate<TArch>(Pte oldpte)
        where TArch : struct, IArch
    {
        var newpte = TArch.SwpEntryToPte(SwapType.DevicePrivateRead, TArch.SwpOffset(oldpte));
        return TArch.PteSwpUffdWp(oldpte) ? TArch.PteSwpMkUffdWp(newpte) : newpte;
    }

    private bool Has(Decision decision) => decisions.Has(decision);
}
