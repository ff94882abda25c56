using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Interference;

namespace PteCheck.Checking.Minimizing;

/// <summary>Passes over the steps of others: none, else fewer, then the plainest actor, page and anchor of each.</summary>
internal static class StepPasses
{
    /// <summary>Anchors from the plainest on: what everybody knows a run by, then the order of a run.</summary>
    private static readonly (AnchorEvent Event, AnchorSide Side)[] Anchors =
    [
        (AnchorEvent.Start, AnchorSide.After),
        (AnchorEvent.End, AnchorSide.After),
        .. Sides(AnchorEvent.Clear),
        .. Sides(AnchorEvent.Set),
        .. Sides(AnchorEvent.FolioFree),
        .. Sides(AnchorEvent.RefCheck),
        .. Sides(AnchorEvent.DirtyCheck),
        .. Sides(AnchorEvent.Flush),
        .. Sides(AnchorEvent.DeferFlush),
        .. Sides(AnchorEvent.UnlockPtl),
        .. Sides(AnchorEvent.LockPtl),
        .. Sides(AnchorEvent.MapCheck),
        .. Sides(AnchorEvent.MarkDirty),
        .. Sides(AnchorEvent.Rmap),
        .. Sides(AnchorEvent.Put),
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

    private static (AnchorEvent Event, AnchorSide Side)[] Sides(AnchorEvent anchor) =>
        [(anchor, AnchorSide.After), (anchor, AnchorSide.Before)];

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
            shrinker.Try(scenario =>
                One(scenario, index, (ref StepSpec step) => step.Pages = 1)
            );
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

    /// <summary>The plainest anchor that all steps can share, then the plainest of each.</summary>
    private static void PlainAnchors(Shrinker shrinker)
    {
        for (var rank = 0; rank < Anchors.Length; rank++)
        {
            var plain = rank;
            if (shrinker.Best.UsedSteps.ToArray().All(step => IsAtMost(step, plain)))
            {
                break;
            }

            if (shrinker.Try(scenario => Each(scenario, ToAnchor(scenario, plain))))
            {
                break;
            }
        }

        for (var i = 0; i < shrinker.Best.StepCount; i++)
        {
            var index = i;
            for (var rank = 0; rank < Anchors.Length; rank++)
            {
                var plain = rank;
                if (
                    IsAtMost(shrinker.Best.Steps[index], plain)
                    || shrinker.Try(scenario => One(scenario, index, ToAnchor(scenario, plain)))
                )
                {
                    break;
                }
            }
        }
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

    /// <summary>Whether a step stands at an anchor of a rank, or at a plainer one, the first of its kind.</summary>
    private static bool IsAtMost(in StepSpec step, int rank)
    {
        var own = Array.IndexOf(Anchors, (step.Event, step.Side));
        return own >= 0 && own <= rank && step.Occurrence == 1;
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

    private static bool Each(Scenario scenario, Change change)
    {
        foreach (ref var step in scenario.UsedSteps)
        {
            change(ref step);
            StepEdits.SettleAnchor(ref step);
        }

        return true;
    }

    private static bool One(Scenario scenario, int index, Change change)
    {
        change(ref scenario.Steps[index]);
        StepEdits.SettleAnchor(ref scenario.Steps[index]);
        return true;
    }

    private delegate void Change(ref StepSpec step);
}
