namespace PteCheck.Checking.Scenarios;

/// <summary>What a page is that GUP has pinned.</summary>
public static class PinRules
{
    /// <summary>The rules in order.</summary>
    public static readonly IReadOnlyList<ReachabilityRule> All =
    [
        new(
            "RS60",
            "A pinned anonymous page is exclusive. The pins of a folio (pins: 1) are those of its first mapped pages.",
            "mm/gup.c, gup_must_unshare; mm/memory.c, copy_present_ptes copies a page that may be pinned",
            PinnedIsExclusive
        ),
    ];

    /// <summary>
    /// The first mapped page of a folio, which the first pin of the initial state is of; null where it has none.
    /// </summary>
    internal static PteSpec? FirstMapped(Scenario s, int folio)
    {
        foreach (ref readonly var pte in s.UsedPtes)
        {
            if (pte.Kind == EntryKind.Present && pte.Folio == folio)
            {
                return pte;
            }
        }

        return null;
    }

    private static Offender? PinnedIsExclusive(Scenario s)
    {
        for (var i = 0; i < s.FolioCount; i++)
        {
            if (s.Folios[i].Pins > 0 && s.Folios[i].IsAnon && !FirstAreExclusive(s, i))
            {
                return new(OffenderKind.Folio, i);
            }
        }

        return null;
    }

    private static bool FirstAreExclusive(Scenario s, int folio)
    {
        ref readonly var spec = ref s.Folios[folio];
        var left = spec.Pins;
        foreach (ref readonly var pte in s.UsedPtes)
        {
            if (left > 0 && pte.Kind == EntryKind.Present && pte.Folio == folio)
            {
                left--;
                if (!spec.Exclusive.Has(pte.FolioPage))
                {
                    return false;
                }
            }
        }

        return true;
    }
}
