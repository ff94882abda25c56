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
            SubjectOp.SetPtes => "set_ptes",
            SubjectOp.FolioPteBatch615 or SubjectOp.FolioPteBatchFlags => "folio_pte_batch",
            SubjectOp.IMmapLock => "i_mmap_lock_write",
            SubjectOp.IMmapUnlock => "i_mmap_unlock_write",
            SubjectOp.AnonVmaLock => "anon_vma_lock_write",
            SubjectOp.AnonVmaUnlock => "anon_vma_unlock_write",
            SubjectOp.FlushTlbRange or SubjectOp.FlushTlbMm => "flush_tlb_range",
            SubjectOp.FlushTlbBatchedPending => "flush_tlb_batched_pending",
            _ => "the log of calls",
        };
}
