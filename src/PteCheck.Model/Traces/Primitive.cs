namespace PteCheck.Model.Traces;

/// <summary>
/// The events of a trace: one for each primitive that an implementation calls, and below them one
/// <see cref="PteStore"/> for every slot that changed.
/// </summary>
public enum Primitive : byte
{
    /// <summary>A slot got another word: A is the old one, B the new one.</summary>
    PteStore,

    /// <summary>ptep_get.</summary>
    PtepGet,

    /// <summary>ptep_get_and_clear.</summary>
    PtepGetAndClear,

    /// <summary>get_and_clear_full_ptes or get_and_clear_ptes.</summary>
    GetAndClearPtes,

    /// <summary>pte_clear.</summary>
    PteClear,

    /// <summary>set_pte_at or set_ptes.</summary>
    SetPtes,

    /// <summary>folio_pte_batch in any generation, swap_pte_batch: a batch of Nr entries, of at most A.</summary>
    FolioPteBatch,

    /// <summary>pte_offset_map_lock or spin_lock of a page-table lock.</summary>
    PtlLock,

    /// <summary>pte_unmap_unlock or spin_unlock of a page-table lock.</summary>
    PtlUnlock,

    /// <summary>mmap_write_lock, or with Nr 1 mmap_read_lock.</summary>
    MmapLock,

    /// <summary>mmap_write_unlock, or with Nr 1 mmap_read_unlock.</summary>
    MmapUnlock,

    /// <summary>take_rmap_locks.</summary>
    RmapLock,

    /// <summary>drop_rmap_locks.</summary>
    RmapUnlock,

    /// <summary>A TLB invalidation of Nr pages from page A of the mm in Table, completed everywhere.</summary>
    TlbFlushRange,

    /// <summary>A TLB invalidation of the whole mm in Table.</summary>
    TlbFlushMm,

    /// <summary>flush_tlb_batched_pending.</summary>
    FlushTlbBatchedPending,

    /// <summary>mmu_notifier_invalidate_range_start of Nr pages from page A.</summary>
    NotifierStart,

    /// <summary>mmu_notifier_invalidate_range_end.</summary>
    NotifierEnd,

    /// <summary>folio_remove_rmap_pte(s).</summary>
    RemoveRmap,

    /// <summary>folio_add_*_rmap_pte(s).</summary>
    AddRmap,

    /// <summary>folio_get or folio_put(_refs).</summary>
    FolioRef,

    /// <summary>add_mm_counter.</summary>
    MmCounter,

    /// <summary>ClearPageAnonExclusive of Nr pages from frame A on.</summary>
    PageFlags,

    /// <summary>swap_duplicate of the slot in A.</summary>
    SwapDuplicate,

    /// <summary>cond_resched or anything else that may sleep.</summary>
    MightSleep,

    /// <summary>arm64: contpte_convert to CONT.</summary>
    ContpteFold,

    /// <summary>arm64: contpte_convert away from CONT.</summary>
    ContpteUnfold,

    /// <summary>set_tlb_ubc_flush_pending of Nr pages from page A of the mm in Table, with value B.</summary>
    SetTlbUbcFlushPending,

    /// <summary>try_to_unmap_flush.</summary>
    TryToUnmapFlush,

    /// <summary>wrprotect_ptes.</summary>
    WrprotectPtes,

    /// <summary>clear_young_dirty_ptes.</summary>
    ClearYoungDirtyPtes,

    /// <summary>tlb_gather_mmu.</summary>
    TlbGatherMmu,

    /// <summary>tlb_finish_mmu.</summary>
    TlbFinishMmu,

    /// <summary>folio_mark_dirty or folio_set_swapbacked: the flags in A are set on the folio in Table.</summary>
    FolioFlags,

    /// <summary>free_unref_folios: the folio in Table, of Nr pages from PFN A on, is free.</summary>
    FolioFree,

    /// <summary>The system call returns to user space.</summary>
    ReturnToUser,

    /// <summary>folio_ref_freeze of the folio in Table at Nr references.</summary>
    FolioRefFreeze,

    /// <summary>folio_ref_count of the folio in Table, read to decide something.</summary>
    FolioRefCount,

    /// <summary>folio_mapcount of the folio in Table, read to decide something.</summary>
    FolioMapcount,

