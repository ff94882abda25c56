using PteCheck.Checking.Scenarios;

namespace PteCheck.Checking.Generation;

/// <summary>Where the pages that a sequence works on are when the next operation is drawn.</summary>
/// <param name="Vma">Index of their VMA.</param>
/// <param name="First">The first page within it.</param>
/// <param name="Pages">Their number.</param>
internal readonly record struct SequencePlace(byte Vma, short First, short Pages)
{
    /// <summary>All of the VMA that the operation under test works on.</summary>
    public static SequencePlace Of(Scenario scenario)
    {
        var vma = scenario.Run.Vma;
        return new(vma, 0, (short)scenario.Vmas[vma].Pages);
    }

    /// <summary>Behind an operation under test that moves pages: their new place, or what it left of the old one.</summary>
    public SequencePlace Behind(Scenario scenario, ref SeededRandom random)
    {
        ref readonly var run = ref scenario.Run;
        if (!run.Of().Moves)
        {
            return this;
        }

        var end = (short)(run.First + run.Pages);
        var left = scenario.Vmas[run.Vma].Pages - end;
        var stays = random.Chance(50);
        return stays && left > 0 ? new(run.Vma, end, (short)left)
            : stays && run.First > 0 ? new(run.Vma, 0, run.First)
            : new(run.NewVma, 0, run.Pages);
    }

    /// <summary>Behind another operation that moves pages; one under test that is still to come follows them.</summary>
    public SequencePlace Moved(Scenario scenario, in RunSpec move, bool behind)
    {
        ref var tested = ref scenario.Run;
        if (!behind && !tested.Of().WorksOnFolio && tested.Vma == move.Vma)
        {
            tested.NewVma = tested.NewVma == tested.Vma ? move.NewVma : tested.NewVma;
            tested.Vma = move.NewVma;
            tested.First -= move.First;
        }

        return new(move.NewVma, 0, move.Pages);
    }
}
