using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Properties.Primitives;

/// <summary>Helpers over ranges of entries: facts sheet A, sections 2.7 and 3.3.</summary>
public sealed class RangePrimitiveTests
{
    [Fact]
    public void Clearing_merges_young_and_dirty_of_later_entries_and_drops_their_other_bits()
    {
        var bench = new PrimitiveBench<X86_64>(page =>
            page switch
            {
                1 => PteBits.Dirty | PteBits.UffdWp,
                2 => PteBits.Young | PteBits.Write | PteBits.Dirty,
                _ => PteBits.None,
            }
        );
        var merged = bench.Kernel.GetAndClearFullPtes(bench.Pointer(0), 3);
        Assert.True(X86_64.PteDirty(merged) && X86_64.PteYoung(merged));
        Assert.False(X86_64.PteUffdWp(merged) || X86_64.PteWrite(merged, bench.Machine.Context));

        // pte_mkdirty of the merge marks soft-dirty as well: the origin of finding F1.
        Assert.True(X86_64.PteSoftDirty(merged));
        Assert.Equal(bench.PfnOf(0), X86_64.PtePfn(merged));
    }

    [Fact]
    public void Clearing_does_not_mark_soft_dirty_when_only_the_first_is_dirty()
    {
        var bench = new PrimitiveBench<X86_64>(page => page == 0 ? PteBits.Dirty : PteBits.None);
        Assert.False(X86_64.PteSoftDirty(bench.Kernel.ModifyProtStartPtes(bench.Pointer(0), 4)));
    }

    [Fact]
    public void Write_protecting_keeps_dirty_on_both_architectures()
    {
        Check<X86_64>();
        Check<Arm64>();

        static void Check<TArch>()
            where TArch : struct, IArch
        {
            var bench = new PrimitiveBench<TArch>(page =>
                (page & 4) == 0 ? PteBits.Write | PteBits.Dirty : PteBits.Young
            );
            bench.Kernel.WrprotectPtes(bench.Pointer(2), 8);
            for (var slot = 2; slot < 10; slot++)
            {
                Assert.False(TArch.PteWrite(bench.At(slot), bench.Machine.Context));
                Assert.Equal((slot & 4) == 0, TArch.PteDirty(bench.At(slot)));
                Assert.Equal(bench.PfnOf(slot), TArch.PtePfn(bench.At(slot)));
            }

            Assert.True(TArch.PteWrite(bench.At(1), bench.Machine.Context));
            Assert.True(TArch.PteWrite(bench.At(10), bench.Machine.Context));
        }
    }

    [Fact]
    public void Write_protecting_whole_blocks_keeps_them_contiguous()
    {
        var bench = new PrimitiveBench<Arm64>(_ => PteBits.Write | PteBits.Dirty);
        bench.Kernel.WrprotectPtes(bench.Pointer(4), 4);
        Assert.Equal(0, bench.Trace.Calls(Primitive.ContpteUnfold));
        Assert.True(Arm64.PteCont(bench.At(4)));
    }

    [Theory]
    [InlineData(CydpFlags.ClearYoung)]
    [InlineData(CydpFlags.ClearDirty)]
    [InlineData(CydpFlags.ClearYoung | CydpFlags.ClearDirty)]
    public void Ageing_widens_to_contiguous_blocks_on_arm64_and_to_nothing_on_x86(CydpFlags flags)
    {
        var arm = new PrimitiveBench<Arm64>(_ => PteBits.Young | PteBits.Dirty);
        arm.Kernel.ClearYoungDirtyPtes(arm.Pointer(5), 2, flags);
        Assert.Equal(
            Changed([4, 5, 6, 7], CydpFlags.ClearYoung),
            arm.Slots(pte => !Arm64.PteYoung(pte))
        );
        Assert.Equal(
            Changed([4, 5, 6, 7], CydpFlags.ClearDirty),
            arm.Slots(pte => !Arm64.PteDirty(pte))
        );
        var x86 = new PrimitiveBench<X86_64>(_ => PteBits.Young | PteBits.Dirty);
        x86.Kernel.ClearYoungDirtyPtes(x86.Pointer(5), 2, flags);
        Assert.Equal(
            Changed([5, 6], CydpFlags.ClearYoung),
            x86.Slots(pte => !X86_64.PteYoung(pte))
        );
        Assert.Equal(
            Changed([5, 6], CydpFlags.ClearDirty),
            x86.Slots(pte => !X86_64.PteDirty(pte))
        );

        int[] Changed(int[] slots, CydpFlags flag) => (flags & flag) != 0 ? slots : [];
    }

