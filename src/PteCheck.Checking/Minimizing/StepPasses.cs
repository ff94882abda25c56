using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Interference;

namespace PteCheck.Checking.Minimizing;

/// <summary>Passes over the steps of others: none, else fewer, then the plainest actor, page and anchor of each.</summary>
internal static class StepPasses
{
    private static readonly AnchorEvent[] Events =
    [
        AnchorEvent.RefCheck,
        AnchorEvent.Copy,
        AnchorEvent.DirtyCheck,
        AnchorEvent.Clear,
        AnchorEvent.Set,
        AnchorEvent.FolioFree,
        AnchorEvent.Flush,
        AnchorEvent.DeferFlush,
        AnchorEvent.BetweenScans,
        AnchorEvent.UnlockPtl,
        AnchorEvent.LockPtl,
        AnchorEvent.MapCheck,
        AnchorEvent.MarkDirty,
        AnchorEvent.Rmap,
        AnchorEvent.Put,
        AnchorEvent.ClearPmd,
        AnchorEvent.SetPmd,
        AnchorEvent.UnlockPmd,
        AnchorEvent.LockPmd,
        AnchorEvent.UnlockFolio,
        AnchorEvent.LockFolio,
        AnchorEvent.TableFree,
        AnchorEvent.TableSync,
    ];

    /// <summary>Anchors from the plainest on: the ends of the run, after an event, before one.</summary>
    private static readonly (AnchorEvent Event, AnchorSide Side)[] Anchors =
    [
        (AnchorEvent.Start, AnchorSide.After),
        (AnchorEvent.End, AnchorSide.After),
        .. Events.Select(anchor => (anchor, AnchorSide.After)),
        .. Events.Select(anchor => (anchor, AnchorSide.Before)),
    ];

    /// <summary>Drops all steps, then each by itself, the last first.</summary>
    public static void Drop(Shrinker shrinker)
    {
        if (shrinker.Best.StepCount == 0 || shrinker.Try(scenario => Clear(scenario)))
        {
            return;
        }

        for (var i = shrinker.Best.StepCount - 1; i >= 0; i--)
        {
            var dropped = i;
            shrinker.Try(scenario => scenario.KeepSteps((_, index) => index != dropped));
        }
    }

    /// <summary>
    /// All steps and anchors at the page of one of them, whose entry is the only one left: what happened at a
    /// later turn of a loop happens at its first.
    /// </summary>
    public static void OnePage(Shrinker shrinker)
    {
        for (var i = 0; i < shrinker.Best.StepCount && shrinker.Best.PteCount > 1; i++)
        {
            var index = i;
            shrinker.Try(scenario =>
            {
                var (vma, page) = (scenario.Steps[index].Vma, scenario.Steps[index].Page);
                Each(
                    scenario,
                    (ref StepSpec step) =>
                    {
                        (step.Vma, step.Page, step.Occurrence) = (vma, page, 1);
                        (step.AnchorVma, step.AnchorPage) = (vma, page);
                    }
                );
                return scenario.KeepPtes((pte, _) => pte.Vma == vma && pte.Page == page);
            });
        }
    }

    /// <summary>Simplifies what is left of them.</summary>
    public static void Plain(Shrinker shrinker)
    {
        if (shrinker.Best.StepCount == 0)
        {
            return;
        }

        PlainActors(shrinker);
        PlainPages(shrinker);
        PlainAnchors(shrinker);
        Sort(shrinker);
    }

    private static bool Clear(Scenario scenario)
    {
        scenario.StepCount = 0;
        return true;
    }

    /// <summary>CPU 1, no walk by force, and a load in place of a store.</summary>
    private static void PlainActors(Shrinker shrinker)
    {
        shrinker.Try(scenario => Each(scenario, ToCpu1));
        for (var i = 0; i < shrinker.Best.StepCount; i++)
        {
            var index = i;
            shrinker.Try(scenario => One(scenario, index, ToCpu1));
            shrinker.Try(scenario =>
                One(scenario, index, (ref StepSpec step) => step.Fresh = false)
            );
            shrinker.Try(scenario =>
                One(
                    scenario,
                    index,
                    (ref StepSpec step) =>
                        step.Verb = step.Verb == StepVerb.Store ? StepVerb.Load : step.Verb
                )
            );
            shrinker.Try(scenario => One(scenario, index, (ref StepSpec step) => step.Pages = 1));
        }
    }

