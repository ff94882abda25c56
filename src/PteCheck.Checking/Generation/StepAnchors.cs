using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Interference;

namespace PteCheck.Checking.Generation;

/// <summary>
/// The anchors that an operation has, in about the order in which a run comes to them. A position counts
/// them twice, before and after each.
/// </summary>
internal static class StepAnchors
{
    private static readonly AnchorEvent[] OfFolio =
    [
        AnchorEvent.Start,
        AnchorEvent.LockPtl,
        AnchorEvent.Clear,
        AnchorEvent.DeferFlush,
        AnchorEvent.MarkDirty,
        AnchorEvent.RefCheck,
        AnchorEvent.MapCheck,
        AnchorEvent.DirtyCheck,
        AnchorEvent.Set,
        AnchorEvent.Rmap,
        AnchorEvent.Put,
        AnchorEvent.UnlockPtl,
        AnchorEvent.Flush,
        AnchorEvent.FolioFree,
        AnchorEvent.End,
    ];

    private static readonly AnchorEvent[] InPlace =
    [
        AnchorEvent.Start,
        AnchorEvent.LockPtl,
        AnchorEvent.Clear,
        AnchorEvent.Set,
        AnchorEvent.MarkDirty,
        AnchorEvent.Rmap,
        AnchorEvent.UnlockPtl,
        AnchorEvent.Flush,
        AnchorEvent.Put,
        AnchorEvent.FolioFree,
        AnchorEvent.End,
    ];

    private static readonly AnchorEvent[] OfProtection =
    [
        AnchorEvent.Start,
        AnchorEvent.LockPtl,
        AnchorEvent.Clear,
        AnchorEvent.Set,
        AnchorEvent.UnlockPtl,
        AnchorEvent.Flush,
        AnchorEvent.End,
    ];

    private static readonly AnchorEvent[] OfCollapse =
    [
        AnchorEvent.Start,
        AnchorEvent.LockFolio,
        AnchorEvent.LockPtl,
        AnchorEvent.UnlockPtl,
        AnchorEvent.BetweenScans,
        AnchorEvent.LockPmd,
        AnchorEvent.Clear,
        AnchorEvent.Rmap,
        AnchorEvent.Put,
        AnchorEvent.ClearPmd,
        AnchorEvent.Flush,
        AnchorEvent.UnlockPmd,
        AnchorEvent.TableFree,
        AnchorEvent.SetPmd,
        AnchorEvent.UnlockFolio,
        AnchorEvent.End,
    ];

    private static readonly AnchorEvent[] OfAnonCollapse =
    [
        AnchorEvent.Start,
        AnchorEvent.LockPtl,
        AnchorEvent.UnlockPtl,
        AnchorEvent.BetweenScans,
        AnchorEvent.LockPmd,
        AnchorEvent.ClearPmd,
        AnchorEvent.Flush,
        AnchorEvent.UnlockPmd,
        AnchorEvent.TableSync,
        AnchorEvent.LockFolio,
        AnchorEvent.RefCheck,
        AnchorEvent.Copy,
        AnchorEvent.UnlockFolio,
        AnchorEvent.Clear,
        AnchorEvent.Rmap,
        AnchorEvent.Put,
        AnchorEvent.FolioFree,
        AnchorEvent.SetPmd,
        AnchorEvent.Set,
        AnchorEvent.End,
    ];

    private static readonly AnchorEvent[] OfLeaves =
    [
        AnchorEvent.Start,
        AnchorEvent.LockPmd,
        AnchorEvent.LockFolio,
        AnchorEvent.UnlockFolio,
        AnchorEvent.ClearPmd,
        AnchorEvent.SetPmd,
        AnchorEvent.UnlockPmd,
        AnchorEvent.Flush,
        AnchorEvent.FolioFree,
        AnchorEvent.End,
    ];

    private static readonly AnchorEvent[] OfMove =
    [
        AnchorEvent.Start,
        AnchorEvent.LockPtl,
        AnchorEvent.Clear,
        AnchorEvent.Set,
        AnchorEvent.Flush,
        AnchorEvent.UnlockPtl,
        AnchorEvent.End,
    ];

    /// <summary>How many positions the scenario's operation has.</summary>
    public static int Positions(Scenario scenario) => 2 * Of(scenario).Length;

    /// <summary>Anchors a step at a position; where its event is one of a page, at a page that the operation works on.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="random">Draws which one of its kind.</param>
    /// <param name="step">Gets the anchor.</param>
    /// <param name="position">0 to <see cref="Positions"/> - 1.</param>
    /// <param name="page">The page.</param>
    public static void Set(
        Scenario scenario,
        ref SeededRandom random,
        ref StepSpec step,
        int position,
        StepPage page
    )
    {
        step.Event = Of(scenario)[position / 2];
        step.Occurrence = 1;
        if (step.Event is AnchorEvent.Start or AnchorEvent.End)
        {
            return;
        }

        step.Side = position % 2 == 0 ? AnchorSide.Before : AnchorSide.After;
        step.Occurrence = random.Chance(12) ? (byte)2 : (byte)1;
        if (step.Event == AnchorEvent.BetweenScans)
        {
            (step.Side, step.Occurrence) = (AnchorSide.After, 1);
        }

        if (step.Event is AnchorEvent.Copy or AnchorEvent.RefCheck or AnchorEvent.LockFolio)
        {
            AnyOfWindow(scenario, ref random, ref step);
        }

        if (!step.HasAnchorPage)
        {
            return;
        }

        var moved = step.Event == AnchorEvent.Set && scenario.Operation().Moves;
        page = moved ? StepPage.Moved(scenario, page) : page;
        (step.AnchorVma, step.AnchorPage) = (page.Vma, page.Page);
    }

    /// <summary>A collapse does these once a page or a folio: any of them.</summary>
    private static void AnyOfWindow(Scenario scenario, ref SeededRandom random, ref StepSpec step)
    {
        if (scenario.Operation().CollapsesAnon && random.Chance(50))
        {
            step.Occurrence = (byte)random.Between(1, Math.Min((int)scenario.Run.Pages, 32));
        }
    }

    private static AnchorEvent[] Of(Scenario scenario) =>
        scenario.Operation().WorksOnFolio ? OfFolio
        : scenario.Operation().Moves ? OfMove
        : scenario.Operation().Protects ? OfProtection
        : scenario.Operation().WorksOnLeaves ? OfLeaves
        : scenario.Operation().CollapsesFile ? OfCollapse
        : scenario.Operation().CollapsesAnon ? OfAnonCollapse
        : InPlace;
}
