using PteCheck.Kernel.Operations;

namespace PteCheck.Checking.Scenarios;

/// <summary>What an operation that works on a folio makes of <see cref="RunSpec"/>.</summary>
public static class RunTarget
{
    /// <summary>The operation of a scenario.</summary>
    public static IOperation Operation(this Scenario scenario) =>
        OperationCatalog.All[scenario.Run.Operation];

    /// <summary>Whether the scenario's operation works on this folio.</summary>
    public static bool IsTarget(this Scenario scenario, int folio) =>
        scenario.Operation().WorksOnFolio && scenario.Run.Folio == folio;

    /// <summary>Whether collapse-file finds this folio in the page cache.</summary>
    public static bool IsInPageCache(this Scenario scenario, int folio) =>
        scenario.Operation().CollapsesFile && scenario.Run.Folio == folio;

    /// <summary>
    /// Where an operation takes a table away, makes its range that of the table, as far as the VMA reaches. Where an
    /// operation works on a folio, points the run at the first VMA that maps it, all of it: that
    /// follows from the entries and is said nowhere. Others are left alone.
    /// </summary>
    public static void Settle(Scenario scenario)
    {
        if (scenario.Operation().CollapsesFile)
        {
            SettleTable(scenario);
            return;
        }

        if (scenario.Operation().CollapsesAnon)
        {
            CollapseWindow.Settle(scenario);
            return;
        }

        if (!scenario.Operation().WorksOnFolio)
        {
            return;
        }

        ref var run = ref scenario.Run;
        run.Vma = 0;
        foreach (ref readonly var pte in scenario.UsedPtes)
        {
            if (pte.IsMapping && pte.Folio == run.Folio)
            {
                run.Vma = pte.Vma;
                break;
            }
        }

        run.NewVma = run.Vma;
        run.First = 0;
        run.Pages = (short)scenario.Vmas[run.Vma].Pages;
    }

    private static void SettleTable(Scenario scenario)
    {
        ref var run = ref scenario.Run;
        run.NewVma = run.Vma;
        (run.First, run.Pages) = CollapseTarget.Table(scenario, run.Pages == 0 ? -1 : run.First);
        run.Folio =
            run.Folio == CollapseTarget.NotSaid ? CollapseTarget.Deduce(scenario) : run.Folio;
    }
}
