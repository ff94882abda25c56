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

        Plain(shrinker);
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
