namespace PteCheck.Checking.Scenarios;

/// <summary>What stands behind a VMA when collapse-file is called for it.</summary>
public static class CollapseRules
{
    /// <summary>The rules in order.</summary>
    public static readonly IReadOnlyList<ReachabilityRule> All =
    [
        new(
            "RS61",
            "What collapse-file finds in the page cache is a folio of the VMA's file that nobody keeps locked.",
            "mm/khugepaged.c, try_collapse_pte_mapped_thp: filemap_lock_folio",
            Target
        ),
    ];

    private static Offender? Target(Scenario s)
    {
        if (!s.Operation().CollapsesFile || s.Run.Folio < 0)
        {
            return null;
        }

        if (s.Run.Folio >= s.FolioCount)
        {
            return new(OffenderKind.Scenario, 0);
        }

        var good = CollapseTarget.OfFile(s, s.Run.Folio) && !s.Folios[s.Run.Folio].Locked;
        return good ? null : new Offender(OffenderKind.Folio, s.Run.Folio);
    }
}
