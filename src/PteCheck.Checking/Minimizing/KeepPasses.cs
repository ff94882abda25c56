using PteCheck.Checking.Scenarios;

namespace PteCheck.Checking.Minimizing;

/// <summary>
/// One reason why reclaim must keep the folio, of the many that there are: the fewest letters, and of
/// two forms with as many the one with fewer references.
/// </summary>
internal static class KeepPasses
{
    private const PteBits AllLetters = (PteBits)byte.MaxValue;

    /// <summary>Its first two entries alone, held by one more reference.</summary>
    public static void HeldPair(Shrinker shrinker)
    {
        if (shrinker.Best.Operation().WorksOnFolio && shrinker.Best.PteCount > 2)
        {
            shrinker.Try(scenario =>
            {
                ref var folio = ref scenario.Folios[scenario.Run.Folio];
                folio.ExtraRefs = 2;
                return scenario.KeepPtes((_, index) => index < 2);
            });
        }
    }

    /// <summary>Held by one more reference, in place of pins, a dirty folio and dirty entries.</summary>
    public static void HeldByReference(Shrinker shrinker)
    {
        if (shrinker.Best.Operation().WorksOnFolio)
        {
            shrinker.Try(scenario =>
            {
                ref var folio = ref scenario.Folios[scenario.Run.Folio];
                var otherwise =
                    folio.Dirty || folio.Pins > 0 || Entries(scenario, PteBits.Dirty) > 0;
                folio.Dirty = false;
                folio.Pins = 0;
                folio.ExtraRefs = 2;
                Clear(scenario, PteBits.Dirty);
                return otherwise;
            });
        }
    }

    /// <summary>Dirty by its second entry alone, in place of a reference and of all other letters.</summary>
    public static void DirtyEntry(Shrinker shrinker)
    {
        if (shrinker.Best.Operation().WorksOnFolio)
        {
            shrinker.Try(scenario =>
            {
                ref var folio = ref scenario.Folios[scenario.Run.Folio];
                var smaller = folio.ExtraRefs > 1 && Entries(scenario, AllLetters) > 0;
                var second = Second(scenario);
                if (!smaller || second < 0)
                {
                    return false;
                }

                folio.ExtraRefs = 1;
                Clear(scenario, AllLetters);
                scenario.Ptes[second].Bits = PteBits.Dirty;
                return true;
            });
        }
    }

    /// <summary>Index of the folio's second present entry; -1 when there is none.</summary>
    private static int Second(Scenario scenario)
    {
        var first = true;
        for (var i = 0; i < scenario.PteCount; i++)
        {
            ref readonly var pte = ref scenario.Ptes[i];
            if (pte.Kind == EntryKind.Present && pte.Folio == scenario.Run.Folio)
            {
                if (!first)
                {
                    return i;
                }

                first = false;
            }
        }

        return -1;
    }

    private static int Entries(Scenario scenario, PteBits letters)
    {
        var entries = 0;
        foreach (ref readonly var pte in scenario.UsedPtes)
        {
            entries += (pte.Bits & letters) != 0 ? 1 : 0;
        }

        return entries;
    }

    private static void Clear(Scenario scenario, PteBits letters)
    {
        foreach (ref var pte in scenario.UsedPtes)
        {
            pte.Bits &= ~letters;
        }
    }
}
