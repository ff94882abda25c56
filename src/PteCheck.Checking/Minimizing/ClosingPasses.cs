using PteCheck.Checking.Scenarios;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Minimizing;

/// <summary>Passes that let the entries of a folio move up, where each page of it has its place in a VMA.</summary>
internal static class ClosingPasses
{
    /// <summary>
    /// The folio's mapped pages one behind the other, in its pages and in those of its VMAs: what lies in
    /// between goes, or goes behind them. Either the first page stays where it is or the last.
    /// </summary>
    public static void CloseHoles(Shrinker shrinker)
    {
        if (shrinker.Best.Operation().WorksOnFolio)
        {
            _ =
                shrinker.Try(scenario => Close(scenario, toEnd: false))
                || shrinker.Try(scenario => Close(scenario, toEnd: true))
                || shrinker.Try(scenario =>
                    PutOthersLast(scenario) && Close(scenario, toEnd: false)
                )
                || shrinker.Try(scenario =>
                    PutOthersLast(scenario) && Close(scenario, toEnd: true)
                );
        }
    }

    /// <summary>One entry fewer in each of two VMAs: where the numbers must stay in step, none can go alone.</summary>
    public static void DropAcrossVmas(Shrinker shrinker)
    {
        while (
            shrinker.Best is { VmaCount: 2 }
            && shrinker.Best.Operation().WorksOnFolio
            && (
                shrinker.Try(scenario => DropFromBoth(scenario, last: false))
                || shrinker.Try(scenario => DropFromBoth(scenario, last: true))
            )
        )
        {
            // Each success made both shorter.
        }
    }

    /// <summary>Two VMAs of one mm become one.</summary>
    public static void JoinVmas(Shrinker shrinker)
    {
        if (shrinker.Best is { VmaCount: 2 } && shrinker.Best.Operation().WorksOnFolio)
        {
            shrinker.Try(Join);
        }
    }

    /// <summary>Pages of the folio in place of its device-exclusive entries.</summary>
    public static void PresentPages(Shrinker shrinker)
    {
        for (var i = 0; i < shrinker.Best.PteCount; i++)
        {
            var index = i;
            shrinker.Try(scenario =>
            {
                ref var pte = ref scenario.Ptes[index];
                var other = pte.Kind == EntryKind.DeviceExclusive;
                pte.Kind = other ? EntryKind.Present : pte.Kind;
                return other && scenario.IsTarget(pte.Folio);
            });
        }
    }

    /// <summary>The folio's entries first, those of others behind them.</summary>
    public static void OthersBehind(Shrinker shrinker)
    {
        if (shrinker.Best is { VmaCount: 1, TlbCount: 0 } && shrinker.Best.Operation().WorksOnFolio)
        {
            shrinker.Try(scenario =>
            {
                var before = scenario.UsedPtes.ToArray();
                var target = scenario.Run.Folio;
                var next = 0;
                PteSpec[] ordered =
                [
                    .. before.OrderBy(pte => pte.HasFolio && pte.Folio == target ? 0 : 1),
                ];
                foreach (var pte in ordered)
                {
                    scenario.Ptes[next] = pte with { Page = (short)next };
                    next++;
                }

                scenario.MoveSteps(ordered);
                return next > 0 && scenario.Window(0, next - 1);
            });
        }
    }

    /// <summary>The folio's entries first in the list, pages as they were; false where they are already.</summary>
    private static bool PutOthersLast(Scenario scenario)
    {
        var before = scenario.UsedPtes.ToArray();
        PteSpec[] ordered =
        [
            .. before.OrderBy(pte => pte.HasFolio && scenario.IsTarget(pte.Folio) ? 0 : 1),
        ];
        ordered.CopyTo(scenario.UsedPtes);
        return scenario.VmaCount == 1 && !ordered.AsSpan().SequenceEqual(before);
    }

