using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.Mremap;

/// <summary>
/// move_ptes in batches. "mm: Optimize mremap() by PTE batching" (Dev Jain, v4 of 2025-06-10, merged
/// as f822a9a81a31 for 6.17), with the hint test of 6.17-rc2 and FPB_RESPECT_WRITE of 6.18 (M4 and M3
/// of the fidelity ledger). Every other version is this one with decisions taken.
/// </summary>
internal readonly struct Batched(DecisionSet decisions) : IMovePtes
{
    /// <inheritdoc/>
    public void MovePtes<TArch>(KernelContext<TArch> kernel, in MoveExtent extent)
        where TArch : struct, IArch
    {
        var needClearUffdWp =
            kernel.Machine.Vmas[extent.Vma].HasUffdWithoutEventRemap
            && !Has(MremapDecisions.KeepUffd);
        var forceFlush = false;
        if (extent.NeedRmapLocks)
        {
            kernel.TakeRmapLocks(extent.Vma);
        }

        var oldPtep = kernel.PteOffsetMapLock(extent.Mm, extent.OldVpn, extent.Pages);
        var newPtep = kernel.PteOffsetMap(extent.Mm, extent.NewVpn, extent.Pages);
        var lockNew = newPtep.Table != oldPtep.Table && !Has(MremapDecisions.NoNewPtl);
        if (lockNew)
        {
            kernel.SpinLockPtl(newPtep.Table);
        }

        if (!Has(MremapDecisions.TrustNone))
        {
            kernel.FlushTlbBatchedPending(extent.Mm);
        }

        for (int done = 0, nr; done < extent.Pages; done += nr)
        {
            var from = oldPtep.Add(done);
            var to = newPtep.Add(done);
            nr = 1;
            var oldPte = kernel.PtepGet(from);
            if (TArch.PteNone(oldPte))
            {
                nr = Has(MremapDecisions.NoAdvance) ? 0 : 1;
                continue;
            }

            if (TArch.PtePresent(oldPte))
            {
                nr = MremapFolioPteBatch(kernel, extent.Vma, from, oldPte, extent.Pages - done);
                kernel.NoteBatch(nr);
                forceFlush = true;
            }

            if (Has(MremapDecisions.SplitBranches))
            {
                MoveSplit(kernel, from, to, oldPte, nr, needClearUffdWp);
            }
            else
            {
                MoveJoint(kernel, from, to, oldPte, nr, needClearUffdWp);
            }

            AfterEach(kernel, extent, oldPte, done, nr);
        }

        Finish(kernel, extent, oldPtep, newPtep, forceFlush, lockNew);
    }

    /// <summary>The loop body as merged: one path for every kind of entry.</summary>
    private void MoveJoint<TArch>(
        KernelContext<TArch> kernel,
        PtePointer from,
        PtePointer to,
        Pte oldPte,
        int nr,
        bool needClearUffdWp
    )
        where TArch : struct, IArch
    {
        var leave = Has(MremapDecisions.NoClear) && !TArch.PtePresent(oldPte);
        var pte = leave ? oldPte : kernel.GetAndClearFullPtes(from, nr);
        pte = MoveSoftDirtyPte<TArch>(pte);
        if (needClearUffdWp && KernelContext<TArch>.PteIsUffdWpMarker(pte))
        {
            kernel.PteClear(to);
            return;
        }

        if (needClearUffdWp)
        {
            pte = TArch.PtePresent(pte) ? TArch.PteClearUffdWp(pte) : TArch.PteSwpClearUffdWp(pte);
        }

        SetNew(kernel, to, pte, nr);
    }

    /// <summary>
    /// The loop body of David Hildenbrand's sketch on top of v4 (2025-06-11): present entries, uffd-wp
    /// markers and other non-present entries apart. In the latter two <c>pte</c> is the old entry.
    /// </summary>
    private void MoveSplit<TArch>(
        KernelContext<TArch> kernel,
        PtePointer from,
        PtePointer to,
        Pte oldPte,
        int nr,
        bool needClearUffdWp
    )
        where TArch : struct, IArch
    {
        if (TArch.PtePresent(oldPte))
        {
            var pte = kernel.GetAndClearFullPtes(from, nr);
            pte = MoveSoftDirtyPte<TArch>(pte);
            pte = needClearUffdWp ? TArch.PteClearUffdWp(pte) : pte;
            SetNew(kernel, to, pte, nr);
            return;
        }

        if (needClearUffdWp && KernelContext<TArch>.PteIsUffdWpMarker(oldPte))
        {
            kernel.PteClear(from);
            return;
        }

        if (!Has(MremapDecisions.NoClear))
        {
            kernel.PteClear(from);
        }

        var moved = needClearUffdWp ? TArch.PteSwpClearUffdWp(oldPte) : oldPte;
        kernel.SetPteAt(to, MoveSoftDirtyPte<TArch>(moved));
    }

    /// <summary>mremap_folio_pte_batch.</summary>
    private int MremapFolioPteBatch<TArch>(
        KernelContext<TArch> kernel,
        int vma,
        PtePointer ptep,
        Pte pte,
        int maxNr
    )
        where TArch : struct, IArch
    {
        var machine = kernel.Machine;
        maxNr = Has(MremapDecisions.NoCap) ? 2 * Machine.TableStride : maxNr;
        maxNr = Has(MremapDecisions.EmptyBatch) ? maxNr - 1 : maxNr;
        if (maxNr == 1)
        {
            return 1;
        }

        if (
            !Has(MremapDecisions.AnyArch)
            && TArch.PteBatchHint(pte, ptep.Slot, machine.ContPtes) == 1
        )
        {
            return 1;
        }

        var folio = Has(MremapDecisions.AssumeFolio)
            ? kernel.PageFolio(pte)
            : kernel.VmNormalFolio(pte);
        if (folio < 0 || !machine.Folios[folio].IsLarge)
        {
            return 1;
        }

        if (machine.Context.Kernel == KernelVersion.V6_15)
        {
            const FpbIgnoreFlags Flags =
                FpbIgnoreFlags.IgnoreDirty | FpbIgnoreFlags.IgnoreSoftDirty;
            return kernel.FolioPteBatch615(folio, ptep, pte, maxNr, Flags).Nr;
        }

        var flags = Has(MremapDecisions.IgnoreWrite) ? FpbFlags.None : FpbFlags.RespectWrite;
        var copy = pte;
        return kernel.FolioPteBatchFlags(folio, vma, ptep, ref copy, maxNr, flags);
    }

    private void SetNew<TArch>(KernelContext<TArch> kernel, PtePointer to, Pte pte, int nr)
        where TArch : struct, IArch
    {
        if (Has(MremapDecisions.StoreOneByOne))
        {
            for (var i = 0; i < nr; i++)
            {
                kernel.SetPteAt(to.Add(i), TArch.PteAdvancePfn(pte, i));
            }

            return;
        }

        kernel.SetPtes(to, pte, nr);
        if (Has(MremapDecisions.SetTwice))
        {
            kernel.SetPtes(to, pte, nr);
        }
    }

    /// <summary>What faulty versions do to accounting, locks and flushes after each step; upstream does nothing here.</summary>
    private void AfterEach<TArch>(
        KernelContext<TArch> kernel,
        in MoveExtent extent,
        Pte oldPte,
        int done,
        int nr
    )
        where TArch : struct, IArch
    {
        if (Has(MremapDecisions.SleepUnderPtl))
        {
            kernel.CondResched();
        }

        if (Has(MremapDecisions.FlushEachBatch))
        {
            kernel.FlushTlbRange(extent.Mm, extent.OldVpn + (uint)done, nr);
        }

        var present = TArch.PtePresent(oldPte);
        var swap = !present && TArch.SwpType(oldPte) <= SwapType.LastDevice;
        if (swap && Has(MremapDecisions.DuplicateSwap))
        {
            kernel.SwapDuplicate(oldPte);
        }

        var folio = present ? kernel.VmNormalFolio(oldPte) : -1;
        if (folio >= 0)
        {
            AccountAgain(
                kernel,
                extent.Mm,
                folio,
                kernel.Machine.FrameOf(TArch.PtePfn(oldPte)),
                nr
            );
        }
    }

    /// <summary>What faulty versions do to the counts of the pages that moved, which a move leaves alone.</summary>
    private void AccountAgain<TArch>(
        KernelContext<TArch> kernel,
        int mm,
        int folio,
        int frame,
        int nr
    )
        where TArch : struct, IArch
    {
        if (Has(MremapDecisions.DropRmap))
        {
            kernel.FolioRemoveRmapPtes(folio, frame, nr);
        }

        if (Has(MremapDecisions.DropRmapTwice))
        {
            kernel.FolioRemoveRmapPtes(folio, frame, nr);
            kernel.FolioRemoveRmapPtes(folio, frame, nr);
            kernel.FolioAddRmapPtes(folio, frame, nr);
            kernel.FolioAddRmapPtes(folio, frame, nr);
        }

        if (Has(MremapDecisions.ClearExclusive))
        {
            kernel.ClearPageAnonExclusive(folio, frame, nr);
        }

        if (Has(MremapDecisions.DropRef))
        {
            kernel.FolioRefAdd(folio, -nr);
        }

        if (Has(MremapDecisions.CountAgain))
        {
            kernel.AddMmCounter(mm, kernel.Machine.Folios[folio].Kind, nr);
        }
    }

    private void Finish<TArch>(
        KernelContext<TArch> kernel,
        in MoveExtent extent,
        PtePointer oldPtep,
        PtePointer newPtep,
        bool forceFlush,
        bool lockNew
    )
        where TArch : struct, IArch
    {
        var flush = forceFlush && !Has(MremapDecisions.SkipFlush);
        var pages = Has(MremapDecisions.FlushFirstPage) ? 1 : extent.Pages;
        if (flush && !Has(MremapDecisions.FlushAfterUnlock))
        {
            kernel.FlushTlbRange(extent.Mm, extent.OldVpn, pages);
        }

        if (lockNew)
        {
            kernel.SpinUnlockPtl(newPtep.Table);
        }

        kernel.SpinUnlockPtl(oldPtep.Table);
        if (Has(MremapDecisions.UnlockTwice))
        {
            kernel.SpinUnlockPtl(oldPtep.Table);
        }

        if (flush && Has(MremapDecisions.FlushAfterUnlock))
        {
            kernel.FlushTlbRange(extent.Mm, extent.OldVpn, pages);
        }

        if (extent.NeedRmapLocks)
        {
            kernel.DropRmapLocks(extent.Vma);
        }
    }

    /// <summary>move_soft_dirty_pte.</summary>
    private Pte MoveSoftDirtyPte<TArch>(Pte pte)
        where TArch : struct, IArch
    {
        if (Has(MremapDecisions.NoSoftDirty))
        {
            return pte;
        }

        return TArch.PtePresent(pte) ? TArch.PteMkSoftDirty(pte) : TArch.PteSwpMkSoftDirty(pte);
    }

    private bool Has(Decision decision) => decisions.Has(decision);
}
