using PteCheck.Checking.Scenarios;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Minimizing;

/// <summary>The pass that makes folios plain: no flags and no pins, few pages, no page exclusive that need not be.</summary>
internal static class PlainFolioPasses
{
    /// <summary>Makes each folio plain, small, and used from its first page on.</summary>
    public static void PlainFolios(Shrinker shrinker)
    {
        for (var i = 0; i < shrinker.Best.FolioCount; i++)
        {
            var folio = i;
            shrinker.Try(scenario => Plain(scenario, folio, FolioKind.Anon, pins: 0));
            shrinker.Try(scenario => Plain(scenario, folio, scenario.Folios[folio].Kind, pins: 0));
            shrinker.Try(scenario => Plain(scenario, folio, scenario.Folios[folio].Kind, pins: 1));
            if (!shrinker.Best.IsInPageCache(folio))
            {
                Reshape(shrinker, folio);
            }

            ClearExclusive(shrinker, folio);
        }
    }

    private static bool Plain(Scenario scenario, int folio, FolioKind kind, int pins)
    {
        ref var spec = ref scenario.Folios[folio];
        if (spec.Pins < pins)
        {
            return false;
        }

        var before = spec;
        var target = scenario.IsTarget(folio);
        spec = new()
        {
            Order = spec.Order,
            Kind = kind,
            Locked = target,
            ExtraRefs = target ? 1 : 0,
            Pins = pins,
            FilePage = -1,
            Pfn = spec.Pfn,
            Exclusive = spec.Exclusive,
        };
        return spec != before;
    }

    private static void Reshape(Shrinker shrinker, int folio)
    {
        var (low, _) = shrinker.Best.UsedPages(folio);
        shrinker.Try(scenario => scenario.Reshape(folio, low, scenario.Folios[folio].Order));
        for (var order = 0; order < shrinker.Best.Folios[folio].Order; order++)
        {
            var smaller = order;
            var (first, last) = shrinker.Best.UsedPages(folio);
            var aligned = first & ~((1 << order) - 1);
            if (
                last - first < 1 << order
                && (
                    shrinker.Try(scenario => scenario.Reshape(folio, first, smaller))
                    || shrinker.Try(scenario => scenario.Reshape(folio, aligned, smaller))
                )
            )
            {
                return;
            }
        }
    }

    private static void ClearExclusive(Shrinker shrinker, int folio)
    {
        var pages = shrinker.Best.Folios[folio].Exclusive;
        if (
            pages.Count == 0
            || shrinker.Try(scenario => SetExclusive(scenario, folio, default))
            || shrinker.Try(scenario => SetExclusive(scenario, folio, Needed(scenario, folio)))
        )
        {
            return;
        }

        for (var page = 0; page < shrinker.Best.Folios[folio].Pages; page++)
        {
            var dropped = page;
            shrinker.Try(scenario =>
            {
                var left = scenario.Folios[folio].Exclusive;
                left.Set(dropped, value: false);
                return SetExclusive(scenario, folio, left);
            });
        }
    }

    /// <summary>The pages that must be exclusive because an entry says so.</summary>
    private static PageSet Needed(Scenario scenario, int folio)
    {
        var pages = default(PageSet);
        foreach (ref readonly var pte in scenario.UsedPtes)
        {
            var needs = pte.Has(PteBits.Write) || pte.Kind == EntryKind.DeviceExclusive;
            if (pte.HasFolio && pte.Folio == folio && needs)
            {
                pages.Set(pte.FolioPage, value: true);
            }
        }

        if (scenario.Folios[folio].Pins > 0 && PinRules.FirstMapped(scenario, folio) is { } pinned)
        {
            pages.Set(pinned.FolioPage, value: true);
        }

        return pages;
    }

    private static bool SetExclusive(Scenario scenario, int folio, PageSet pages)
    {
        var changed = !scenario.Folios[folio].Exclusive.Equals(pages);
        scenario.Folios[folio].Exclusive = pages;
        return changed;
    }
}
