using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.MthpSelect;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Checking.Campaigns;

/// <summary>The situations of an operation that chooses windows: orders tried, results met, how scans end, what was asked.</summary>
internal static class SelectCells
{
    /// <summary>Orders of windows, 2 to 9.</summary>
    private const int Orders = 8;

    private const string Attempt = "attempt/";
    private const string Order = "order/";
    private const string Scan = "scan/";

    /// <summary>Results that an attempt can come to.</summary>
    private static readonly ScanResult[] OfAttempts =
    [
        ScanResult.Succeed,
        ScanResult.PageCount,
        ScanResult.PteMappedHugepage,
        ScanResult.AllocHugePageFail,
        ScanResult.CgroupChargeFail,
        ScanResult.ExceedNonePte,
        ScanResult.ExceedSwapPte,
        ScanResult.ExceedSharedPte,
    ];

    /// <summary>Results that a scan can end with.</summary>
    private static readonly ScanResult[] OfScans =
    [
        ScanResult.Succeed,
        ScanResult.Fail,
        ScanResult.PmdMapped,
        ScanResult.AllocHugePageFail,
        ScanResult.ExceedNonePte,
        ScanResult.ExceedSwapPte,
        ScanResult.ExceedSharedPte,
        ScanResult.PteUffd,
        ScanResult.LackReferencedPage,
        ScanResult.PageLazyfree,
        ScanResult.PageLock,
        ScanResult.PageCount,
    ];

    /// <summary>All names.</summary>
    public static readonly string[] Names =
    [
        .. OfAttempts.Select(result => Attempt + result),
        .. Enumerable.Range(Windows.MinOrder, Orders).Select(order => Order + (char)('0' + order)),
        .. OfScans.Select(result => Scan + result),
        "orders/all",
        "orders/none",
        "orders/table-alone",
        "orders/without-table",
        "madvise",
        "scanned-again",
        "swapped-in-at-table-order",
        "armed/hole",
    ];

    /// <summary>Names the cells that a case hits.</summary>
    public static void Count(Machine initial, Trace trace, Scenario scenario, Action<string> hit)
    {
        var run = scenario.Run;
        var slots = scenario.Slots;
        var table = 1u << Windows.PmdOrder(slots);
        var armed = (initial.Vmas[run.Vma].Flags & VmaFlags.UffdAny) != 0;
        HitIf(run.Orders == Windows.AllOrders(slots), "orders/all");
        HitIf(run.Orders == 0, "orders/none");
        HitIf(run.Orders == table, "orders/table-alone");
        HitIf(run.Orders != 0 && (run.Orders & table) == 0, "orders/without-table");
        HitIf(run.Forced, "madvise");
        HitIf(run.Scans > 1, "scanned-again");
        var swaps = false;
        foreach (ref readonly var pte in scenario.UsedPtes)
        {
            swaps |= pte.Kind == EntryKind.Swap;
        }

        foreach (ref readonly var e in trace.Events)
        {
            if (e.Op == Primitive.CollapseHugePage)
            {
                hit(OfAttempt((ScanResult)e.A));
                hit(OfOrder(e.Nr));
                HitIf(armed && e.B > 0, "armed/hole");
                HitIf(swaps && e.Nr == slots, "swapped-in-at-table-order");
            }
            else if (e.Op == Primitive.CollapseScan)
            {
                var end = Array.IndexOf(OfScans, (ScanResult)e.A);
                HitIf(end >= 0, Names[OfAttempts.Length + Orders + Math.Max(end, 0)]);
            }
        }

        void HitIf(bool applies, string name)
        {
            if (applies)
            {
                hit(name);
            }
        }
    }

    private static string OfAttempt(ScanResult result) => Names[Array.IndexOf(OfAttempts, result)];

    private static string OfOrder(int pages) =>
        Names[OfAttempts.Length + int.Log2(pages) - Windows.MinOrder];
}
