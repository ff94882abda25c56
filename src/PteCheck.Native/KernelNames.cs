using PteCheck.Native.Abi;

namespace PteCheck.Native;

/// <summary>What the kernel calls the primitives of a log.</summary>
internal static class KernelNames
{
    /// <summary>The name.</summary>
    public static string Of(SubjectOp op) =>
        op switch
        {
            SubjectOp.PteMap => "pte_offset_map",
            SubjectOp.PteMapLock => "pte_offset_map_lock",
            SubjectOp.PtlLock => "spin_lock",
            SubjectOp.PtlUnlock => "spin_unlock",
            SubjectOp.PtepGet => "ptep_get",
            SubjectOp.PtepGetAndClear => "ptep_get_and_clear",
            SubjectOp.PteClear => "pte_clear",
            SubjectOp.GetAndClearPtes => "get_and_clear_full_ptes",
            SubjectOp.ContpteTryUnfold => "contpte_try_unfold",
            SubjectOp.SetPtes => "set_ptes",
            SubjectOp.FolioPteBatch615 or SubjectOp.FolioPteBatchFlags or SubjectOp.BatchReturn =>
                "folio_pte_batch",
            SubjectOp.IMmapLock => "i_mmap_lock_write",
            SubjectOp.IMmapUnlock => "i_mmap_unlock_write",
            SubjectOp.AnonVmaLock => "anon_vma_lock_write",
            SubjectOp.AnonVmaUnlock => "anon_vma_unlock_write",
            SubjectOp.FlushTlbRange or SubjectOp.FlushTlbMm => "flush_tlb_range",
            SubjectOp.FlushTlbBatchedPending => "flush_tlb_batched_pending",
            SubjectOp.RemoveRmap => "folio_remove_rmap_ptes",
            SubjectOp.AddRmap => "folio_add_anon_rmap_ptes",
            SubjectOp.FolioRefAdd => "folio_ref_add",
            SubjectOp.FolioPutRefs => "folio_put_refs",
            SubjectOp.AddMmCounter => "add_mm_counter",
            SubjectOp.FolioRefCount => "folio_ref_count",
            SubjectOp.FolioMapcount => "folio_mapcount",
            SubjectOp.FolioTestDirty => "folio_test_dirty",
            SubjectOp.FolioMarkDirty => "folio_mark_dirty",
            SubjectOp.FolioSetSwapbacked => "folio_set_swapbacked",
            SubjectOp.Walk => "page_vma_mapped_walk",
            SubjectOp.WalkDone => "page_vma_mapped_walk_done",
            SubjectOp.NotifierStart => "mmu_notifier_invalidate_range_start",
            SubjectOp.NotifierEnd => "mmu_notifier_invalidate_range_end",
            SubjectOp.PtepClearFlush => "ptep_clear_flush",
            SubjectOp.SetTlbUbcFlushPending => "set_tlb_ubc_flush_pending",
            SubjectOp.TryToUnmapFlush => "try_to_unmap_flush",
            SubjectOp.NullPage => "page_folio",
            SubjectOp.PmdpGet => "pmdp_get_lockless",
            SubjectOp.PteMapOf => "pte_offset_map_rw_nolock",
            SubjectOp.PmdLock => "pmd_lock",
            SubjectOp.PmdUnlock => "spin_unlock",
            SubjectOp.PmdpCollapseFlush => "pmdp_collapse_flush",
            SubjectOp.MmDecNrPtes => "mm_dec_nr_ptes",
            SubjectOp.PteFreeDefer => "pte_free_defer",
            SubjectOp.FilemapLockFolio => "filemap_lock_folio",
            SubjectOp.FolioUnlock => "folio_unlock",
            SubjectOp.DoSetPmd => "do_set_pmd",
            _ => "the log of calls",
        };
}
