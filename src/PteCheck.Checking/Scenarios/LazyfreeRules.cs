using PteCheck.Model.Machines;

namespace PteCheck.Checking.Scenarios;

/// <summary>What reclaim has seen to before it unmaps a lazyfree folio.</summary>
public static class LazyfreeRules
{
    /// <summary>The rules in order.</summary>
    public static readonly IReadOnlyList<ReachabilityRule> All =
    [
        new(
            "RS58",
            "lazyfree-unmap is called for a mapped lazyfree folio that is locked and of which the caller holds a reference (locked: true, extra-refs: 1 or more).",
            "mm/vmscan.c, shrink_folio_list and isolate_lru_folios",
            Target
        ),
        new(
            "RS59",
            "In one VMA the pages of the folio lie in order: page k of it lies k pages after page 0.",
            "mm/rmap.c, vma_address; mremap keeps vm_pgoff",
            InOrder
        ),
    ];

    private static Offender? Target(Scenario s)
    {
        if (!s.Operation().WorksOnFolio)
        {
            return null;
        }

        if (s.Run.Folio < 0 || s.Run.Folio >= s.FolioCount)
        {
            return new(OffenderKind.Scenario, 0);
        }

        ref readonly var folio = ref s.Folios[s.Run.Folio];
        var good = folio.Kind == FolioKind.Lazyfree && folio.Locked && folio.ExtraRefs >= 1;
        return good && IsMapped(s) ? null : new Offender(OffenderKind.Folio, s.Run.Folio);
    }

    private static bool IsMapped(Scenario s)
    {
        foreach (ref readonly var pte in s.UsedPtes)
        {
            if (pte.IsMapping && pte.Folio == s.Run.Folio)
            {
                return true;
            }
        }

        return false;
    }

    private static Offender? InOrder(Scenario s)
    {
        if (!s.Operation().WorksOnFolio)
        {
            return null;
        }

        int vma = -1,
            shift = 0;
        for (var i = 0; i < s.PteCount; i++)
        {
            ref readonly var pte = ref s.Ptes[i];
            if (!pte.HasFolio || pte.Folio != s.Run.Folio)
            {
                continue;
            }

            if (pte.Vma == vma && pte.Page - pte.FolioPage != shift)
            {
                return new(OffenderKind.Pte, i);
            }

            vma = pte.Vma;
            shift = pte.Page - pte.FolioPage;
        }

        return null;
    }
}