    /// <summary>The first page of the range, for all steps at once and then for each.</summary>
    private static void PlainPages(Shrinker shrinker)
    {
        shrinker.Try(scenario => Each(scenario, ToFirstPage(scenario)));
        shrinker.Try(scenario => Each(scenario, ToFirstAnchorPage(scenario)));
        for (var i = 0; i < shrinker.Best.StepCount; i++)
        {
            var index = i;
            shrinker.Try(scenario => One(scenario, index, ToFirstPage(scenario)));
            shrinker.Try(scenario => One(scenario, index, ToFirstAnchorPage(scenario)));
        }
    }

    /// <summary>
    /// The plainest anchor that all steps can share; else that as many as possible share from the first one
    /// on, and then the others. A list of steps at few places is read at a glance.
    /// </summary>
    private static void PlainAnchors(Shrinker shrinker)
    {
        var first = 0;
        while (first < shrinker.Best.StepCount)
        {
            var end = shrinker.Best.StepCount;
            while (end > first && !ShareAnchor(shrinker, first, end))
            {
                end--;
            }

            first = Math.Max(end, first + 1);
        }
    }

    /// <summary>Whether the steps from <paramref name="first"/> on stand at one anchor, the plainest that they can share.</summary>
    private static bool ShareAnchor(Shrinker shrinker, int first, int end)
    {
        for (var rank = 0; rank < Anchors.Length; rank++)
        {
            var plain = rank;
            if (
                AreAt(shrinker.Best, first, end, plain)
                || shrinker.Try(scenario => Some(scenario, first, end, ToAnchor(scenario, plain)))
            )
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Steps that may as well come in another order come in the order of their verbs.</summary>
    private static void Sort(Shrinker shrinker)
    {
        for (var i = 1; i < shrinker.Best.StepCount; i++)
        {
            for (var j = i; j > 0; j--)
            {
                var at = j;
                if (
                    shrinker.Best.Steps[at - 1].Verb <= shrinker.Best.Steps[at].Verb
                    || !shrinker.Try(scenario => Swap(scenario, at))
                )
                {
                    break;
                }
            }
        }
    }

    private static bool Swap(Scenario scenario, int at)
    {
        (scenario.Steps[at - 1], scenario.Steps[at]) = (scenario.Steps[at], scenario.Steps[at - 1]);
        return true;
    }

    private static bool AreAt(Scenario scenario, int first, int end, int rank)
    {
        var same = true;
        for (var i = first; i < end; i++)
        {
            ref readonly var step = ref scenario.Steps[i];
            same &= (step.Event, step.Side) == Anchors[rank] && step.Occurrence == 1;
            same &=
                !step.HasAnchorPage
                || (step.AnchorVma, step.AnchorPage)
                    == (scenario.Steps[first].AnchorVma, scenario.Steps[first].AnchorPage);
        }

        return same;
    }

    private static void ToCpu1(ref StepSpec step) =>
        step.Actor = step.Actor == InterferenceStep.Device ? step.Actor : (byte)1;

    private static Change ToFirstPage(Scenario scenario)
    {
        var (vma, page) = FirstPage(scenario);
        return (ref StepSpec step) => (step.Vma, step.Page) = (vma, page);
    }

    private static Change ToFirstAnchorPage(Scenario scenario)
    {
        var (vma, page) = FirstPage(scenario);
        return (ref StepSpec step) =>
        {
            if (step.HasAnchorPage)
            {
                (step.AnchorVma, step.AnchorPage) = (vma, page);
            }
        };
    }

    private static Change ToAnchor(Scenario scenario, int rank)
    {
        var (vma, page) = FirstPage(scenario);
        return (ref StepSpec step) =>
        {
            var hadPage = step.HasAnchorPage;
            (step.Event, step.Side) = Anchors[rank];
            step.Occurrence = 1;
            if (!hadPage)
            {
                (step.AnchorVma, step.AnchorPage) = (vma, page);
            }
        };
    }

    private static (byte Vma, short Page) FirstPage(Scenario scenario)
    {
        foreach (ref readonly var pte in scenario.UsedPtes)
        {
            if (pte.Vma == scenario.Run.Vma && pte.Page >= scenario.Run.First)
            {
                return (pte.Vma, pte.Page);
            }
        }

        return (scenario.Run.Vma, scenario.Run.First);
    }

    private static bool Each(Scenario scenario, Change change) =>
        Some(scenario, 0, scenario.StepCount, change);

    private static bool One(Scenario scenario, int index, Change change) =>
        Some(scenario, index, index + 1, change);

    private static bool Some(Scenario scenario, int first, int end, Change change)
    {
        foreach (ref var step in scenario.Steps.AsSpan(first, end - first))
        {
            change(ref step);
            StepEdits.SettleAnchor(ref step);
        }

        return true;
    }

    private delegate void Change(ref StepSpec step);
}
