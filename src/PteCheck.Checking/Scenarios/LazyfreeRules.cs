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

    /// <summary>Whether the pages of a folio lie in order in each VMA.</summary>
    public static bool IsInOrder(Scenario scenario, int folio) => InOrder(scenario, folio) is null;

    private static Offender? Target(Scenario s)
    {
        for (var i = 0; i < s.RunCount; i++)
        {
            ref readonly var run = ref s.Runs[i];
            if (!run.Of().WorksOnFolio)
            {
                continue;
            }

            if (run.Folio < 0 || run.Folio >= s.FolioCount)
            {
                return new(OffenderKind.Run, i);
            }

            ref readonly var folio = ref s.Folios[run.Folio];
            var good = folio.Kind == FolioKind.Lazyfree && folio.Locked && folio.ExtraRefs >= 1;
            if (!good || !IsMapped(s, run.Folio))
            {
                return new(OffenderKind.Folio, run.Folio);
            }
        }

        return null;
    }

    private static bool IsMapped(Scenario s, int folio)
    {
        foreach (ref readonly var pte in s.UsedPtes)
        {
            if (pte.IsMapping && pte.Folio == folio)
            {
                return true;
            }
        }

        return false;
    }

    private static Offender? InOrder(Scenario s)
    {
        foreach (ref readonly var run in s.UsedRuns)
        {
            if (run.Of().WorksOnFolio && InOrder(s, run.Folio) is { } offender)
            {
                return offender;
            }
        }

        return null;
    }

    private static Offender? InOrder(Scenario s, int folio)
    {
        int vma = -1,
            shift = 0;
        for (var i = 0; i < s.PteCount; i++)
        {
            ref readonly var pte = ref s.Ptes[i];
            if (!pte.HasFolio || pte.Folio != folio)
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
