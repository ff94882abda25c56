namespace PteCheck.Checking.Scenarios;

/// <summary>What the operations of a run must name to mean anything; shape rules, see <see cref="ShapeRules"/>.</summary>
internal static class RunRules
{
    /// <summary>The first operation whose range or destination does not exist when its turn comes.</summary>
    public static Offender? Ranges(Scenario s)
    {
        for (var i = 0; i < s.RunCount; i++)
        {
            if (Range(s, i) is { } offender)
            {
                return offender;
            }
        }

        for (var i = 0; i < s.VmaCount; i++)
        {
            if (s.Vmas[i].Destination && s.MoverTo(i) < 0)
            {
                return new(OffenderKind.Vma, i);
            }
        }

        return null;
    }

    /// <summary>The first page fault for more than one page.</summary>
    public static Offender? OnePage(Scenario s)
    {
        for (var i = 0; i < s.RunCount; i++)
        {
            if (s.Runs[i].Of().OnePage && s.Runs[i].Pages != 1)
            {
                return new(OffenderKind.Run, i);
            }
        }

        return null;
    }

    /// <summary>The first operation on pages that one before it has moved away.</summary>
    public static Offender? MovedAway(Scenario s)
    {
        for (var i = 1; i < s.RunCount; i++)
        {
            ref readonly var run = ref s.Runs[i];
            for (var j = 0; j < i; j++)
            {
                ref readonly var before = ref s.Runs[j];
                if (
                    before.Of().Moves
                    && !run.Of().WorksOnFolio
                    && before.Vma == run.Vma
                    && before.First < run.First + run.Pages
                    && run.First < before.First + before.Pages
                )
                {
                    return new(OffenderKind.Run, i);
                }
            }
        }

        return null;
    }

    /// <summary>One operation to five, and others beside one alone.</summary>
    public static Offender? Count(Scenario s)
    {
        var good = s.RunCount is >= 1 and <= Scenario.MaxRuns && s.Tested < s.RunCount;
        if (!good || (s.IsSequence && s.StepCount > 0))
        {
            return new(OffenderKind.Scenario, 0);
        }

        for (var i = 0; i < s.RunCount && s.IsSequence; i++)
        {
            if (s.Runs[i].Of().Alone)
            {
                return new(OffenderKind.Run, i);
            }
        }

        return null;
    }

    private static Offender? Range(Scenario s, int index)
    {
        ref readonly var run = ref s.Runs[index];
        if (run.Vma >= s.VmaCount || run.NewVma >= s.VmaCount)
        {
            return new(OffenderKind.Run, index);
        }

        ref readonly var from = ref s.Vmas[run.Vma];
        ref readonly var to = ref s.Vmas[run.NewVma];
        var inside = run.First >= 0 && run.Pages >= 1 && run.First + run.Pages <= from.Pages;
        var isThere =
            !from.Destination || s.MoverTo(run.Vma) is var mover && mover >= 0 && mover < index;
        if (!inside || !isThere)
        {
            return new(OffenderKind.Run, index);
        }

        var moves = run.NewVma != run.Vma;
        var good =
            to.Destination
            && to.Mm == from.Mm
            && to.Pages >= run.Pages
            && s.MoverTo(run.NewVma) == index;
        return moves && !good ? new Offender(OffenderKind.Vma, run.NewVma) : null;
    }
}
