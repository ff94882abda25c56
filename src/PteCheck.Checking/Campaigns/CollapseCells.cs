using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Checking.Campaigns;

/// <summary>The situations of collapse-file, read off the trace.</summary>
internal static class CollapseCells
{
    /// <summary>Their names: how it ended, and how far it came.</summary>
    public static readonly string[] All =
    [
        "collapse/" + nameof(ScanResult.Succeed),
        "collapse/" + nameof(ScanResult.Fail),
        "collapse/" + nameof(ScanResult.PageCompound),
        "collapse/" + nameof(ScanResult.PageNull),
        "collapse/" + nameof(ScanResult.PteNonPresent),
        "collapse/" + nameof(ScanResult.PteUffd),
        "collapse/" + nameof(ScanResult.VmaCheck),
        "collapse/installed",
        "collapse/empty-table",
        "collapse/no-table",
        "collapse/mapped-whole",
        "collapse/pmd-lock-early",
    ];

    /// <summary>Cells of ranges that a collapse cannot hit: what ends a batch there is a hole, protnone, or the table.</summary>
    public static readonly HashSet<string> Never = new(StringComparer.Ordinal)
    {
        "ended-by/uffd-wp",
        "ended-by/vma",
        "ended-by/range",
        "ended-by/folio",
        "pending/batched-flush",
        "beside/marker",
        "beside/migration",
        "beside/swap",
        "beside/zero",
        "cont/partial",
        "beside/device-exclusive",
        "beside/hwpoison",
        "length/512",
    };

    /// <summary>Names the cells that a case hits.</summary>
    public static void Count(Machine initial, Trace trace, Scenario scenario, Action<string> hit)
    {
        foreach (ref readonly var e in trace.Events)
        {
            if (e.Op == Primitive.ScanResult)
            {
                hit("collapse/" + ((ScanResult)e.A).ToString());
            }
        }

        var vma = scenario.Vmas[scenario.Run.Vma].Flags;
        var armed = (vma & VmaFlags.UffdAny) != 0 && (vma & VmaFlags.Shared) == 0;
        var freed = trace.Calls(Primitive.TableFree) > 0;
        HitIf(trace.Calls(Primitive.AddRmap) > 0, "collapse/installed");
        HitIf(freed && trace.Calls(Primitive.RemoveRmap) == 0, "collapse/empty-table");
        HitIf(scenario.Vmas[scenario.Run.Vma].NoTables, "collapse/no-table");
        HitIf(freed && trace.LongestBatch == initial.Slots, "collapse/mapped-whole");
        HitIf(freed && armed, "collapse/pmd-lock-early");

        void HitIf(bool applies, string name)
        {
            if (applies)
            {
                hit(name);
            }
        }
    }
}
