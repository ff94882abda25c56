namespace PteCheck.Native.Abi;

/// <summary>What a record of a subject's log says was called. Every one but the framing is a primitive.</summary>
public enum SubjectOp : ushort
{
    /// <summary>No call: an unused record.</summary>
    None,

    /// <summary>The runner calls the function: invocation Nr of the plan.</summary>
    Begin,

    /// <summary>The function has returned Result, and is called again where Nr is not 0.</summary>
    End,

    /// <summary>pte_offset_map without the lock, of page A: the pointer is of alias Nr.</summary>
    PteMap,

    /// <summary>The same with the table's lock taken.</summary>
    PteMapLock,

    /// <summary>spin_lock of the lock of Table.</summary>
    PtlLock,

    /// <summary>spin_unlock of the lock of Table.</summary>
    PtlUnlock,

    /// <summary>i_mmap_lock_write of the file of VMA Nr.</summary>
    IMmapLock,

    /// <summary>i_mmap_unlock_write.</summary>
    IMmapUnlock,

    /// <summary>anon_vma_lock_write of the anon_vma of VMA Nr.</summary>
    AnonVmaLock,

    /// <summary>anon_vma_unlock_write.</summary>
    AnonVmaUnlock,

    /// <summary>ptep_get.</summary>
    PtepGet,

    /// <summary>ptep_get_and_clear.</summary>
    PtepGetAndClear,

    /// <summary>pte_clear.</summary>
    PteClear,

    /// <summary>get_and_clear_full_ptes or get_and_clear_ptes of Nr entries.</summary>
    GetAndClearPtes,

    /// <summary>contpte_try_unfold.</summary>
    ContpteTryUnfold,

    /// <summary>set_pte_at or set_ptes of Nr entries from value A on.</summary>
    SetPtes,

    /// <summary>folio_pte_batch of 6.15: at most Nr entries, first value A, folio and flags in B.</summary>
    FolioPteBatch615,

    /// <summary>folio_pte_batch_flags since 6.17: VMA, folio and flags in B; the changed first value in Result2.</summary>
    FolioPteBatchFlags,

    /// <summary>flush_tlb_range of Nr pages from page A of the mm in Table.</summary>
    FlushTlbRange,

    /// <summary>flush_tlb_mm of the mm in Table.</summary>
    FlushTlbMm,

    /// <summary>flush_tlb_batched_pending of the mm in Table.</summary>
    FlushTlbBatchedPending,

    /// <summary>cond_resched and whatever else may sleep.</summary>
    MightSleep,

    /// <summary>The folio or page of entry A was asked for and there is none.</summary>
    PageOfEntry,

    /// <summary>folio_remove_rmap_ptes of Nr pages from frame A of the folio in Table.</summary>
    RemoveRmap,

    /// <summary>folio_add_anon_rmap_ptes or folio_add_file_rmap_ptes, likewise.</summary>
    AddRmap,

    /// <summary>folio_ref_add of Nr to the folio in Table; negative to take them away.</summary>
    FolioRefAdd,

    /// <summary>folio_put_refs: the same, and the folio goes with the last one.</summary>
    FolioPutRefs,

    /// <summary>add_mm_counter of Nr to the counter of kind A of the mm in Table.</summary>
    AddMmCounter,

    /// <summary>folio_ref_count of the folio in Table.</summary>
    FolioRefCount,

    /// <summary>folio_mapcount of the folio in Table.</summary>
    FolioMapcount,

    /// <summary>folio_test_dirty of the folio in Table.</summary>
    FolioTestDirty,

    /// <summary>folio_mark_dirty of the folio in Table.</summary>
    FolioMarkDirty,

    /// <summary>folio_set_swapbacked of the folio in Table.</summary>
    FolioSetSwapbacked,

    /// <summary>page_vma_mapped_walk from page A on, whose table is locked where Nr is not 0: in Result one more than the page found, in Result2 the alias of the pointer.</summary>
    Walk,

    /// <summary>page_vma_mapped_walk_done, likewise.</summary>
    WalkDone,

    /// <summary>mmu_notifier_invalidate_range_start of Nr pages from page A of the mm in Table.</summary>
    NotifierStart,

    /// <summary>mmu_notifier_invalidate_range_end, likewise.</summary>
    NotifierEnd,

    /// <summary>ptep_clear_flush of page A of mm B.</summary>
    PtepClearFlush,

    /// <summary>set_tlb_ubc_flush_pending of Nr pages from page A of the mm in Table, whose entry was B.</summary>
    SetTlbUbcFlushPending,

    /// <summary>try_to_unmap_flush.</summary>
    TryToUnmapFlush,

    /// <summary>page_folio of no page.</summary>
    NullPage,

    /// <summary>pmdp_get_lockless of slot Table: 0 for none, a table's number plus one, bit 63 for a leaf.</summary>
    PmdpGet,

    /// <summary>pte_offset_map_rw_nolock by PMD slot Table, of page A: the value of the entry in Result; the pointer is of alias Nr.</summary>
    PteMapOf,

    /// <summary>pmd_lock of the mm in Table.</summary>
    PmdLock,

    /// <summary>spin_unlock of that lock.</summary>
    PmdUnlock,

    /// <summary>pmdp_collapse_flush of PMD slot Table from page A on, of mm Nr.</summary>
    PmdpCollapseFlush,

    /// <summary>mm_dec_nr_ptes of the mm in Table.</summary>
    MmDecNrPtes,

    /// <summary>pte_free_defer of Table.</summary>
    PteFreeDefer,

    /// <summary>filemap_lock_folio, where the page cache has the folio in Table.</summary>
    FilemapLockFolio,

    /// <summary>folio_unlock of the folio in Table.</summary>
    FolioUnlock,

    /// <summary>The batch helper has returned Nr, and the copy of the first value is A; flags of <see cref="PteCheck.Kernel.FolioPteBatch.BatchTold"/> in B.</summary>
    BatchReturn,

    /// <summary>do_set_pmd of PMD slot Table, in VMA A, for folio Nr.</summary>
    DoSetPmd,
}
