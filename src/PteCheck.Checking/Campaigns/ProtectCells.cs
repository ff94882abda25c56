using PteCheck.Kernel.Mprotect;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Checking.Campaigns;

/// <summary>The situations of mprotect: each mode and right, and what became of entries, read off the trace.</summary>
internal static class ProtectCells
{
    /// <summary>All of them.</summary>
    public static readonly string[] All =
    [
        "protect/to-none",
        "protect/to-r",
        "protect/to-rw",
        "protect/to-rx",
        "protect/to-rwx",
        "protect/same-rights",
        "protect/numa",
        "protect/uffd-wp",
        "protect/uffd-resolve",
        "protect/part-of-a-vma",
        "protect/upgraded-private",
        "protect/upgraded-shared",
        "protect/sub-batches",
        "protect/passed-over",
        "protect/protnone-accessible",
        "protect/marker-left",
        "protect/marker-dropped",
        "protect/migration-downgraded",
        "protect/nested-gather",
        "protect/nothing-to-flush",
    ];

    /// <summary>Names the cells that a case hits.</summary>
    public static void Count<TArch>(
        Machine initial,
        Trace trace,
        in OperationCall call,
        Action<string> hit
    )
        where TArch : struct, IArch
    {
        ref readonly var vma = ref initial.Vmas[call.Vma];
        var same = call.Mode == ProtectMode.Protect && RightsOf(vma.Flags) == RightsOf(call.Rights);
        hit("protect/" + (same ? "same-rights" : RightsOrMode(call)));
        HitIf(call.Pages < vma.Pages, "part-of-a-vma");
        HitIf(initial.Mms[call.Mm].TlbFlushPending > 0, "nested-gather");
        var flushes = trace.Calls(Primitive.TlbFlushRange) + trace.Calls(Primitive.TlbFlushMm);
        HitIf(trace.Batches > 0 && flushes == 0, "nothing-to-flush");
        HitIf(
            call.Mode == ProtectMode.Numa && PassesOver<TArch>(initial, trace, call),
            "passed-over"
        );
        int start = 0,
            end = 0,
            last = -1;
        foreach (ref readonly var e in trace.Events)
        {
            if (e.Op == Primitive.GetAndClearPtes)
            {
                (start, end, last) = (e.Slot, e.Slot + e.Nr, -1);
            }
            else if (e.Op == Primitive.PteStore && !e.ByArch)
            {
                CountStore<TArch>(initial, vma, e, hit);
                var stored = TArch.PtePresent(new(e.B)) && e.Slot >= start && e.Slot < end;
                var write = TArch.PteWrite(new(e.B), initial.Context) ? 1 : 0;
                HitIf(stored && last >= 0 && last != write, "sub-batches");
                last = stored ? write : last;
            }
        }

        void HitIf(bool applies, string name)
        {
            if (applies)
            {
                hit("protect/" + name);
            }
        }
    }

    private static void CountStore<TArch>(
        Machine initial,
        in Vma vma,
        in TraceEvent e,
        Action<string> hit
    )
        where TArch : struct, IArch
    {
        ref readonly var table = ref initial.Tables[e.Table];
        var before = initial.PteAt(table.Mm, table.BaseVpn + (uint)e.Slot);
        var after = new Pte(e.B);
        if (TArch.PteNone(after))
        {
            HitIf(!TArch.PteNone(before) && !TArch.PtePresent(before), "marker-dropped");
            return;
        }

        if (!TArch.PtePresent(after))
        {
            HitIf(TArch.PteNone(before), "marker-left");
            var migration =
                !TArch.PteNone(before) && TArch.SwpType(before) == SwapType.MigrationWrite;
            HitIf(migration, "migration-downgraded");
            return;
        }

        HitIf(TArch.PteProtnone(before) && !TArch.PteProtnone(after), "protnone-accessible");
        var context = initial.Context;
        var upgraded = !TArch.PteWrite(before, context) && TArch.PteWrite(after, context);
        HitIf(upgraded, vma.Has(VmaFlags.Shared) ? "upgraded-shared" : "upgraded-private");

        void HitIf(bool applies, string name)
        {
            if (applies)
            {
                hit("protect/" + name);
            }
        }
    }

    /// <summary>Whether fewer entries were changed than a scan could have made protnone.</summary>
    private static bool PassesOver<TArch>(Machine initial, Trace trace, in OperationCall call)
        where TArch : struct, IArch
    {
        var accessible = 0;
        for (var vpn = call.Vpn; vpn < call.Vpn + call.Pages; vpn++)
        {
            var pte = initial.PteAt(call.Mm, vpn);
            accessible += TArch.PtePresent(pte) && !TArch.PteProtnone(pte) ? 1 : 0;
        }

        foreach (ref readonly var e in trace.Events)
        {
            accessible -= e.Op == Primitive.GetAndClearPtes ? e.Nr : 0;
        }

        return accessible > 0;
    }

    private static string RightsOrMode(in OperationCall call) =>
        call.Mode switch
        {
            ProtectMode.Numa => "numa",
            ProtectMode.UffdWp => "uffd-wp",
            ProtectMode.UffdResolve => "uffd-resolve",
            _ => "to-" + Letters(call.Rights),
        };

    private static string Letters(VmaFlags rights)
    {
        var letters =
            ((rights & VmaFlags.Read) != 0 ? "r" : "")
            + ((rights & VmaFlags.Write) != 0 ? "w" : "")
            + ((rights & VmaFlags.Exec) != 0 ? "x" : "");
        return letters.Length == 0 ? "none" : letters;
    }

    private static VmaFlags RightsOf(VmaFlags flags) =>
        flags & (VmaFlags.Read | VmaFlags.Write | VmaFlags.Exec);
}
