using PteCheck.Checking.Scenarios;

namespace PteCheck.Checking.Minimizing;

/// <summary>Passes over the folio that an operation works on: where batches are whole folios, single entries cannot go.</summary>
internal static class FolioPasses
{
    private const int MostTried = 4;

    /// <summary>Half the folio, the first or the second half, as often as it goes.</summary>
    public static void Halve(Shrinker shrinker)
    {
        if (!shrinker.Best.Operation().WorksOnFolio)
        {
            return;
        }

        while (
            shrinker.Try(scenario => KeepHalf(scenario, second: false))
            || shrinker.Try(scenario => KeepHalf(scenario, second: true))
        )
        {
            // Each success made the folio smaller.
        }
    }

    /// <summary>The first entry alone, in the last slot of a table.</summary>
    public static void FirstInLastSlot(Shrinker shrinker)
    {
        if (shrinker.Best.Operation().WorksOnFolio)
        {
            shrinker.Try(scenario =>
            {
                var page = -1;
                scenario.KeepPtes(
                    (pte, _) =>
                    {
                        var first = page < 0 && pte.IsMapping && pte.Folio == scenario.Run.Folio;
                        page = first ? pte.Page : page;
                        return first;
                    }
                );
                var kept = scenario.Window(page, page);
                scenario.Vmas[scenario.Run.Vma].At = scenario.Slots - 1;
                return kept;
            });
        }
    }

    /// <summary>Moves the letters of entries to the first entries that have none.</summary>
    public static void LettersToFront(Shrinker shrinker)
    {
        if (!shrinker.Best.Operation().WorksOnFolio)
        {
            return;
        }

        for (var i = 1; i < shrinker.Best.PteCount; i++)
        {
            var tried = 0;
            for (var j = 0; j < i && tried < MostTried && shrinker.Best.Ptes[i].Bits != 0; j++)
            {
                var (from, to) = (i, j);
                if (shrinker.Best.Ptes[to].Bits == 0)
                {
                    tried++;
                    shrinker.Try(scenario => Exchange(scenario, from, to));
                }
            }
        }
    }

    private static bool KeepHalf(Scenario scenario, bool second)
    {
        int folio = scenario.Run.Folio;
        int order = scenario.Folios[folio].Order;
        if (order == 0)
        {
            return false;
        }

        var smaller = order == 2 ? 0 : order - 1;
        var pages = 1 << smaller;
        var first = second ? (1 << order) - pages : 0;
        scenario.KeepPtes(
            (pte, _) =>
                !pte.HasFolio
                || pte.Folio != folio
                || (pte.FolioPage >= first && pte.FolioPage < first + pages)
        );
        scenario.KeepTlb(tlb =>
            tlb.Folio != folio || (tlb.FolioPage >= first && tlb.FolioPage < first + pages)
        );
        return scenario.Reshape(scenario.Run.Folio, first, smaller);
    }

    private static bool Exchange(Scenario scenario, int from, int to)
    {
        ref var source = ref scenario.Ptes[from];
        ref var target = ref scenario.Ptes[to];
        if (source.Kind != EntryKind.Present || target.Kind != EntryKind.Present)
        {
            return false;
        }

        (source.Bits, target.Bits) = (target.Bits, source.Bits);
        if (target.Has(PteBits.Write) && scenario.Folios[target.Folio].IsAnon)
        {
            scenario.Folios[target.Folio].Exclusive.Set(target.FolioPage, value: true);
        }

        return true;
    }
}
