using PteCheck.Kernel.Operations;

namespace PteCheck.Checking.Scenarios;

/// <summary>What operations make of <see cref="RunSpec"/>.</summary>
public static class RunTarget
{
    /// <summary>The operation under test of a scenario.</summary>
    public static IOperation Operation(this Scenario scenario) => scenario.Run.Of();

    /// <summary>The operation that a part of a run names.</summary>
    public static IOperation Of(this in RunSpec run) => OperationCatalog.All[run.Operation];

    /// <summary>The operations that a scenario runs, each once, in the order of their first turn.</summary>
    public static IReadOnlyList<IOperation> Operations(this Scenario scenario)
    {
        var operations = new List<IOperation>();
        foreach (ref readonly var run in scenario.UsedRuns)
        {
            if (!operations.Contains(run.Of()))
            {
                operations.Add(run.Of());
            }
        }

        return operations;
    }

    /// <summary>Puts an operation under test: the last of its kind.</summary>
    /// <returns>Whether the scenario runs it.</returns>
    public static bool Test(this Scenario scenario, string operation)
    {
        for (var i = scenario.RunCount - 1; i >= 0; i--)
        {
            if (scenario.Runs[i].Of().Name == operation)
            {
                scenario.Tested = i;
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether an operation of the scenario works on this folio.</summary>
    public static bool IsTarget(this Scenario scenario, int folio)
    {
        foreach (ref readonly var run in scenario.UsedRuns)
        {
            if (run.Folio == folio && run.Of().WorksOnFolio)
            {
                return true;
            }
        }

        return false;
    }

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
        foreach (ref var run in scenario.UsedRuns)
        {
            if (run.Of().CollapsesFile)
            {
                SettleTable(scenario);
            }
            else if (run.Of().CollapsesAnon)
            {
                CollapseWindow.Settle(scenario);
            }
            else if (run.Of().WorksOnFolio)
            {
                Settle(scenario, ref run);
            }
        }
    }

    /// <summary>The operation that makes a VMA by moving to it; -1 for one that is there from the start.</summary>
    public static int MoverTo(this Scenario scenario, int vma)
    {
        for (var i = 0; i < scenario.RunCount; i++)
        {
            if (scenario.Runs[i].NewVma == vma && scenario.Runs[i].Vma != vma)
            {
                return i;
            }
        }

        return -1;
    }

    private static void Settle(Scenario scenario, ref RunSpec run)
    {
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
