using System.Numerics;
using PteCheck.Checking.Scenarios;

namespace PteCheck.Checking.Minimizing;

/// <summary>Passes over a table that goes as a whole: a VMA that covers nothing else, and the smallest table.</summary>
internal static class CollapsePasses
{
    private static readonly int[] Sizes = [8, 16, 32];

    /// <summary>The VMA is the table alone.</summary>
    public static void TableAlone(Shrinker shrinker)
    {
        if (shrinker.Best.Operation().CollapsesFile)
        {
            shrinker.Try(scenario =>
            {
                int first = scenario.Run.First;
                return scenario.Window(first, first + scenario.Run.Pages - 1);
            });
        }
        else if (shrinker.Best.Operation().CollapsesAnon)
        {
            AnonPasses.TableAlone(shrinker);
        }
    }

    /// <summary>A table of fewer slots, with as many of the first or of the last entries, and a folio of its size.</summary>
    public static void SmallerTable(Shrinker shrinker)
    {
        if (shrinker.Best.Operation().CollapsesAnon)
        {
            AnonPasses.SmallerTable(shrinker);
            AnonPasses.PlainCall(shrinker);
            AnonPasses.OneStore(shrinker);
            AnonPasses.OneEntry(shrinker);
            AnonPasses.CloseUp(shrinker);
        }

        if (!shrinker.Best.Operation().CollapsesFile)
        {
            return;
        }

        foreach (var slots in Sizes)
        {
            if (
                slots < shrinker.Best.Slots
                && (
                    shrinker.Try(scenario => Shrink(scenario, slots, fromEnd: false))
                    || shrinker.Try(scenario => Shrink(scenario, slots, fromEnd: true))
                )
            )
            {
                return;
            }
        }
    }

    /// <summary>What is in the page cache becomes plain.</summary>
    public static void PlainTarget(Shrinker shrinker)
    {
        if (!shrinker.Best.Operation().CollapsesFile || shrinker.Best.Run.Folio < 0)
        {
            return;
        }

        shrinker.Try(scenario =>
        {
            ref var folio = ref scenario.Folios[scenario.Run.Folio];
            var changed = folio.Dirty || folio.ExtraRefs > 0 || folio.Pins > 0;
            (folio.Dirty, folio.ExtraRefs, folio.Pins) = (false, 0, 0);
            return changed;
        });
        shrinker.Try(scenario =>
        {
            ref var vma = ref scenario.Vmas[scenario.Run.Vma];
            var missing = vma.NoTables;
            vma.NoTables = false;
            return missing;
        });
        shrinker.Try(scenario =>
        {
            var installs = scenario.Run.Install;
            scenario.Run.Install = false;
            return installs;
        });
    }

    private static bool Shrink(Scenario scenario, int slots, bool fromEnd)
    {
        var run = scenario.Run;
        if (run.Folio < 0 || run.Pages != scenario.Slots || scenario.TlbCount > 0)
        {
            return false;
        }

        var skip = fromEnd ? scenario.Slots - slots : 0;
        var target = run.Folio;
        if (!scenario.Window(run.First + skip, run.First + skip + slots - 1))
        {
            return false;
        }

        scenario.KeepPtes(
            (pte, _) =>
                pte.Vma == scenario.Run.Vma
                || (pte.HasFolio && pte.FolioPage >= skip && pte.FolioPage < skip + slots)
        );
        target = scenario.Run.Folio;
        scenario.Slots = slots;
        scenario.ContPtes = Math.Min(scenario.ContPtes, slots == 8 ? 4 : slots);
        scenario.Vmas[scenario.Run.Vma].At = -1;
        return scenario.Reshape(target, skip, BitOperations.Log2((uint)slots));
    }
}
