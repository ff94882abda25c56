using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Checking.Campaigns;

/// <summary>The situations of collapse-anon, read off the trace: how it ended, and what it found.</summary>
internal static class AnonCells
{
    /// <summary>Their names.</summary>
    public static readonly string[] All =
    [
        .. new[]
        {
            ScanResult.Succeed,
            ScanResult.Fail,
            ScanResult.ExceedNonePte,
            ScanResult.ExceedSwapPte,
            ScanResult.ExceedSharedPte,
            ScanResult.PteNonPresent,
            ScanResult.PteUffd,
            ScanResult.PteMappedHugepage,
            ScanResult.LackReferencedPage,
            ScanResult.PageCount,
            ScanResult.PageLru,
            ScanResult.PageLock,
            ScanResult.PageAnon,
            ScanResult.PageLazyfree,
            ScanResult.AnyProcess,
            ScanResult.VmaNull,
            ScanResult.AddressRange,
            ScanResult.DelPageLru,
            ScanResult.AllocHugePageFail,
            ScanResult.CgroupChargeFail,
            ScanResult.CopyMc,
        }.Select(result => $"anon/{result}"),
        "anon/leaf",
        "anon/window",
        "anon/hole-filled",
        "anon/swapped-in",
        "anon/source-kept",
        "anon/swap-cache",
    ];

    /// <summary>Cells of ranges that a window cannot hit, or as good as never: 17 pages of a folio with a hole behind them.</summary>
    public static readonly HashSet<string> Never = new(StringComparer.Ordinal)
    {
        "ended-by/uffd-wp",
        "ended-by/vma",
        "beside/device-exclusive",
        "beside/hwpoison",
        "pending/batched-flush",
        "cont/partial",
        "cont/full",
        "length/17",
        "length/512",
    };

    /// <summary>Names the cells that a case hits.</summary>
    public static void Count(Machine initial, Trace trace, Scenario scenario, Action<string> hit)
    {
        var succeeded = false;
        foreach (ref readonly var e in trace.Events)
        {
            if (e.Op == Primitive.ScanResult)
            {
                hit($"anon/{(ScanResult)e.A}");
                succeeded = e.A == (ulong)ScanResult.Succeed;
            }
        }

        if (!succeeded)
        {
            return;
        }

        HitIf(scenario.Run.Order == 0, "anon/leaf");
        HitIf(scenario.Run.Order != 0, "anon/window");
        HitIf(trace.Calls(Primitive.ClearPage) > 0, "anon/hole-filled");
        HitIf(trace.Calls(Primitive.SwapFree) > 0, "anon/swapped-in");
        HitIf(IsKept(initial, trace), "anon/source-kept");
        HitIf(UsesSwapCache(initial, trace), "anon/swap-cache");

        void HitIf(bool applies, string name)
        {
            if (applies)
            {
                hit(name);
            }
        }
    }

    /// <summary>Whether a folio lost a mapping and was not freed: it is mapped outside the window, too.</summary>
    private static bool IsKept(Machine initial, Trace trace)
    {
        foreach (ref readonly var e in trace.Events)
        {
            var large =
                e.Op == Primitive.RemoveRmap
                && e.Table < initial.FolioCount
                && initial.Folios[e.Table].Mapcount > e.Nr;
            if (large)
            {
                return true;
            }
        }

        return false;
    }

    private static bool UsesSwapCache(Machine initial, Trace trace)
    {
        foreach (ref readonly var e in trace.Events)
        {
            var cached =
                e.Op == Primitive.RemoveRmap
                && e.Table < initial.FolioCount
                && (initial.Folios[e.Table].Flags & FolioFlags.SwapCache) != 0;
            if (cached)
            {
                return true;
            }
        }

        return false;
    }
}
