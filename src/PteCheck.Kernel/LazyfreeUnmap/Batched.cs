using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.LazyfreeUnmap;

/// <summary>
/// The lazyfree branch of try_to_unmap_one in batches. "mm: Support batched unmap for lazyfree large folios
/// during reclamation" (Barry Song, v4 of 2025-02-14, merged as 354dffd29575 for 6.15), with its three
/// fixes: ddd05742b45b (bounded scan, any batch), 29f40594a281 (write and soft-dirty compared) and
/// 3f8968e9cbf9 (the count begins anew). Every other version is this one with decisions taken.
/// </summary>
internal readonly struct Batched(DecisionSet decisions) : IUnmapOne
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
        var nr = 1;
        while (kernel.PageVmaMappedWalk(ref walk))
        {
            nr = Has(LazyfreeDecisions.StaleCount) ? nr : 1;
            if (kernel.Machine.Vmas[walk.Vma].Has(VmaFlags.Locked))
            {
                kernel.PageVmaMappedWalkDone(ref walk);
                return false;
            }

            var pteval = kernel.PtepGet(walk.Ptep);
            var present = TArch.PtePresent(pteval);
            var frame = kernel.Machine.FrameOf(
                present ? TArch.PtePfn(pteval) : TArch.SwpOffset(pteval)
            );
            var early = Has(LazyfreeDecisions.RefcountBeforeClear);
            var referenced = early && IsReferenced(kernel, folio);
            if (present)
            {
                nr = FolioUnmapPteBatch(kernel, walk, pteval);
                pteval = ClearBatch(kernel, call, walk, nr);
            }
            else
            {
                kernel.PteClear(walk.Ptep);
            }

            if (!MayDiscard(kernel, walk, early ? referenced : null, out var swapbacked))
            {
                Restore(kernel, walk, pteval, nr);
                if (swapbacked)
                {
                    kernel.FolioSetSwapbacked(folio);
                }

                kernel.PageVmaMappedWalkDone(ref walk);
                return false;
            }

            Discard(kernel, folio, walk.Mm, frame, nr);
            if (EndsTheWalk(kernel, folio, nr))
            {
                kernel.PageVmaMappedWalkDone(ref walk);
                return true;
            }
        }

        return true;
    }

    /// <summary>Clears a batch, flushes it or puts the flush off, and tells the folio that it is dirty.</summary>
    /// <returns>Its first entry, with young and dirty of all.</returns>
    private Pte ClearBatch<TArch>(
        KernelContext<TArch> kernel,
        in OperationCall call,
        in MappedWalk walk,
        int nr
    )
        where TArch : struct, IArch
    {
        kernel.NoteBatch(nr);
        var pteval = kernel.GetAndClearFullPtes(walk.Ptep, nr);
        Flush(kernel, call, walk, pteval, nr);
        if (TArch.PteDirty(pteval) || Has(LazyfreeDecisions.DirtyAlways))
        {
            kernel.FolioMarkDirty(call.Folio);
        }

        return pteval;
    }

    /// <summary>folio_unmap_pte_batch, or can_batch_unmap_folio_ptes of 6.15.0, which takes the whole folio or one entry.</summary>
    private int FolioUnmapPteBatch<TArch>(KernelContext<TArch> kernel, in MappedWalk walk, Pte pte)
        where TArch : struct, IArch
    {
        var machine = kernel.Machine;
        ref readonly var folio = ref machine.Folios[walk.Folio];
        if (!folio.IsLarge)
        {
            return 1;
        }

        var toTableEnd = (uint)machine.Slots - (walk.Address & (uint)(machine.Slots - 1));
        var toVmaEnd = machine.Vmas[walk.Vma].End - walk.Address;
        var maxNr = Has(LazyfreeDecisions.UnboundedScan)
            ? folio.Pages
            : (int)Math.Min(toTableEnd, toVmaEnd);
        if (!Has(LazyfreeDecisions.WholeFolio))
        {
            return Count(kernel, walk, pte, maxNr);
        }

        var fromFirst = machine.FrameOf(TArch.PtePfn(pte)) == folio.FirstFrame;
        return fromFirst && Count(kernel, walk, pte, maxNr) == folio.Pages ? folio.Pages : 1;
    }

    private int Count<TArch>(KernelContext<TArch> kernel, in MappedWalk walk, Pte pte, int maxNr)
        where TArch : struct, IArch
    {
        var ignore = Has(LazyfreeDecisions.IgnoreWriteSoftDirty);
        if (kernel.Machine.Context.Kernel == KernelVersion.V6_15)
        {
            var ignored = FpbIgnoreFlags.IgnoreDirty;
            ignored |= ignore ? FpbIgnoreFlags.IgnoreSoftDirty : FpbIgnoreFlags.None;
            return kernel.FolioPteBatch615(walk.Folio, walk.Ptep, pte, maxNr, ignored).Nr;
        }

        var flags = ignore ? FpbFlags.None : FpbFlags.RespectWrite | FpbFlags.RespectSoftDirty;
        var copy = pte;
        return kernel.FolioPteBatchFlags(walk.Folio, walk.Vma, walk.Ptep, ref copy, maxNr, flags);
    }

    /// <summary>Records the flush for later, or flushes the batch whatever its entries were (R4).</summary>
    private void Flush<TArch>(
        KernelContext<TArch> kernel,
        in OperationCall call,
        in MappedWalk walk,
        Pte pteval,
        int nr
    )
        where TArch : struct, IArch
    {
        if (Has(LazyfreeDecisions.ForgetFlush))
        {
            return;
        }

        if (kernel.ShouldDeferFlush(walk.Mm, call.Deferred))
        {
            var pages = Has(LazyfreeDecisions.FlushFirstPage) ? 1 : nr;
            var note = !Has(LazyfreeDecisions.LeaveUnnoted);
            kernel.SetTlbUbcFlushPending(walk.Mm, pteval, walk.Address, pages, note);
            return;
        }

        kernel.FlushTlbRange(walk.Mm, walk.Address, Has(LazyfreeDecisions.FlushFirstPage) ? 1 : nr);
        if (Has(LazyfreeDecisions.FlushTwice))
        {
            kernel.FlushTlbRange(walk.Mm, walk.Address, nr);
        }
    }

    /// <summary>
    /// ttu_lazyfree_folio: whether the pages may go; if not, whether the folio becomes swap-backed again. The
    /// references are read first, then the dirty flag: who marks a folio dirty and puts it does so in that order.
    /// </summary>
    private bool MayDiscard<TArch>(
        KernelContext<TArch> kernel,
        in MappedWalk walk,
        bool? known,
        out bool swapbacked
    )
        where TArch : struct, IArch
    {
        var dirtyFirst = Has(LazyfreeDecisions.DirtyBeforeRefcount);
        var dirty = dirtyFirst && kernel.FolioTestDirty(walk.Folio);
        var referenced = known ?? IsReferenced(kernel, walk.Folio);
        dirty = dirtyFirst ? dirty : kernel.FolioTestDirty(walk.Folio);
        var keep =
            dirty
            && !Has(LazyfreeDecisions.DropDirty)
            && !kernel.Machine.Vmas[walk.Vma].Has(VmaFlags.Droppable);
        referenced &= !Has(LazyfreeDecisions.DropPinned);
        swapbacked = keep || (referenced && Has(LazyfreeDecisions.SwapbackedAlways));
        return !keep && !referenced && !Has(LazyfreeDecisions.NeverDrop);
    }

    /// <summary>Whether somebody beside the isolator and the mappings holds the folio.</summary>
    private static bool IsReferenced<TArch>(KernelContext<TArch> kernel, int folio)
        where TArch : struct, IArch
    {
        var references = kernel.FolioRefCount(folio);
        return references != 1 + kernel.FolioMapcount(folio);
    }

    /// <summary>
    /// The common restore. set_ptes may paint a batch CONT; a single entry it folds with a TLBI of its own, so
    /// that only a batch has to wait for what was deferred.
    /// </summary>
    private void Restore<TArch>(KernelContext<TArch> kernel, in MappedWalk walk, Pte pteval, int nr)
        where TArch : struct, IArch
    {
        if (nr > 1 && !Has(LazyfreeDecisions.RestoreBeforeFlush))
        {
            kernel.TryToUnmapFlush();
        }

        if (!Has(LazyfreeDecisions.NoRestore))
        {
            kernel.SetPtes(walk.Ptep, pteval, Has(LazyfreeDecisions.RestoreFirstOnly) ? 1 : nr);
        }
    }

    private void Discard<TArch>(KernelContext<TArch> kernel, int folio, int mm, int frame, int nr)
        where TArch : struct, IArch
    {
        kernel.AddMmCounter(mm, FolioKind.Lazyfree, -nr);
        kernel.FolioRemoveRmapPtes(folio, frame, Has(LazyfreeDecisions.RmapOnce) ? 1 : nr);
        kernel.FolioRefAdd(folio, Has(LazyfreeDecisions.RefOnce) ? -1 : -nr);
    }

    /// <summary>A batch of the whole folio leaves nothing to walk over; in 6.15.0 every batch was that.</summary>
    private bool EndsTheWalk<TArch>(KernelContext<TArch> kernel, int folio, int nr)
        where TArch : struct, IArch =>
        Has(LazyfreeDecisions.WholeFolio) ? nr > 1 : nr == kernel.Machine.Folios[folio].Pages;

    private bool Has(Decision decision) => decisions.Has(decision);
}
