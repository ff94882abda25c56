using PteCheck.Checking.Scenarios;
using PteCheck.Model.Traces;

namespace PteCheck.Checking.Campaigns;

/// <summary>The situations of operations on leaves, read off the trace.</summary>
internal static class LeafCells
{
    /// <summary>Their names.</summary>
    public static readonly string[] All =
    [
        "leaf/marked-lazyfree",
        "leaf/made-old-and-clean",
        "leaf/was-old-and-clean",
        "leaf/folio-locked",
        "leaf/folio-shared",
        "leaf/none",
    ];

    /// <summary>Names the cells that a case hits.</summary>
    public static void Count(Trace trace, Scenario scenario, Action<string> hit)
    {
        var (changed, locked) = (false, false);
        foreach (ref readonly var e in trace.Events)
        {
            changed |= e is { Op: Primitive.PmdStore, Actor: 0 };
            locked |= e is { Op: Primitive.FolioLock, Actor: 0 };
            HitIf(e.Op == Primitive.MarkLazyfree, "leaf/marked-lazyfree");
        }

        HitIf(changed, "leaf/made-old-and-clean");
        HitIf(locked && !changed, "leaf/was-old-and-clean");
        HitIf(!locked && scenario.FolioCount > 0 && scenario.Folios[0].Locked, "leaf/folio-locked");
        HitIf(!locked && scenario.Mms > 1, "leaf/folio-shared");
        HitIf(scenario.PteCount == 0, "leaf/none");

        void HitIf(bool applies, string name)
        {
            if (applies)
            {
                hit(name);
            }
        }
    }
}
