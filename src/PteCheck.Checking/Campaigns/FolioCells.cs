using PteCheck.Checking.Scenarios;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Checking.Campaigns;

/// <summary>The situations of an operation that works on a folio: what became of it, how it was mapped, how it was flushed.</summary>
internal static class FolioCells
{
    /// <summary>Their names.</summary>
    public static readonly string[] All =
    [
        "folio/freed",
        "folio/kept-in-part",
        "folio/restored",
        "folio/in-two-vmas",
        "folio/from-the-middle",
        "folio/straddles-a-table",
        "folio/device-exclusive",
        "folio/droppable",
        "flush/deferred",
        "flush/immediate",
        "flush/pending-elsewhere",
    ];

    /// <summary>Names the cells that a case hits.</summary>
    public static void Count(Machine initial, Trace trace, Scenario scenario, Action<string> hit)
    {
        var restored = trace.Calls(Primitive.SetPtes) > 0;
        var freed = trace.Calls(Primitive.FolioFree) > 0;
        hit(scenario.Run.Deferred ? "flush/deferred" : "flush/immediate");
        HitIf(freed, "folio/freed");
        HitIf(restored, "folio/restored");
        HitIf(restored && trace.Calls(Primitive.RemoveRmap) > 0, "folio/kept-in-part");
        HitIf(scenario.TlbFlushPending[0] > 0, "flush/pending-elsewhere");
        CountMapping(initial, scenario, hit);

        void HitIf(bool applies, string name)
        {
            if (applies)
            {
                hit(name);
            }
        }
    }

    private static void CountMapping(Machine initial, Scenario scenario, Action<string> hit)
    {
        int first = -1,
            lastVma = -1;
        uint table = 0;
        bool straddles = false,
            exclusive = false,
            two = false;
        foreach (ref readonly var pte in scenario.UsedPtes)
        {
            if (!pte.IsMapping || !scenario.IsTarget(pte.Folio))
            {
                continue;
            }

            var at = (initial.Vmas[pte.Vma].Start + (uint)pte.Page) / (uint)initial.Slots;
            straddles |= pte.Vma == lastVma && at != table;
            two |= lastVma >= 0 && pte.Vma != lastVma;
            exclusive |= pte.Kind == EntryKind.DeviceExclusive;
            first = first < 0 ? pte.FolioPage : first;
            table = at;
            lastVma = pte.Vma;
        }

        foreach (
            var (applies, name) in (ReadOnlySpan<(bool, string)>)
                [
                    (first > 0, "folio/from-the-middle"),
                    (straddles, "folio/straddles-a-table"),
                    (two, "folio/in-two-vmas"),
                    (exclusive, "folio/device-exclusive"),
                    (initial.Vmas[scenario.Run.Vma].Has(VmaFlags.Droppable), "folio/droppable"),
                ]
        )
        {
            if (applies)
            {
                hit(name);
            }
        }
    }
}
