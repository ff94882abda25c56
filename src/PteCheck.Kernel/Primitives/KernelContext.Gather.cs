using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Kernel.Primitives;

/// <summary>The mmu_gather of those who change many entries and flush in the end (mm/mmu_gather.c).</summary>
public sealed partial class KernelContext<TArch>
{
    /// <summary>The gather of the operation that this context runs; other actors bring their own.</summary>
    public MmuGather Gather { get; } = new();

    /// <summary>tlb_gather_mmu: begins, and tells others that a flush is outstanding (inc_tlb_flush_pending).</summary>
    /// <remarks>
    /// Beside tables of 512 slots a next batch of pages can be allocated once; beside smaller ones never, so
    /// that a gather is full after 8 words: small tables have everything near.
    /// </remarks>
    public void TlbGatherMmu(MmuGather tlb, int mm)
    {
        Record(Primitive.TlbGatherMmu, mm);
        Machine.Mms[mm].TlbFlushPending++;
        var large = Machine.Slots == Machine.TableStride;
        tlb.Begin(mm, large ? MmuGather.Bundle + MmuGather.NextBatch : MmuGather.Bundle);
    }

    /// <summary>tlb_flush_pte_range, as tlb_remove_tlb_entries calls it: adds <paramref name="pages"/> pages to what will be flushed.</summary>
    public static void TlbFlushPteRange(MmuGather tlb, uint vpn, int pages)
    {
        tlb.Start = Math.Min(tlb.Start, vpn);
        tlb.End = Math.Max(tlb.End, vpn + (uint)pages);
    }

    /// <summary>
    /// __tlb_remove_folio_pages: keeps <paramref name="nr"/> references of a folio until after the flush.
    /// </summary>
    /// <returns>True when the gather is full and has to be flushed before more is added.</returns>
    public bool TlbRemoveFolioPages(MmuGather tlb, int folio, int frame, int nr, bool delayRmap)
    {
        tlb.DelayedRmap |= delayRmap;
        return tlb.Add(new(folio, frame, nr, delayRmap));
    }

    /// <summary>tlb_flush_mmu_tlbonly: flushes the range gathered so far, if any.</summary>
    public void TlbFlushMmuTlbOnly(MmuGather tlb)
    {
        if (tlb.FullMm)
        {
            FlushTlbMm(tlb.Mm);
            tlb.ResetRange();
        }
        else if (tlb.Start < tlb.End)
        {
            FlushTlbRange(tlb.Mm, tlb.Start, (int)(tlb.End - tlb.Start));
            tlb.ResetRange();
        }
    }

    /// <summary>tlb_flush_rmaps: removes the mappings whose removal had to wait for the flush.</summary>
    public void TlbFlushRmaps(MmuGather tlb)
    {
        if (!tlb.DelayedRmap)
        {
            return;
        }

        foreach (ref readonly var run in tlb.Pages)
        {
            if (run.DelayRmap)
            {
                FolioRemoveRmapPtes(run.Folio, run.Frame, run.Nr);
            }
        }

        tlb.DelayedRmap = false;
    }

    /// <summary>tlb_flush_mmu: flushes, then frees what was gathered (tlb_flush_mmu_free).</summary>
    public void TlbFlushMmu(MmuGather tlb)
    {
        var freeFirst = (Choices & PrimitiveChoices.GatherFreesFirst) != 0;
        if (freeFirst)
        {
            TlbBatchPagesFlush(tlb);
        }

        TlbFlushMmuTlbOnly(tlb);
        if (!freeFirst)
        {
            TlbBatchPagesFlush(tlb);
        }
    }

    /// <summary>
    /// tlb_finish_mmu: flushes what was gathered, or the whole mm when another gather runs beside this
    /// one (mm_tlb_flush_nested), frees the pages, and ends.
    /// </summary>
    public void TlbFinishMmu(MmuGather tlb)
    {
        Record(Primitive.TlbFinishMmu, tlb.Mm);
        ref var owner = ref Machine.Mms[tlb.Mm];
        tlb.FullMm =
            owner.TlbFlushPending > 1 && (Choices & PrimitiveChoices.GatherIgnoresOthers) == 0;
        TlbFlushMmu(tlb);
        owner.TlbFlushPending--;
        if (owner.TlbFlushPending < 0)
        {
            Fault(FaultKind.CountBelowZero, tlb.Mm, 0, "tlb_finish_mmu");
        }
    }

    /// <summary>tlb_batch_pages_flush: puts the references of the gathered pages; folios without any are freed.</summary>
    private void TlbBatchPagesFlush(MmuGather tlb)
    {
        foreach (ref readonly var run in tlb.Pages)
        {
            FolioPutRefs(run.Folio, run.Nr);
        }

        tlb.ForgetPages();
    }
}
