using PteCheck.Kernel.Operations;

namespace PteCheck.Kernel.MthpSelect;

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
