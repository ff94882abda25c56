using FsCheck;
using FsCheck.Fluent;
using PteCheck.Checking.Generation;
using PteCheck.Checking.Scenarios;
using PteCheck.Model.Architectures;

namespace PteCheck.Properties.Generation;

/// <summary>
/// Scenarios for FsCheck: it draws seed and size, the generator expands them, and what it offers to
/// shrink to are smaller reachable scenarios, not smaller numbers.
/// </summary>
public static class ScenarioArbitrary
{
    private static readonly PteBits[] Letters =
    [
        PteBits.UffdWp,
        PteBits.Protnone,
        PteBits.Write,
        PteBits.Dirty,
        PteBits.SoftDirty,
        PteBits.Young,
        PteBits.Exclusive,
    ];

    /// <summary>Both architectures, one operation alone, without shadow stacks.</summary>
    public static Arbitrary<DrawnScenario> Scenarios() =>
        Arb.From(
            Gen.Sized(size =>
                from high in Gen.Choose(int.MinValue, int.MaxValue)
                from low in Gen.Choose(int.MinValue, int.MaxValue)
                from choice in Gen.Choose(0, 3)
                select Expand(((ulong)(uint)high << 32) | (uint)low, Math.Max(size, 1), choice)
            ),
            Shrink
        );

    private static DrawnScenario Expand(ulong seed, int size, int choice)
    {
        var architecture = choice < 2 ? Architecture.X86 : Architecture.Arm64;
        var scenario = new Scenario();
        new ScenarioGenerator().Fill(
            scenario,
            new(architecture, ShadowStack: false, Bbml2: choice == 3, SequencePercent: 0),
            seed,
            Math.Min(size, ScenarioGenerator.MaxSize)
        );
        return new(scenario);
    }

    private static IEnumerable<DrawnScenario> Shrink(DrawnScenario drawn)
    {
        var start = drawn.Scenario;
        var count = start.PteCount;
        var smaller = Pieces(count)
            .Select(piece => Without(start, piece.First, piece.Length))
            .Concat(Letters.Select(letter => Cleared(start, letter)));
        return smaller
            .Where(scenario =>
                !scenario.SameAs(start) && Reachability.FirstBroken(scenario) is null
            )
            .Select(scenario => new DrawnScenario(scenario));
    }

    /// <summary>Halves, quarters and so on, down to single entries.</summary>
    private static IEnumerable<(int First, int Length)> Pieces(int count)
    {
        for (var length = (count + 1) / 2; length > 0; length = length == 1 ? 0 : (length + 1) / 2)
        {
            for (var first = 0; first < count; first += length)
            {
                yield return (first, Math.Min(length, count - first));
            }
        }
    }

    /// <summary>The scenario without some of its entries; folios that nothing uses any more do no harm.</summary>
    private static Scenario Without(Scenario start, int first, int length)
    {
        var scenario = start.Clone();
        var rest = start.UsedPtes[(first + length)..];
        rest.CopyTo(scenario.Ptes.AsSpan(first));
        scenario.PteCount -= length;
        return scenario;
    }

    private static Scenario Cleared(Scenario start, PteBits letter)
    {
        var scenario = start.Clone();
        foreach (ref var pte in scenario.UsedPtes)
        {
            pte.Bits &= ~letter;
        }

        return scenario;
    }
}