    /// <summary>folio_test_dirty of the folio in Table.</summary>
    FolioTestDirty,

    /// <summary>A CPU loads: page and frame in A (<see cref="AccessEvent"/>), the content read in B.</summary>
    CpuLoad,

    /// <summary>A CPU stores: page and frame in A, the content written in B.</summary>
    CpuStore,

    /// <summary>A device reads a pinned page: page and frame in A, the content read in B.</summary>
    DeviceLoad,

    /// <summary>A device writes to a pinned page: page and frame in A, the content written in B.</summary>
    DeviceStore,

    /// <summary>GUP-fast succeeded: page and frame in A are pinned.</summary>
    GupPin,

    /// <summary>unpin_user_page: page and frame in A are no longer pinned.</summary>
    GupUnpin,

    /// <summary>User space gave up Nr pages from page A on of the mm in Table (MADV_DONTNEED, truncate).</summary>
    UserDiscard,

    /// <summary>Write-out reads frame A of the folio in Table, whose content is B.</summary>
    WriteOut,

    /// <summary>free_swap_and_cache_nr: Nr swap slots from A on lose a user.</summary>
    SwapFree,

    /// <summary>folio_prealloc, alloc_charge_folio: the folio in Table, of Nr pages from PFN A on, is new; each holds B.</summary>
    FolioAlloc,

    /// <summary>copy_user_highpage: what frame A holds is copied to frame B.</summary>
    CopyPage,

    /// <summary>copy_from_user into a new page: page and frame in A, what user space gave in B.</summary>
    CopyFromUser,

    /// <summary>ptep_set_access_flags.</summary>
    PtepSetAccessFlags,

    /// <summary>handle_pte_fault of page A of the mm in Table ended, with result B.</summary>
    PageFault,

    /// <summary>deferred_split_folio: the folio in Table is queued because some of its pages alone are mapped.</summary>
    DeferredSplit,

    /// <summary>collapse_huge_page of Nr slots from Slot on of the table in Table: what it came to in A, empty slots in B.</summary>
    CollapseHugePage,

    /// <summary>collapse_scan_pmd of the mm in Table returns, with result A.</summary>
    CollapseScan,

    /// <summary>collapse_mthp_stack_push of Nr slots from Slot on: as many windows wait as A says.</summary>
    WindowPush,

    /// <summary>A PMD slot got another value: Table is the slot, Slot and Nr the old and the new <see cref="Machines.PmdKind"/>, A and B the old and the new value.</summary>
    PmdStore,

    /// <summary>pmdp_get_lockless of the PMD slot in Table.</summary>
    PmdpGet,

    /// <summary>pmd_lock of the mm in Table.</summary>
    PmdLock,

    /// <summary>spin_unlock of the PMD lock of the mm in Table.</summary>
    PmdUnlock,

    /// <summary>pte_alloc_one: the table in Table is new, for page A on.</summary>
    TableAlloc,

    /// <summary>pte_free_defer (Nr 1) or pte_free (Nr 0) of the table in Table.</summary>
    TableFree,

    /// <summary>pgtable_trans_huge_deposit of the table in Table at the PMD slot in A.</summary>
    TableDeposit,

    /// <summary>pgtable_trans_huge_withdraw of the table in Table from the PMD slot in A.</summary>
    TableWithdraw,

    /// <summary>tlb_remove_table_sync_one: an IPI to every CPU.</summary>
    TlbRemoveTableSync,

    /// <summary>folio_lock of the folio in Table.</summary>
    FolioLock,

    /// <summary>folio_unlock of the folio in Table.</summary>
    FolioUnlock,

    /// <summary>The read-only scan of a collapse found nothing against it.</summary>
    ScanPassed,

    /// <summary>A collapse ends, with the <c>SCAN_</c> result in A.</summary>
    ScanResult,

    /// <summary>clear_user_highpage: frame A gets zeroes.</summary>
    ClearPage,

    /// <summary>The batch helper returns Nr entries from Slot on: in A the caller's copy of the first without write, young and dirty, in B these three.</summary>
    BatchReturn,

    /// <summary>folio_mark_lazyfree: what the pages of the folio in Table hold is given up, unless they are written again.</summary>
    MarkLazyfree,

    /// <summary>How many kinds there are.</summary>
    Count,
}
