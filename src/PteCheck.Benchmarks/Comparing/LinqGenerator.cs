using FsCheck;
using FsCheck.Fluent;
using PteCheck.Checking.Generation;
using PteCheck.Checking.Scenarios;
using PteCheck.Model.Machines;

namespace PteCheck.Benchmarks.Comparing;

/// <summary>
/// Scenarios drawn the usual FsCheck way: LINQ over generators, arrays of records. Tables, sizes,
/// runs and kinds are those of <see cref="ScenarioGenerator"/> in spirit, with less variety; three
/// runs in five have equal letters all over, which is one draw for the whole run.
/// </summary>
internal static class LinqGenerator
{
    private const int MeanRunPages = 3;
    private const int LargestRunOrder = 5;

    private static readonly Gen<VmaFlags> Flags = Gen.Elements(
        VmaFlags.Read | VmaFlags.Write,
        VmaFlags.Read | VmaFlags.Write | VmaFlags.UffdWp,
        VmaFlags.Read | VmaFlags.Write | VmaFlags.SoftDirtyTracked
    );

    private static readonly Gen<PteBits> Letters = Gen.Choose(0, 127).Select(bits => (PteBits)bits);

    private static readonly Gen<EntryKind> Kinds = Gen.Frequency(
        (14, Gen.Constant(EntryKind.Present)),
        (4, Gen.Constant(EntryKind.None)),
        (2, Gen.Constant(EntryKind.Swap)),
        (1, Gen.Constant(EntryKind.MigrationRead)),
        (1, Gen.Constant(EntryKind.Marker))
    );

    /// <summary>Cases of a size from 1 to 100.</summary>
    public static readonly Arbitrary<DrawnScenario> Scenarios = Arb.From(
        Gen.Sized(size =>
            from slots in size < 40
                ? Gen.Elements(8, 16, 32)
                : Gen.Elements(8, 16, 32, Machine.TableStride)
            from flags in Flags
            from source in Gen.Choose(0, slots - 1)
            from shift in Gen.Choose(0, slots - 1)
            from count in Gen.Choose(1, RunsOf(slots, size))
            from runs in Run(slots, size).ArrayOf(count)
            select new DrawnScenario(slots, flags, slots + source, shift, runs)
        )
    );

    private static int RunsOf(int slots, int size) =>
        Math.Max(1, Math.Min(2 * slots, size) / MeanRunPages);

    private static Gen<DrawnRun> Run(int slots, int size) =>
        from kind in Kinds
        from order in Gen.Choose(2, LargestRunOrder)
        let pages = 1 << order
        from start in Gen.Frequency((1, Gen.Constant(0)), (1, Gen.Choose(0, pages - 1)))
        from length in Gen.Choose(
            1,
            kind == EntryKind.Present ? pages - start : Math.Min(4, pages - start)
        )
        from bits in Gen.Frequency(
            (3, Letters.Select(same => Enumerable.Repeat(same, length).ToArray())),
            (2, Letters.ArrayOf(length))
        )
        select new DrawnRun(kind, (byte)order, (short)start, bits);
}
