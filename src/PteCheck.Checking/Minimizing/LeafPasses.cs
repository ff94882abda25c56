using System.Numerics;
using PteCheck.Checking.Scenarios;

namespace PteCheck.Checking.Minimizing;

/// <summary>Passes over leaves, whose entries change together: one leaf, the smallest table, plain letters and folios.</summary>
internal static class LeafPasses
{
    private static readonly int[] Sizes = [8, 16, 32];

    private static readonly PteBits[] Letters =
    [
        PteBits.UffdWp,
        PteBits.Protnone,
        PteBits.SoftDirty,
        PteBits.Write,
        PteBits.Young,
        PteBits.Dirty,
    ];

    /// <summary>All of them.</summary>
    public static void Run(Shrinker shrinker)
    {
        if (!shrinker.Best.Operation().WorksOnLeaves)
        {
            return;
        }

        OneLeaf(shrinker);
        foreach (var slots in Sizes)
        {
            shrinker.Try(scenario => Shrink(scenario, slots));
        }

        foreach (var letter in Letters)
        {
            shrinker.Try(scenario => Clear(scenario, letter));
        }

        for (var i = shrinker.Best.StepCount - 1; i >= 0; i--)
        {
            var step = i;
            shrinker.Try(scenario => DirtyWithout(scenario, step));
        }
    }

    private static void OneLeaf(Shrinker shrinker)
    {
        var slots = shrinker.Best.Slots;
        for (var first = 0; first < shrinker.Best.Vmas[0].Pages; first += slots)
        {
            var begin = first;
            shrinker.Try(scenario =>
                scenario.Vmas[0].Pages > slots && scenario.Window(begin, begin + slots - 1)
            );
            shrinker.Try(scenario =>
                scenario.KeepPtes((pte, _) => pte.Page < begin || pte.Page >= begin + slots)
            );
        }
    }

    /// <summary>A table of fewer slots, a folio of its size, and the steps of others at pages of it.</summary>
    private static bool Shrink(Scenario scenario, int slots)
    {
        var one =
            scenario.VmaCount == 1
            && scenario.Vmas[0].Pages == scenario.Slots
            && slots < scenario.Slots;
        foreach (ref var step in scenario.UsedSteps)
        {
            step.Page = (short)(step.Page % slots);
            step.Pages = (short)Math.Min((int)step.Pages, slots - step.Page);
        }

        if (!one || !scenario.Window(0, slots - 1))
        {
            return false;
        }

        scenario.Slots = slots;
        scenario.ContPtes = Math.Min(scenario.ContPtes, slots == 8 ? 4 : slots);
        scenario.Vmas[0].At = -1;
        return scenario.FolioCount == 0 || scenario.Reshape(0, 0, BitOperations.Log2((uint)slots));
    }

    private static bool Clear(Scenario scenario, PteBits letter)
    {
        var changed = false;
        foreach (ref var pte in scenario.UsedPtes)
        {
            changed |= pte.Has(letter);
            pte.Bits &= ~letter;
        }

        return changed;
    }

    /// <summary>One step of others less, which may have made the leaf young or dirty: it is dirty from the beginning.</summary>
    private static bool DirtyWithout(Scenario scenario, int step)
    {
        foreach (ref var pte in scenario.UsedPtes)
        {
            pte.Bits |= PteBits.Dirty;
        }

        return scenario.KeepSteps((_, index) => index != step);
    }
}
