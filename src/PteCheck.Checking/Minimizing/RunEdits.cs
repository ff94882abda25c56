using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Zap;

namespace PteCheck.Checking.Minimizing;

/// <summary>Changes to the operations of a scenario, by themselves or along with the VMAs and pages that they name.</summary>
internal static class RunEdits
{
    private static readonly byte Zap = OperationCatalog.IndexOf(ZapOperation.Instance);

    /// <summary>The VMA that holds from the start what the operation under test works on, before all moves.</summary>
    public static int Root(this Scenario scenario)
    {
        int vma = scenario.Run.Vma;
        for (var mover = scenario.MoverTo(vma); mover >= 0; mover = scenario.MoverTo(vma))
        {
            vma = scenario.Runs[mover].Vma;
        }

        return vma;
    }

    /// <summary>Whether an operation works on a range of a VMA, or moves one there.</summary>
    public static bool IsNamed(this Scenario scenario, int vma)
    {
        foreach (ref readonly var run in scenario.UsedRuns)
        {
            if (!run.Of().WorksOnFolio && (run.Vma == vma || run.NewVma == vma))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// A VMA shrinks to some of its pages: the ranges of operations on it do, and where one moves pages away
    /// the VMA that it moves them to.
    /// </summary>
    /// <returns>False where nothing would be left of a range.</returns>
    public static bool CutRuns(this Scenario scenario, int vma, int first, int last)
    {
        foreach (ref var run in scenario.UsedRuns)
        {
            if (run.Vma != vma || run.Of().WorksOnFolio)
            {
                continue;
            }

            var begin = Math.Max(run.First, first);
            var end = Math.Min(run.First + run.Pages - 1, last);
            if (end < begin)
            {
                return false;
            }

            var skipped = begin - run.First;
            run.First = (short)(begin - first);
            run.Pages = (short)(end - begin + 1);
            if (run.Of().Moves && !scenario.CutDestination(run, skipped))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The destination of a move shrinks as its range has.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="run">The move, with its range as it is now.</param>
    /// <param name="skipped">Pages by which the range begins later than it did.</param>
    public static bool CutDestination(this Scenario scenario, in RunSpec run, int skipped)
    {
        var last = skipped + run.Pages - 1;
        scenario.CutSteps(run.NewVma, skipped, last);
        ref var target = ref scenario.Vmas[run.NewVma];
        target.At += target.At >= 0 ? skipped : 0;
        target.Pages = run.Pages;
        return scenario.CutRuns(run.NewVma, skipped, last);
    }

    /// <summary>An entry has another place in its VMA: an operation of a sequence on its page alone follows it.</summary>
    public static void RenumberRuns(this Scenario scenario, int vma, int from, int to)
    {
        foreach (ref var run in scenario.UsedRuns)
        {
            if (scenario.IsSequence && run.Vma == vma && run.Pages == 1 && run.First == from)
            {
                run.First = (short)to;
            }
        }
    }

    /// <summary>Entries have other places: operations on the page of one alone follow it.</summary>
    /// <param name="scenario">The scenario, with the entries as they are now.</param>
    /// <param name="before">Each entry as it was.</param>
    /// <returns>False where an operation is on other pages.</returns>
    public static bool MoveRuns(this Scenario scenario, PteSpec[] before)
    {
        foreach (ref var run in scenario.UsedRuns)
        {
            var (vma, page) = (run.Vma, run.First);
            var index = Array.FindIndex(before, pte => pte.Vma == vma && pte.Page == page);
            if (run.Of().WorksOnFolio)
            {
                continue;
            }

            if (index < 0 || run.Pages != 1)
            {
                return false;
            }

            ref readonly var entry = ref scenario.Ptes[index];
            (run.Vma, run.NewVma, run.First) = (entry.Vma, entry.Vma, entry.Page);
        }

        return true;
    }

    /// <summary>Numbers the source of the move under test before its destination, as they would be without what came before.</summary>
    public static bool SourceFirst(this Scenario scenario)
    {
        var (source, target) = (scenario.Run.Vma, scenario.Run.NewVma);
        if (source <= target)
        {
            return false;
        }

        (scenario.Vmas[source], scenario.Vmas[target]) = (
            scenario.Vmas[target],
            scenario.Vmas[source]
        );
        foreach (ref var run in scenario.UsedRuns)
        {
            (run.Vma, run.NewVma) = (Exchanged(run.Vma), Exchanged(run.NewVma));
        }

        foreach (ref var pte in scenario.UsedPtes)
        {
            pte.Vma = Exchanged(pte.Vma);
        }

        foreach (ref var tlb in scenario.UsedTlb)
        {
            tlb.Vma = Exchanged(tlb.Vma);
        }

        foreach (ref var step in scenario.UsedSteps)
        {
            (step.Vma, step.AnchorVma) = (Exchanged(step.Vma), Exchanged(step.AnchorVma));
        }

        scenario.UsedPtes.Sort(
            (left, right) => (left.Vma, left.Page).CompareTo((right.Vma, right.Page))
        );
        return true;

        byte Exchanged(byte vma) =>
            vma == source ? target
            : vma == target ? source
            : vma;
    }

    /// <summary>Keeps the operations from one to another, and drops those before and behind.</summary>
    public static bool KeepRuns(this Scenario scenario, int first, int last)
    {
        var kept = true;
        for (var i = scenario.RunCount - 1; i > last && kept; i--)
        {
            kept = scenario.RemoveRun(i);
        }

        for (var i = first - 1; i >= 0 && kept; i--)
        {
            kept = scenario.RemoveRun(i);
        }

        return kept;
    }

    /// <summary>
    /// Drops an operation. Where it moved pages, those behind it find them where they were; where it was the one
    /// under test, another of its kind takes its place.
    /// </summary>
    /// <returns>False where none is left to test.</returns>
    public static bool RemoveRun(this Scenario scenario, int index)
    {
        var removed = scenario.Runs[index];
        var tested = scenario.Operation().Name;
        scenario
            .Runs.AsSpan(index + 1, scenario.RunCount - index - 1)
            .CopyTo(scenario.Runs.AsSpan(index));
        scenario.RunCount--;
        scenario.Tested -= scenario.Tested > index ? 1 : 0;
        scenario.Tested = Math.Min(scenario.Tested, scenario.RunCount - 1);
        if (
            scenario.RunCount == 0
            || (scenario.Operation().Name != tested && !scenario.Test(tested))
        )
        {
            return false;
        }

        return !removed.Of().Moves || scenario.Return(removed, index);
    }

    /// <summary>Puts a zap of the same pages, or of all that the first VMA has, in the place of an operation that is not under test.</summary>
    public static bool MakeZap(this Scenario scenario, int index)
    {
        var old = scenario.Runs[index];
        if (old.Operation == Zap || old.Operation == scenario.Run.Operation)
        {
            return false;
        }

        scenario.Runs[index] = old with
        {
            Operation = Zap,
            NewVma = old.Vma,
            Folio = 0,
            Deferred = false,
            Mode = default,
            Rights = default,
        };
        return !old.Of().Moves || scenario.Return(old, index + 1);
    }

    /// <summary>Points operations from one on to where their pages were before a move, whose destination goes.</summary>
    private static bool Return(this Scenario scenario, in RunSpec move, int from)
    {
        for (var i = from; i < scenario.RunCount; i++)
        {
            ref var run = ref scenario.Runs[i];
            if (run.Vma == move.NewVma && !run.Of().WorksOnFolio)
            {
                run.NewVma = run.NewVma == run.Vma ? move.Vma : run.NewVma;
                run.Vma = move.Vma;
                run.First += move.First;
            }
        }

        return scenario.RemoveVma(move.NewVma);
    }
}
