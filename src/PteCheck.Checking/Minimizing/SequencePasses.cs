using PteCheck.Checking.Scenarios;

namespace PteCheck.Checking.Minimizing;

/// <summary>Passes over the operations of a sequence: one alone, else the fewest.</summary>
internal static class SequencePasses
{
    /// <summary>Drops what comes behind the operation that breaks the rule.</summary>
    public static void CutBehind(Shrinker shrinker, int element)
    {
        if (element + 1 < shrinker.Best.RunCount)
        {
            shrinker.Try(scenario => scenario.KeepRuns(0, element));
        }
    }

    /// <summary>
    /// One operation alone, the last first; else without each of them in turn. What those that stay behind need
    /// of the first may be a state that a scenario can begin with.
    /// </summary>
    public static void Drop(Shrinker shrinker)
    {
        for (var i = shrinker.Best.RunCount - 1; i >= 0 && shrinker.Best.IsSequence; i--)
        {
            var only = i;
            shrinker.Try(scenario => scenario.KeepRuns(only, only));
        }

        for (var i = 0; i < shrinker.Best.RunCount && shrinker.Best.IsSequence; )
        {
            var dropped = i;
            i += shrinker.Try(scenario => scenario.RemoveRun(dropped)) ? 0 : 1;
        }

        while (shrinker.Best.IsSequence && shrinker.TryBehindFirst())
        {
            // Each success made the sequence shorter.
        }

        shrinker.Try(scenario => scenario.SourceFirst());

        Plain(shrinker);
    }

    /// <summary>
    /// Of two entries of a folio that are not handled alike each in a VMA of its own: the plainest reason why one
    /// goes and the other stays.
    /// </summary>
    public static void OwnVmas(Shrinker shrinker)
    {
        if (shrinker.Best is { IsSequence: true, PteCount: 2 })
        {
            shrinker.Try(SplitVmas);
        }
    }

    private static bool SplitVmas(Scenario scenario)
    {
        var before = scenario.UsedPtes.ToArray();
        var folio = before[0].Folio;
        var fits =
            scenario.MoverTo(scenario.VmaCount - 1) < 0
            && scenario.TlbCount == 0
            && Array.TrueForAll(before, pte => pte.IsMapping && pte.Folio == folio);
        if (!fits || !scenario.IsTarget(folio))
        {
            return false;
        }

        scenario.Folios[folio].Order = Math.Max(scenario.Folios[folio].Order, (byte)2);
        scenario.Folios[folio].Exclusive = default;
        scenario.Vmas[1] = scenario.Vmas[0];
        scenario.VmaCount = 2;
        for (byte i = 0; i < 2; i++)
        {
            ref var vma = ref scenario.Vmas[i];
            (vma.Mm, vma.At, vma.Pages) = (0, -1, 1);
            scenario.Ptes[i] = before[i] with
            {
                Vma = i,
                Page = 0,
                FolioPage = i,
                Bits = before[i].Bits & PteBits.Dirty,
            };
        }

        scenario.Mms = 1;
        return scenario.MoveRuns(before);
    }

    /// <summary>The plainest operation of all, MADV_DONTNEED, in place of others beside the one under test.</summary>
    private static void Plain(Shrinker shrinker)
    {
        for (var i = 0; i < shrinker.Best.RunCount && shrinker.Best.IsSequence; i++)
        {
            var index = i;
            shrinker.Try(scenario => scenario.MakeZap(index));
        }
    }
}
