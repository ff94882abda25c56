using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.Mprotect;

/// <summary>The second half of change_present_ptes: who may become writable, in which sub-batches, and what is flushed.</summary>
internal readonly struct BatchedCommit(DecisionSet decisions)
{
    /// <summary>set_write_prot_commit_flush_ptes: a shared mapping by the merged dirty bit (can_change_shared_pte_writable), a private one page by page.</summary>
    public void SetWriteProtCommitFlushPtes<TArch>(
        KernelContext<TArch> kernel,
        in ProtectExtent extent,
        in PteBatch batch,
        MmuGather tlb
    )
        where TArch : struct, IArch
    {
        if (InSubBatches(kernel, extent, batch))
        {
            CommitAnonFolioBatch(kernel, extent, batch, tlb);
            return;
        }

        // In a private mapping this is an entry that has to copy or to be traced first.
        var shared = kernel.Machine.Vmas[extent.Vma].Has(VmaFlags.Shared);
        var setWrite =
            shared
            && MaybeChangePteWritable(kernel, extent.Vma, batch.NewPte)
            && (TArch.PteDirty(batch.NewPte) || Has(MprotectDecisions.UpgradeClean));
        ProtCommitFlushPtes(kernel, extent, batch, 0, batch.Nr, setWrite, tlb);
    }

    /// <summary>prot_commit_flush_ptes: stores a part of the batch and gathers it for the flush where it needs one.</summary>
    public void ProtCommitFlushPtes<TArch>(
        KernelContext<TArch> kernel,
        in ProtectExtent extent,
        in PteBatch batch,
        int idx,
        int nr,
        bool setWrite,
        MmuGather tlb
    )
        where TArch : struct, IArch
    {
        var machine = kernel.Machine;
        var vpn = batch.Vpn + (uint)(Has(MprotectDecisions.FlushFromBatch) ? 0 : idx);
        var from = Has(MprotectDecisions.CommitFromFirst) ? 0 : idx;
        var oldpte = TArch.PteAdvancePfn(batch.OldPte, from);
        var ptent = TArch.PteAdvancePfn(batch.NewPte, from);
        if (setWrite)
        {
            var shadowStack = machine.Vmas[extent.Vma].Has(VmaFlags.ShadowStack);
            ptent = TArch.PteMkWrite(ptent, shadowStack, machine.Context);
        }

        var stored = Has(MprotectDecisions.CommitFirstOnly) ? 1 : nr;
        kernel.ModifyProtCommitPtes(batch.Ptep.Add(idx), ptent, stored);
        if (
            TArch.PteNeedsFlush(oldpte, ptent, machine.Context)
            && !Has(MprotectDecisions.ForgetFlush)
        )
        {
            var pages = Has(MprotectDecisions.FlushFirstPage) ? 1 : nr;
            KernelContext<TArch>.TlbFlushPteRange(tlb, vpn, pages);
        }
    }

    /// <summary>
    /// Not upstream's: flushes the batch while it is empty, when arm64 would store it with another CONT bit than it
    /// had. A single entry unfolds and folds its block with a TLBI of its own.
    /// </summary>
    public void FlushWhereContChanges<TArch>(
        KernelContext<TArch> kernel,
        in ProtectExtent extent,
        in PteBatch batch,
        bool wasCont,
        bool upgrade
    )
        where TArch : struct, IArch
    {
        var others = kernel.Machine.Mms[extent.Mm].TlbFlushPending > 1;
        if (
            !TArch.HasContpte
            || kernel.Machine.Context.Bbml2
            || batch.Nr == 1
            || !TArch.PteAccessible(batch.OldPte, others)
        )
        {
            return;
        }

        // What another gather made protnone may be cached as it was before, without CONT.
        wasCont &= TArch.PteHwPresent(batch.OldPte);
        var split = upgrade && InSubBatches(kernel, extent, batch);
        for (int idx = 0, len; idx < batch.Nr; idx += len)
        {
            len = split ? PageAnonExclusiveBatch(kernel, batch, idx) : batch.Nr;
            if (ContChanges(kernel, batch, idx, len, wasCont))
            {
                kernel.FlushTlbRange(extent.Mm, batch.Vpn, batch.Nr);
                return;
            }
        }
    }

    /// <summary>Whether a batch is committed in sub-batches: anonymous pages of a private mapping that nobody waits to see written.</summary>
    private bool InSubBatches<TArch>(
        KernelContext<TArch> kernel,
        in ProtectExtent extent,
        in PteBatch batch
    )
        where TArch : struct, IArch =>
        !kernel.Machine.Vmas[extent.Vma].Has(VmaFlags.Shared)
        && MaybeChangePteWritable(kernel, extent.Vma, batch.NewPte)
        && batch.Folio >= 0
        && kernel.Machine.Folios[batch.Folio].IsAnon;

    /// <summary>commit_anon_folio_batch.</summary>
    private void CommitAnonFolioBatch<TArch>(
        KernelContext<TArch> kernel,
        in ProtectExtent extent,
        in PteBatch batch,
        MmuGather tlb
    )
        where TArch : struct, IArch
    {
        for (int idx = 0, len; idx < batch.Nr; idx += len)
        {
            len = PageAnonExclusiveBatch(kernel, batch, idx);
            var exclusive = IsExclusive(kernel, batch, idx);
            ProtCommitFlushPtes(kernel, extent, batch, idx, len, exclusive, tlb);
        }
    }

    /// <summary>page_anon_exclusive_batch: how many entries from <paramref name="idx"/> on agree in AnonExclusive.</summary>
    private int PageAnonExclusiveBatch<TArch>(
        KernelContext<TArch> kernel,
        in PteBatch batch,
        int idx
    )
        where TArch : struct, IArch
    {
        var exclusive = IsExclusive(kernel, batch, idx);
        var end = idx + 1;
        while (end < batch.Nr && IsExclusive(kernel, batch, end) == exclusive)
        {
            end++;
        }

        return end - idx;
    }

    private bool IsExclusive<TArch>(KernelContext<TArch> kernel, in PteBatch batch, int idx)
        where TArch : struct, IArch
    {
        var first = Has(MprotectDecisions.ExclusiveFromFolio)
            ? kernel.Machine.Folios[batch.Folio].FirstFrame
            : kernel.Machine.FrameOf(TArch.PtePfn(batch.NewPte));
        idx = Has(MprotectDecisions.OneExclusive) ? 0 : idx;
        return Has(MprotectDecisions.UpgradeShared) || kernel.PageAnonExclusive(first + idx);
    }

    /// <summary>maybe_change_pte_writable: what stands against write whatever the page is.</summary>
    private bool MaybeChangePteWritable<TArch>(KernelContext<TArch> kernel, int vma, Pte pte)
        where TArch : struct, IArch
    {
        if (!kernel.Machine.Vmas[vma].Has(VmaFlags.Write) || TArch.PteProtnone(pte))
        {
            return false;
        }

        if (!Has(MprotectDecisions.UpgradeUntracked) && kernel.PteNeedsSoftDirtyWp(vma, pte))
        {
            return false;
        }

        return Has(MprotectDecisions.UpgradeArmed) || !kernel.UserfaultfdPteWp(vma, pte);
    }

    /// <summary>Whether storing a part of the batch takes CONT from a block that the batch emptied whole, or paints one that had it not.</summary>
    private static bool ContChanges<TArch>(
        KernelContext<TArch> kernel,
        in PteBatch batch,
        int idx,
        int len,
        bool wasCont
    )
        where TArch : struct, IArch
    {
        var cont = kernel.Machine.ContPtes;
        int first = batch.Ptep.Slot + idx,
            end = first + len,
            block = (first + cont - 1) & -cont;
        if (wasCont)
        {
            return Breaks(first, batch, cont) || Breaks(end, batch, cont);
        }

        var pfn = TArch.PtePfn(batch.NewPte) + (ulong)(block - batch.Ptep.Slot);
        return block + cont <= end
            && (pfn & (ulong)(cont - 1)) == 0
            && TArch.PteHwPresent(batch.NewPte);
    }

    /// <summary>Whether a boundary lies inside a block that the batch covers whole.</summary>
    private static bool Breaks(int slot, in PteBatch batch, int cont)
    {
        var block = slot & -cont;
        return block != slot
            && block >= batch.Ptep.Slot
            && block + cont <= batch.Ptep.Slot + batch.Nr;
    }

    private bool Has(Decision decision) => decisions.Has(decision);
}
