namespace PteCheck.Kernel.MthpSelect;

/// <summary>What an attempt to collapse a window comes to, as far as the choice of further windows depends on it.</summary>
public enum WindowResult : byte
{
    /// <summary>SCAN_SUCCEED: the window is one folio now.</summary>
    Success,

    /// <summary>It failed for this window; a smaller one inside may do.</summary>
    Retry,

    /// <summary>SCAN_PTE_MAPPED_HUGEPAGE: a folio at least as large is mapped there already.</summary>
    MappedHuge,

    /// <summary>SCAN_ALLOC_HUGE_PAGE_FAIL: no memory for this order; khugepaged sleeps when nothing else succeeds.</summary>
    AllocationFailure,

    /// <summary>Anything else: the VMA has gone, the mm exits, the charge was refused.</summary>
    Stop,
}
