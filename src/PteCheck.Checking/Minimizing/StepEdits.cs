using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Interference;

namespace PteCheck.Checking.Minimizing;

/// <summary>Changes to the steps of a scenario, by themselves or along with the VMAs and pages that they name.</summary>
internal static class StepEdits
{
    /// <summary>Removes every step that the test rejects; true when there was one.</summary>
    public static bool KeepSteps(this Scenario scenario, Func<StepSpec, int, bool> keep)
    {
        var kept = 0;
        for (var i = 0; i < scenario.StepCount; i++)
        {
            if (keep(scenario.Steps[i], i))
            {
                scenario.Steps[kept++] = scenario.Steps[i];
            }
        }

        var removed = kept != scenario.StepCount;
        scenario.StepCount = kept;
        return removed;
    }

    /// <summary>
    /// A VMA is removed: steps on its pages go, anchors at its pages become anchors at the first page of the
    /// VMA worked on.
    /// </summary>
    public static void RemoveVmaFromSteps(this Scenario scenario, int vma)
    {
        scenario.KeepSteps((step, _) => step.Vma != vma);
        foreach (ref var step in scenario.UsedSteps)
        {
            step.Vma -= step.Vma > vma ? (byte)1 : (byte)0;
            if (step.AnchorVma == vma)
            {
                step.AnchorPage = 0;
                step.AnchorVma = scenario.Run.Vma == vma ? (byte)0 : scenario.Run.Vma;
            }

            step.AnchorVma -= step.AnchorVma > vma ? (byte)1 : (byte)0;
        }
    }

    /// <summary>
    /// A VMA shrinks to some of its pages: steps on other pages go, anchors at other pages become anchors at
    /// the nearest that is left.
    /// </summary>
    public static void CutSteps(this Scenario scenario, int vma, int first, int last)
    {
        scenario.KeepSteps(
            (step, _) =>
                step.Vma != vma || (step.Page >= first && step.Page + step.Pages - 1 <= last)
        );
        foreach (ref var step in scenario.UsedSteps)
        {
            step.Page -= step.Vma == vma ? (short)first : (short)0;
            if (step.HasAnchorPage && step.AnchorVma == vma)
            {
                step.AnchorPage = (short)(Math.Clamp((int)step.AnchorPage, first, last) - first);
            }
        }
    }

    /// <summary>A page has another place in its VMA; pages are renumbered upwards, each to no higher a place.</summary>
    public static void RenumberStepPages(this Scenario scenario, int vma, int from, int to)
    {
        foreach (ref var step in scenario.UsedSteps)
        {
            step.Page = step.Vma == vma && step.Page == from ? (short)to : step.Page;
            if (step.HasAnchorPage && step.AnchorVma == vma && step.AnchorPage == from)
            {
                step.AnchorPage = (short)to;
            }
        }
    }

    /// <summary>Entries have other places: steps and anchors follow the entry that stood at their page.</summary>
    /// <param name="scenario">The scenario, with the entries as they are now.</param>
    /// <param name="before">Each entry as it was.</param>
    public static void MoveSteps(this Scenario scenario, PteSpec[] before)
    {
        foreach (ref var step in scenario.UsedSteps)
        {
            var (vma, page) = (step.Vma, step.Page);
            var index = Array.FindIndex(before, pte => pte.Vma == vma && pte.Page == page);
            if (index >= 0)
            {
                (step.Vma, step.Page) = (scenario.Ptes[index].Vma, scenario.Ptes[index].Page);
            }

            (vma, page) = (step.AnchorVma, step.AnchorPage);
            index = Array.FindIndex(before, pte => pte.Vma == vma && pte.Page == page);
            if (step.HasAnchorPage && index >= 0)
            {
                step.AnchorVma = scenario.Ptes[index].Vma;
                step.AnchorPage = scenario.Ptes[index].Page;
            }
        }
    }

    /// <summary>Gives an anchor without a page its canonical form.</summary>
    public static void SettleAnchor(ref StepSpec step)
    {
        if (!step.HasAnchorPage)
        {
            (step.AnchorVma, step.AnchorPage) = (0, 0);
        }

        if (step.Event == AnchorEvent.BetweenScans)
        {
            (step.Side, step.Occurrence) = (AnchorSide.After, 1);
        }
    }
}
