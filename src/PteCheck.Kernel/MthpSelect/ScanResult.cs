namespace PteCheck.Kernel.MthpSelect;

/// <summary>The SCAN_* results that the scan of a table and the attempts on its windows give here.</summary>
public enum ScanResult : byte
{
    /// <summary>SCAN_SUCCEED.</summary>
    Succeed,

    /// <summary>SCAN_FAIL.</summary>
    Fail,

    /// <summary>SCAN_PMD_MAPPED.</summary>
    PmdMapped,

    /// <summary>SCAN_EXCEED_NONE_PTE.</summary>
    ExceedNonePte,

    /// <summary>SCAN_EXCEED_SWAP_PTE.</summary>
    ExceedSwapPte,

    /// <summary>SCAN_EXCEED_SHARED_PTE.</summary>
    ExceedSharedPte,

    /// <summary>SCAN_PTE_UFFD, before SCAN_PTE_UFFD_WP.</summary>
    PteUffd,

    /// <summary>SCAN_PTE_MAPPED_HUGEPAGE.</summary>
    PteMappedHugepage,

    /// <summary>SCAN_LACK_REFERENCED_PAGE.</summary>
    LackReferencedPage,

    /// <summary>SCAN_PAGE_NULL.</summary>
    PageNull,

    /// <summary>SCAN_PAGE_ANON.</summary>
    PageAnon,

    /// <summary>SCAN_PAGE_LAZYFREE.</summary>
    PageLazyfree,

    /// <summary>SCAN_PAGE_LRU.</summary>
    PageLru,

    /// <summary>SCAN_PAGE_LOCK.</summary>
    PageLock,

    /// <summary>SCAN_PAGE_COUNT.</summary>
    PageCount,

    /// <summary>SCAN_ALLOC_HUGE_PAGE_FAIL.</summary>
    AllocHugePageFail,

    /// <summary>SCAN_CGROUP_CHARGE_FAIL, which stands for all results after which nothing more is tried.</summary>
    CgroupChargeFail,
}

/// <summary>Results and their classes.</summary>
public static class ScanResults
{
    /// <summary>The class of an attempt's result (mm/khugepaged.c, mthp_collapse since v18).</summary>
    public static WindowResult ClassOf(ScanResult result) =>
        result switch
        {
            ScanResult.Succeed => WindowResult.Success,
            ScanResult.PteMappedHugepage => WindowResult.MappedHuge,
            ScanResult.AllocHugePageFail => WindowResult.AllocationFailure,
            ScanResult.LackReferencedPage
            or ScanResult.ExceedNonePte
            or ScanResult.ExceedSwapPte
            or ScanResult.ExceedSharedPte
            or ScanResult.PageLock
            or ScanResult.PageCount
            or ScanResult.PageNull
            or ScanResult.PteUffd
            or ScanResult.PageLazyfree => WindowResult.Retry,
            _ => WindowResult.Stop,
        };

    /// <summary>The result that stands for a class where a scenario names the class alone.</summary>
    public static ScanResult Of(WindowResult result) =>
        result switch
        {
            WindowResult.Success => ScanResult.Succeed,
            WindowResult.Retry => ScanResult.PageCount,
            WindowResult.MappedHuge => ScanResult.PteMappedHugepage,
            WindowResult.AllocationFailure => ScanResult.AllocHugePageFail,
            _ => ScanResult.CgroupChargeFail,
        };
}
