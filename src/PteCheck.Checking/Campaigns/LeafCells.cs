using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Traces;

namespace PteCheck.Checking.Campaigns;

/// <summary>The situations of operations on leaves, read off the trace.</summary>
internal static class LeafCells
{
    private static readonly string[] OfFree =
    [
        "leaf/marked-lazyfree",
        "leaf/made-old-and-clean",
        "leaf/was-old-and-clean",
        "leaf/folio-locked",
        "leaf/folio-shared",
    ];

    private static readonly string[] OfZap =
    [
        "leaf/zapped",
        "leaf/two-zapped",
        "leaf/folio-freed",
        "leaf/folio-kept",
    ];

    private const string None = "leaf/none";

    /// <summary>Their names.</summary>
    public static readonly string[] All = [.. OfFree, .. OfZap, None];

    /// <summary>Whether an operation on leaves comes into a situation of these.</summary>
    public static bool BelongsTo(string name, IOperation operation) =>
        name == None || (operation.Empties ? OfZap : OfFree).Contains(name, StringComparer.Ordinal);

    /// <summary>Names the cells that a case hits.</summary>
    public static void Count(Trace trace, Scenario scenario, Action<string> hit)
    {
        if (scenario.PteCount == 0)
        {
            hit(None);
        }

        if (scenario.Operation().Empties)
        {
            CountZap(trace, hit);
        }
        else
        {
            CountFree(trace, scenario, hit);
        }
    }

    private static void CountFree(Trace trace, Scenario scenario, Action<string> hit)
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

        void HitIf(bool applies, string name)
        {
            if (applies)
            {
                hit(name);
            }
        }
    }

    private static void CountZap(Trace trace, Action<string> hit)
    {
        var (zapped, freed) = (0, 0);
        foreach (ref readonly var e in trace.Events)
        {
            zapped += e is { Op: Primitive.PmdStore, Actor: 0 } ? 1 : 0;
            freed += e is { Op: Primitive.FolioFree, Actor: 0 } ? 1 : 0;
        }

        HitIf(zapped > 0, "leaf/zapped");
        HitIf(zapped > 1, "leaf/two-zapped");
        HitIf(freed > 0, "leaf/folio-freed");
        HitIf(freed < zapped, "leaf/folio-kept");

        void HitIf(bool applies, string name)
        {
            if (applies)
            {
                hit(name);
            }
        }
    }
}
