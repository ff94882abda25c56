using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.LazyfreeUnmap;

/// <summary>
/// The reference: the lazyfree branch of try_to_unmap_one of 6.14, one entry at a time, with the rule of
/// 6.15 that only a dirty folio becomes swap-backed again.
/// </summary>
internal readonly struct PerPte : IUnmapOne
{
    /// <inheritdoc/>
    public bool TryToUnmapOne<TArch>(
        KernelContext<TArch> kernel,
        in OperationCall call,
        ref MappedWalk walk
    )
        where TArch : struct, IArch
    {
        var folio = call.Folio;
        ref readonly var vma = ref kernel.Machine.Vmas[walk.Vma];
        while (kernel.PageVmaMappedWalk(ref walk))
        {
            if (vma.Has(VmaFlags.Locked))
            {
                kernel.PageVmaMappedWalkDone(ref walk);
                return false;
            }

            var pteval = kernel.PtepGet(walk.Ptep);
            var present = TArch.PtePresent(pteval);
            var pfn = present ? TArch.PtePfn(pteval) : TArch.SwpOffset(pteval);
            if (present)
            {
                pteval = ClearAndFlush(kernel, walk, call.Deferred);
            }
            else
            {
                kernel.PteClear(walk.Ptep);
            }

            if (present && TArch.PteDirty(pteval))
            {
                kernel.FolioMarkDirty(folio);
            }

            var references = kernel.FolioRefCount(folio);
            var referenced = references != 1 + kernel.FolioMapcount(folio);
            var keep = kernel.FolioTestDirty(folio) && !vma.Has(VmaFlags.Droppable);
            if (keep || referenced)
            {
                kernel.SetPteAt(walk.Ptep, pteval);
                if (keep)
                {
                    kernel.FolioSetSwapbacked(folio);
                }

                kernel.PageVmaMappedWalkDone(ref walk);
                return false;
            }

            kernel.AddMmCounter(walk.Mm, FolioKind.Lazyfree, -1);
            kernel.FolioRemoveRmapPtes(folio, kernel.Machine.FrameOf(pfn), 1);
            kernel.FolioRefAdd(folio, -1);
        }

        return true;
    }

    /// <summary>Clears a present entry, and flushes it or puts the flush off.</summary>
    /// <returns>What it was.</returns>
    private static Pte ClearAndFlush<TArch>(
        KernelContext<TArch> kernel,
        in MappedWalk walk,
        bool deferred
    )
        where TArch : struct, IArch
    {
        if (!kernel.ShouldDeferFlush(walk.Mm, deferred))
        {
            return kernel.PtepClearFlush(walk.Mm, walk.Address, walk.Ptep);
        }

        var pteval = kernel.PtepGetAndClear(walk.Ptep);
        kernel.SetTlbUbcFlushPending(walk.Mm, pteval, walk.Address, 1);
        return pteval;
    }
}
