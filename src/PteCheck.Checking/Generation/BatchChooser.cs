using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Primitives;

namespace PteCheck.Checking.Generation;

/// <summary>Draws where the batch helper is asked and with which flags.</summary>
internal static class BatchChooser
{
    /// <summary>All flags of 6.17; 6.15 knows fewer and passes over the rest.</summary>
    private const int Flags = 32;

    /// <summary>Mostly at a page of a large folio, where there is one, up to the end of the range or of the VMA.</summary>
    public static void Choose(Scenario scenario, ref SeededRandom random)
    {
        ref var run = ref scenario.Run;
        run.Batch = (FpbFlags)random.Below(Flags);
        if (scenario.PteCount == 0 || random.Chance(5))
        {
            return;
        }

        var start = random.Below(scenario.PteCount);
        for (var i = 0; i < scenario.PteCount; i++)
        {
            ref readonly var pte = ref scenario.Ptes[(start + i) % scenario.PteCount];
            var large =
                pte.Vma == run.Vma
                && pte.Kind == EntryKind.Present
                && scenario.Folios[pte.Folio].Order > 0;
            if (large)
            {
                var left = scenario.Vmas[run.Vma].Pages - pte.Page;
                run.First = pte.Page;
                run.Pages = (short)(random.Chance(60) ? left : random.Between(1, left));
                return;
            }
        }
    }
}