    private static bool Join(Scenario scenario)
    {
        var before = scenario.Vmas[0].Pages;
        if (scenario.Vmas[0].Mm != scenario.Vmas[1].Mm)
        {
            return false;
        }

        foreach (ref var pte in scenario.UsedPtes)
        {
            pte.Page += pte.Vma == 1 ? (short)before : (short)0;
            pte.Vma = 0;
        }

        foreach (ref var tlb in scenario.UsedTlb)
        {
            tlb.Page += tlb.Vma == 1 ? (short)before : (short)0;
            tlb.Vma = 0;
        }

        foreach (ref var step in scenario.UsedSteps)
        {
            step.Page += step.Vma == 1 ? (short)before : (short)0;
            step.AnchorPage += step.AnchorVma == 1 ? (short)before : (short)0;
            (step.Vma, step.AnchorVma) = (0, 0);
        }

        scenario.Vmas[0].Pages += scenario.Vmas[1].Pages;
        scenario.VmaCount = 1;
        return true;
    }

    private static bool DropFromBoth(Scenario scenario, bool last)
    {
        var left = IndexIn(scenario, 0, last: false);
        var right = IndexIn(scenario, 1, last);
        return left >= 0
            && right >= 0
            && scenario.KeepPtes((_, index) => index != left && index != right)
            && Close(scenario, toEnd: false);
    }

    private static int IndexIn(Scenario scenario, int vma, bool last)
    {
        var found = -1;
        for (var i = 0; i < scenario.PteCount && (last || found < 0); i++)
        {
            found = scenario.Ptes[i].Vma == vma && IsOfTarget(scenario, i) ? i : found;
        }

        return found;
    }

    private static bool Close(Scenario scenario, bool toEnd)
    {
        var before = scenario.UsedPtes.ToArray();
        var places = Places(scenario);
        if (places.Count == 0)
        {
            return false;
        }

        var first = toEnd ? places[^1] - places.Count + 1 : places[0];
        ref var folio = ref scenario.Folios[scenario.Run.Folio];
        var exclusive = default(PageSet);
        Span<short> next = stackalloc short[Machine.MaxVmas];
        next.Clear();
        for (var i = 0; i < scenario.PteCount; i++)
        {
            ref var pte = ref scenario.Ptes[i];
            pte.Page = next[pte.Vma]++;
            if (IsOfTarget(scenario, i))
            {
                var place = (short)(first + places.IndexOf(pte.FolioPage));
                exclusive.Set(place, folio.Exclusive.Has(pte.FolioPage));
                pte.FolioPage = place;
            }
        }

        folio.Exclusive = exclusive;
        scenario.MoveSteps(before);
        var pages = next[scenario.Run.Vma];
        return MoveTlb(scenario, before) && pages > 0 && scenario.Window(0, pages - 1);
    }

    /// <summary>Lets stale translations follow the entries that they were filled from; false for those of none.</summary>
    private static bool MoveTlb(Scenario scenario, PteSpec[] before)
    {
        foreach (ref var tlb in scenario.UsedTlb)
        {
            var (vma, page) = (tlb.Vma, tlb.Page);
            var index = Array.FindIndex(before, pte => pte.Vma == vma && pte.Page == page);
            if (index < 0 || before[index].FolioPage != tlb.FolioPage)
            {
                return false;
            }

            tlb.Page = scenario.Ptes[index].Page;
            tlb.FolioPage = scenario.Ptes[index].FolioPage;
        }

        return true;
    }

    /// <summary>The pages of the folio that entries refer to, in order.</summary>
    private static List<short> Places(Scenario scenario)
    {
        var places = new SortedSet<short>();
        for (var i = 0; i < scenario.PteCount; i++)
        {
            if (IsOfTarget(scenario, i))
            {
                places.Add(scenario.Ptes[i].FolioPage);
            }
        }

        return [.. places];
    }

    private static bool IsOfTarget(Scenario scenario, int index) =>
        scenario.Ptes[index].HasFolio && scenario.IsTarget(scenario.Ptes[index].Folio);
}