    [Theory]
    [InlineData(PteBits.None, 0, 1)]
    [InlineData(PteBits.Protnone, 0, 0)]
    [InlineData(PteBits.Protnone, 1, 1)]
    public void Clearing_with_flush_flushes_what_a_cpu_may_hold(
        PteBits bits,
        int pending,
        int flushes
    )
    {
        var bench = new PrimitiveBench<X86_64>(_ => bits);
        bench.Machine.Mms[0].TlbFlushPending = pending;
        bench.Kernel.PtepClearFlush(0, 3, bench.Pointer(3));
        Assert.Equal(flushes, bench.Trace.Calls(Primitive.TlbFlushRange));
        Assert.True(X86_64.PteNone(bench.At(3)));
    }

    [Fact]
    public void Committing_stores_consecutive_pages_and_paints_blocks_on_arm64_alone()
    {
        var x86 = new PrimitiveBench<X86_64>(_ => PteBits.None);
        x86.Kernel.ModifyProtCommitPtes(x86.Pointer(32), x86.At(0), 8);
        Assert.Equal(8, x86.Trace.Calls(Primitive.SetPtes));
        Assert.Equal(x86.PfnOf(7), X86_64.PtePfn(x86.At(39)));
        var arm = new PrimitiveBench<Arm64>(_ => PteBits.None);
        arm.Kernel.ModifyProtCommitPtes(arm.Pointer(32), arm.At(0), 8);
        Assert.Equal(1, arm.Trace.Calls(Primitive.SetPtes));
        Assert.True(Arm64.PteCont(arm.At(39)));
    }

    [Fact]
    public void Markers_go_into_every_slot_of_an_armed_file_mapping_and_nowhere_else()
    {
        const VmaFlags Armed =
            VmaFlags.Read | VmaFlags.Write | VmaFlags.Shmem | VmaFlags.Shared | VmaFlags.UffdWp;
        Check(Armed, PteBits.UffdWp, FolioKind.Shmem, 3);
        Check(Armed, PteBits.None, FolioKind.Shmem, 0);
        Check(Armed & ~VmaFlags.UffdWp, PteBits.UffdWp, FolioKind.Shmem, 0);
        Check(VmaFlags.Read | VmaFlags.UffdWp, PteBits.UffdWp, FolioKind.Anon, 0);

        static void Check(VmaFlags flags, PteBits bits, FolioKind kind, int markers)
        {
            var bench = new PrimitiveBench<X86_64>(_ => bits, flags, kind);
            var pte = bench.Kernel.GetAndClearFullPtes(bench.Pointer(0), 3);
            var installed = bench.Kernel.CondInstallUffdWpPtes(0, bench.Pointer(0), pte, 3);
            Assert.Equal(markers > 0, installed);
            Assert.Equal(markers, bench.Slots(KernelContext<X86_64>.PteIsUffdWpMarker).Count());
        }
    }

    [Theory]
    [InlineData(PteMarkers.UffdWp, true, PteMarkers.UffdWp)]
    [InlineData(PteMarkers.UffdWp, false, PteMarkers.None)]
    [InlineData(PteMarkers.Guard, false, PteMarkers.Guard)]
    [InlineData(PteMarkers.Poisoned, false, PteMarkers.Poisoned)]
    public void Fork_copies_markers(PteMarkers marker, bool armed, PteMarkers copied) =>
        Assert.Equal(copied, KernelContext<Arm64>.CopyPteMarker(marker, armed));

    [Fact]
    public void One_marker_is_installed_by_the_older_helper()
    {
        var bench = new PrimitiveBench<X86_64>(
            _ => PteBits.UffdWp,
            VmaFlags.Read | VmaFlags.File | VmaFlags.UffdWp,
            FolioKind.File
        );
        var pte = bench.Kernel.PtepGetAndClear(bench.Pointer(4));
        Assert.True(bench.Kernel.PteInstallUffdWpIfNeeded(0, bench.Pointer(4), pte));
        Assert.Equal(KernelContext<X86_64>.MakePteMarker(PteMarkers.UffdWp), bench.At(4));
    }

    [Fact]
    public void Clearing_a_range_without_its_value_empties_it()
    {
        var bench = new PrimitiveBench<Arm64>(_ => PteBits.None);
        bench.Kernel.ClearFullPtes(bench.Pointer(3), 5);
        Assert.Equal([3, 4, 5, 6, 7], bench.Slots(Arm64.PteNone));
    }
}
