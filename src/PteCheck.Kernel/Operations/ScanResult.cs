namespace PteCheck.Kernel.Operations;

/// <summary>How a collapse ended (<c>enum scan_result</c> of mm/khugepaged.c), by the newest names.</summary>
public enum ScanResult : byte
{
    /// <summary>SCAN_FAIL.</summary>
    Fail,

    /// <summary>SCAN_SUCCEED.</summary>
    Succeed,

    /// <summary>SCAN_NO_PTE_TABLE: the PMD entry is empty.</summary>
    NoPteTable,

    /// <summary>SCAN_PMD_MAPPED: the PMD entry is a leaf or a migration entry.</summary>
    PmdMapped,

    /// <summary>SCAN_EXCEED_NONE_PTE.</summary>
    ExceedNonePte,

    /// <summary>SCAN_EXCEED_SWAP_PTE.</summary>
    ExceedSwapPte,

    /// <summary>SCAN_EXCEED_SHARED_PTE.</summary>
    ExceedSharedPte,

    /// <summary>SCAN_PTE_NON_PRESENT.</summary>
    PteNonPresent,

    /// <summary>SCAN_PTE_UFFD, before SCAN_PTE_UFFD_WP.</summary>
    PteUffd,

    /// <summary>SCAN_PTE_MAPPED_HUGEPAGE.</summary>
    PteMappedHugepage,

    /// <summary>SCAN_LACK_REFERENCED_PAGE.</summary>
    LackReferencedPage,

    /// <summary>SCAN_PAGE_NULL: no page in the page cache, or none behind an entry.</summary>
    PageNull,

    /// <summary>SCAN_SCAN_ABORT.</summary>
    ScanAbort,

    /// <summary>SCAN_PAGE_COUNT.</summary>
    PageCount,

    /// <summary>SCAN_PAGE_LRU.</summary>
    PageLru,

    /// <summary>SCAN_PAGE_LOCK.</summary>
    PageLock,

    /// <summary>SCAN_PAGE_ANON.</summary>
    PageAnon,

    /// <summary>SCAN_PAGE_LAZYFREE.</summary>
    PageLazyfree,

    /// <summary>SCAN_PAGE_COMPOUND: the folio is not of PMD order.</summary>
    PageCompound,

    /// <summary>SCAN_ANY_PROCESS.</summary>
    AnyProcess,

    /// <summary>SCAN_VMA_NULL.</summary>
    VmaNull,

    /// <summary>SCAN_VMA_CHECK: the VMA does not permit it, or does not cover the table.</summary>
    VmaCheck,

    /// <summary>SCAN_ADDRESS_RANGE.</summary>
    AddressRange,

    /// <summary>SCAN_DEL_PAGE_LRU.</summary>
    DelPageLru,

    /// <summary>SCAN_ALLOC_HUGE_PAGE_FAIL.</summary>
    AllocHugePageFail,

    /// <summary>SCAN_CGROUP_CHARGE_FAIL.</summary>
    CgroupChargeFail,

    /// <summary>SCAN_TRUNCATED.</summary>
    Truncated,

    /// <summary>SCAN_COPY_MC.</summary>
    CopyMc,
}
