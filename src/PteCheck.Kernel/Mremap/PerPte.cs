using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.Mremap;

/// <summary>The reference: move_ptes of 6.16, one entry at a time.</summary>
internal readonly struct PerPte : IMovePtes
{
    /// <inheritdoc/>
    public void MovePtes<TArch>(KernelContext<TArch> kernel, in MoveExtent extent)
        where TArch : struct, IArch
    {
        var needClearUffdWp = kernel.Machine.Vmas[extent.Vma].HasUffdWithoutEventRemap;
        var forceFlush = false;
        if (extent.NeedRmapLocks)
        {
            kernel.TakeRmapLocks(extent.Vma);
        }

        var oldPtep = kernel.PteOffsetMapLock(extent.Mm, extent.OldVpn, extent.Pages);
        var newPtep = kernel.PteOffsetMap(extent.Mm, extent.NewVpn, extent.Pages);
        if (newPtep.Table != oldPtep.Table)
        {
            kernel.SpinLockPtl(newPtep.Table);
        }

        kernel.FlushTlbBatchedPending(extent.Mm);

        for (var i = 0; i < extent.Pages; i++)
        {
            var from = oldPtep.Add(i);
            if (!TArch.PteNone(kernel.PtepGet(from)))
            {
                forceFlush |= MoveOne(kernel, from, newPtep.Add(i), needClearUffdWp);
            }
        }

        if (forceFlush)
        {
            kernel.FlushTlbRange(extent.Mm, extent.OldVpn, extent.Pages);
        }

        if (newPtep.Table != oldPtep.Table)
        {
            kernel.SpinUnlockPtl(newPtep.Table);
        }

        kernel.SpinUnlockPtl(oldPtep.Table);
        if (extent.NeedRmapLocks)
        {
            kernel.DropRmapLocks(extent.Vma);
        }
    }

    /// <summary>Moves an entry that is not none.</summary>
    /// <returns>Whether it was present, so that a CPU may hold a translation.</returns>
    private static bool MoveOne<TArch>(
        KernelContext<TArch> kernel,
        PtePointer from,
        PtePointer to,
        bool needClearUffdWp
    )
        where TArch : struct, IArch
    {
        var pte = kernel.PtepGetAndClear(from);
        var present = TArch.PtePresent(pte);
        pte = MoveSoftDirtyPte<TArch>(pte);
        if (needClearUffdWp && KernelContext<TArch>.PteIsUffdWpMarker(pte))
        {
            kernel.PteClear(to);
            return present;
        }

        if (needClearUffdWp)
        {
            pte = present ? TArch.PteClearUffdWp(pte) : TArch.PteSwpClearUffdWp(pte);
        }

        kernel.SetPteAt(to, pte);
        return present;
    }

    /// <summary>move_soft_dirty_pte: whatever moved counts as written.</summary>
    private static Pte MoveSoftDirtyPte<TArch>(Pte pte)
        where TArch : struct, IArch =>
        TArch.PtePresent(pte) ? TArch.PteMkSoftDirty(pte) : TArch.PteSwpMkSoftDirty(pte);
}
