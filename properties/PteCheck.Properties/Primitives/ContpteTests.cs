using PteCheck.Checking.Scenarios;
using PteCheck.Model.Architectures;
using PteCheck.Model.Traces;

namespace PteCheck.Properties.Primitives;

/// <summary>What contpte does under the generic helpers: facts sheet A, section 3.3, row by row.</summary>
public sealed class ContpteTests
{
    private static readonly PteBits[] Mixed =
    [
        PteBits.Young,
        PteBits.None,
        PteBits.None,
        PteBits.None,
    ];

    [Fact]
    public void Reading_gathers_young_over_the_block()
    {
        var bench = new PrimitiveBench<Arm64>(page => Mixed[page & 3]);
        Assert.False(Arm64.PteYoung(bench.At(2)));
        Assert.True(Arm64.PteYoung(bench.Kernel.PtepGet(bench.Pointer(2))));
    }

    [Fact]
    public void Clearing_one_entry_unfolds_its_block_with_an_invalidation_and_smears()
    {
        var bench = new PrimitiveBench<Arm64>(page => Mixed[page & 3]);
        var old = bench.Kernel.PtepGetAndClear(bench.Pointer(5));
        Assert.True(Arm64.PteYoung(old));
        Assert.Equal([4, 6, 7], bench.Slots(pte => !Arm64.PteNone(pte) && !Arm64.PteCont(pte)));
        Assert.True(Arm64.PteYoung(bench.At(7)));
        Assert.False(Arm64.PteYoung(bench.At(9)));
        Assert.Equal(1, bench.Trace.Calls(Primitive.TlbFlushRange));
    }

    [Fact]
    public void With_bbml2_the_invalidation_is_left_out()
    {
        var bench = new PrimitiveBench<Arm64>(_ => PteBits.None);
        bench.Machine.Context = bench.Machine.Context with { Bbml2 = true };
        bench.Kernel.PteClear(bench.Pointer(5));
        Assert.Equal(1, bench.Trace.Calls(Primitive.ContpteUnfold));
        Assert.Equal(0, bench.Trace.Calls(Primitive.TlbFlushRange));
    }

    [Theory]
    [InlineData(0, 8, 0)]
    [InlineData(1, 7, 1)]
    [InlineData(0, 7, 1)]
    [InlineData(1, 6, 2)]
    [InlineData(1, 2, 1)]
    public void Clearing_a_range_unfolds_only_the_blocks_covered_in_part(
        int first,
        int nr,
        int unfolds
    )
    {
        var bench = new PrimitiveBench<Arm64>(_ => PteBits.None);
        bench.Kernel.GetAndClearFullPtes(bench.Pointer(first), nr);
        Assert.Equal(unfolds, bench.Trace.Calls(Primitive.ContpteUnfold));
        Assert.All(Enumerable.Range(first, nr), slot => Assert.True(Arm64.PteNone(bench.At(slot))));
    }

    [Theory]
    [InlineData(0, 0, 8, 8)]
    [InlineData(1, 1, 8, 4)]
    [InlineData(1, 0, 8, 0)]
    public void Storing_a_range_paints_aligned_blocks_alone(int slot, int page, int nr, int painted)
    {
        var bench = new PrimitiveBench<Arm64>(_ => PteBits.None);
        var pte = Arm64.PteAdvancePfn(bench.At(0), page);
        bench.Kernel.SetPtes(bench.Pointer(32 + slot), pte, nr);
        var cont = Enumerable.Range(32, 16).Count(at => Arm64.PteCont(bench.At(at)));
        Assert.Equal(painted, cont);
        Assert.Equal(0, bench.Trace.Calls(Primitive.TlbFlushRange));
    }

    [Fact]
    public void The_last_store_of_a_block_folds_it_with_one_young_and_one_dirty()
    {
        var bench = new PrimitiveBench<Arm64>(_ => PteBits.None);
        for (var i = 0; i < 4; i++)
        {
            var pte = Arm64.PteAdvancePfn(bench.At(0), i);
            pte = i == 1 ? Arm64.PteMkYoung(pte) : pte;
            pte = i == 2 ? Arm64.PteMkDirty(pte) : pte;
            bench.Kernel.SetPteAt(bench.Pointer(32 + i), pte);
        }

        Assert.All(
            Enumerable.Range(32, 4),
            slot =>
                Assert.True(
                    Arm64.PteCont(bench.At(slot))
                        && Arm64.PteYoung(bench.At(slot))
                        && Arm64.PteDirty(bench.At(slot))
                )
        );
        Assert.Equal(1, bench.Trace.Calls(Primitive.ContpteFold));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_block_that_differs_in_write_uffd_or_pfn_is_not_folded(int kind)
    {
        var bench = new PrimitiveBench<Arm64>(_ => PteBits.None);
        for (var i = 0; i < 4; i++)
        {
            var pte = Arm64.PteAdvancePfn(bench.At(0), kind == 2 && i == 1 ? 9 : i);
            pte = kind == 0 && i == 1 ? Arm64.PteMkWriteNoVma(pte, bench.Machine.Context) : pte;
            pte = kind == 1 && i == 0 ? Arm64.PteMkUffdWp(pte) : pte;
            pte = kind == 3 ? Arm64.PteMkSpecial(pte) : pte;
            bench.Kernel.SetPteAt(bench.Pointer(32 + i), pte);
        }

        Assert.Equal(0, bench.Trace.Calls(Primitive.ContpteFold));
    }
}
