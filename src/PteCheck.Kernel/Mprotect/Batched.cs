using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.Mprotect;

/// <summary>
/// change_pte_range in batches: "mm: optimize mprotect() by PTE batching" (Dev Jain, v5 of 2025-07-18, merged
/// as cac1db8c3aad for 6.17), with the fix of 2025-08-06 that looks at the pages of the batch. The function
/// for batches of one that it got in 7.1 does the same as the one for more.
/// </summary>
internal readonly struct Batched(DecisionSet decisions) : IChangePtes
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
        if (!TArch.PtePresent(oldpte))
        {
            new BatchedNonPresent(decisions).Change(kernel, extent, ptep, oldpte);
            return 1;
        }

        var numa = extent.Mode == ProtectMode.Numa;
        if (numa && TArch.PteProtnone(oldpte))
        {
            return 1;
        }

        var folio = kernel.VmNormalFolio(oldpte);
        maxNr = Has(MprotectDecisions.NoCap) ? 2 * Machine.TableStride : maxNr;
        if (numa && !FolioCanMapProtNuma(kernel, folio, extent.Vma))
        {
            var skipped = MprotectFolioPteBatch(kernel, folio, ptep, oldpte, maxNr, FpbFlags.None);
            return Has(MprotectDecisions.SkipWholeFolio) && folio >= 0
                ? Math.Min(maxNr, PagesLeft(kernel, folio, oldpte))
                : skipped;
        }

        var flags = Has(MprotectDecisions.IgnoreWrite) ? FpbFlags.None : FpbFlags.RespectWrite;
        flags |= Has(MprotectDecisions.IgnoreSoftDirty) ? FpbFlags.None : FpbFlags.RespectSoftDirty;
        var nr = MprotectFolioPteBatch(kernel, folio, ptep, oldpte, maxNr, flags);
        kernel.Trace.NoteBatch(nr);
        ChangePresentPtes(kernel, extent, folio, ptep, oldpte, vpn, nr, tlb);
        return nr;
    }

    /// <summary>
    /// folio_can_map_prot_numa, before 6.19 prot_numa_skip: pinned folios are passed over in private mappings, and
    /// since then in shared ones as well.
    /// </summary>
    private bool FolioCanMapProtNuma<TArch>(KernelContext<TArch> kernel, int folio, int vma)
        where TArch : struct, IArch
    {
        if (folio < 0)
        {
            return Has(MprotectDecisions.HintZeroPage);
        }

        var cow = !kernel.Machine.Vmas[vma].Has(VmaFlags.Shared);
        if (cow && !Has(MprotectDecisions.HintSharedCow) && kernel.FolioMaybeMappedShared(folio))
        {
            return false;
        }

        var everywhere = kernel.Machine.Context.Kernel >= KernelVersion.V7_2;
        if (
            (cow || everywhere)
            && !Has(MprotectDecisions.HintPinned)
            && kernel.FolioMaybeDmaPinned(folio)
        )
        {
            return false;
        }

        return Has(MprotectDecisions.HintDirtyFile)
            || !(kernel.FolioIsFileLru(folio) && kernel.FolioTestDirty(folio));
    }

    /// <summary>mprotect_folio_pte_batch.</summary>
    private static int MprotectFolioPteBatch<TArch>(
        KernelContext<TArch> kernel,
        int folio,
        PtePointer ptep,
        Pte pte,
        int maxNr,
        FpbFlags flags
    )
        where TArch : struct, IArch
    {
        if (folio < 0 || !kernel.Machine.Folios[folio].IsLarge)
        {
            return 1;
        }

        return kernel.FolioPteBatchFlags(folio, -1, ptep, ref pte, maxNr, flags);
    }

    /// <summary>change_present_ptes.</summary>
    private void ChangePresentPtes<TArch>(
        KernelContext<TArch> kernel,
        in ProtectExtent extent,
        int folio,
        PtePointer ptep,
        Pte first,
        uint vpn,
        int nr,
        MmuGather tlb
    )
        where TArch : struct, IArch
    {
        var oldpte = kernel.ModifyProtStartPtes(ptep, nr);
        var ptent = TArch.PteModify(oldpte, extent.Newprot);
        ptent = Has(MprotectDecisions.ModifyDropsSoftDirty)
            ? TArch.PteClearSoftDirty(ptent)
            : ptent;
        ptent = extent.Mode switch
        {
            ProtectMode.UffdWp => TArch.PteMkUffdWp(ptent),
            ProtectMode.UffdResolve => TArch.PteClearUffdWp(ptent),
            _ => ptent,
        };

        var upgrade =
            extent.TryChangeWritable
            && !TArch.PteWrite(ptent, kernel.Machine.Context)
            && !Has(MprotectDecisions.NeverUpgrade);
        var batch = new PteBatch(folio, ptep, vpn, oldpte, ptent, nr);
        var commit = new BatchedCommit(decisions);
        if (!Has(MprotectDecisions.ContBeforeFlush))
        {
            var wasCont = Has(MprotectDecisions.ClearFolded) && TArch.PteCont(first);
            commit.FlushWhereContChanges(kernel, extent, batch, wasCont, upgrade);
        }

        if (upgrade)
        {
            commit.SetWriteProtCommitFlushPtes(kernel, extent, batch, tlb);
            return;
        }

        commit.ProtCommitFlushPtes(kernel, extent, batch, 0, nr, setWrite: false, tlb);
    }

    private static int PagesLeft<TArch>(KernelContext<TArch> kernel, int folio, Pte pte)
        where TArch : struct, IArch
    {
        ref readonly var owner = ref kernel.Machine.Folios[folio];
        return owner.FirstFrame + owner.Pages - kernel.Machine.FrameOf(TArch.PtePfn(pte));
    }

    private bool Has(Decision decision) => decisions.Has(decision);
}
