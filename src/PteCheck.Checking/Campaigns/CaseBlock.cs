using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;
using PteCheck.Checking.Generation;

namespace PteCheck.Checking.Campaigns;

/// <summary>What FsCheck draws for one of its tests: the seed and size of 64 cases.</summary>
/// <param name="Seed">From it follow the seeds of the cases.</param>
/// <param name="Size">1 to 100, growing over a block.</param>
public readonly record struct CaseDraw(ulong Seed, int Size);

/// <summary>
/// 4,096 cases: one FsCheck run of 64 tests, each of 64 cases. FsCheck draws and sizes; expanding a
/// drawn seed 64 times over makes its cost per case vanish. Block b of a seed is always the same.
/// </summary>
public static class CaseBlock
{
    /// <summary>FsCheck tests of a block.</summary>
    public const int Tests = 64;

    /// <summary>Cases of a test.</summary>
    public const int CasesPerTest = 64;

    /// <summary>Cases of a block.</summary>
    public const int Cases = Tests * CasesPerTest;

    private static readonly Arbitrary<CaseDraw> Draws = Arb.From(
        Gen.Sized(size =>
            from high in Gen.Choose(int.MinValue, int.MaxValue)
            from low in Gen.Choose(int.MinValue, int.MaxValue)
            select new CaseDraw(((ulong)(uint)high << 32) | (uint)low, Math.Max(size, 1))
        )
    );

    /// <summary>Visits the draws of a block in order; stops early when the visitor returns false.</summary>
    public static void Visit(ulong seed, long block, Func<int, CaseDraw, bool> visitor)
    {
        var test = 0;
        var going = true;
        var rnd = new Rnd(
            SeededRandom.Mix(seed ^ SeededRandom.Mix((ulong)block)),
            SeededRandom.Mix((ulong)block + 1) | 1
        );
        var config = Config
            .Quick.WithMaxTest(Tests)
            .WithStartSize(1)
            .WithEndSize(ScenarioGenerator.MaxSize)
            .WithRunner(SilentRunner.Instance)
            .WithReplay(
                FSharpOption<FsCheck.Replay>.Some(new FsCheck.Replay(rnd, FSharpOption<int>.None))
            );
        Check.One(
            config,
            Prop.ForAll(
                Draws,
                draw =>
                {
                    going = going && visitor(test, draw);
                    test++;
                    return true;
                }
            )
        );
    }

    /// <summary>The seed of a case from the draw of its test.</summary>
    public static ulong SeedOf(in CaseDraw draw, int index) =>
        SeededRandom.Mix(draw.Seed + (ulong)index);
}
