using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;

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
            var to = newPtep.Add(i);
            if (TArch.PteNone(kernel.PtepGet(from)))
            {
                continue;
            }

            var pte = kernel.PtepGetAndClear(from);
            if (TArch.PtePresent(pte))
            {
                forceFlush = true;
            }

            pte = MoveSoftDirtyPte<TArch>(pte);
            if (needClearUffdWp && KernelContext<TArch>.PteIsUffdWpMarker(pte))
            {
                kernel.PteClear(to);
                continue;
            }

            if (needClearUffdWp)
            {
                pte = TArch.PtePresent(pte)
                    ? TArch.PteClearUffdWp(pte)
                    : TArch.PteSwpClearUffdWp(pte);
            }

            kernel.SetPteAt(to, pte);
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

    /// <summary>move_soft_dirty_pte: whatever moved counts as written.</summary>
    private static Pte MoveSoftDirtyPte<TArch>(Pte pte)
        where TArch : struct, IArch =>
        TArch.PtePresent(pte) ? TArch.PteMkSoftDirty(pte) : TArch.PteSwpMkSoftDirty(pte);
}
