using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Traces;

namespace PteCheck.Properties.Primitives;

/// <summary>Deferred flushes, gathers and their counters: facts sheet A, section 4.</summary>
public sealed class FlushPrimitiveTests
{
    private const uint FlushedOne = (1 << 16) | 1;

    [Fact]
    public void Deferring_needs_another_cpu_on_x86_and_nothing_on_arm64()
    {
        var x86 = new PrimitiveBench<X86_64>(_ => PteBits.None);
        Assert.True(x86.Kernel.ShouldDeferFlush(0, batchFlush: true));
        Assert.False(x86.Kernel.ShouldDeferFlush(0, batchFlush: false));
        x86.Machine.Mms[0].CpuMask = 1;
        Assert.False(x86.Kernel.ShouldDeferFlush(0, batchFlush: true));
        var arm = new PrimitiveBench<Arm64>(_ => PteBits.None);
        arm.Machine.Mms[0].CpuMask = 1;
        Assert.True(arm.Kernel.ShouldDeferFlush(0, batchFlush: true));
    }

    [Theory]
    [InlineData(PteBits.None, 0, true, false)]
    [InlineData(PteBits.Dirty, 0, true, true)]
    [InlineData(PteBits.Protnone | PteBits.Dirty, 0, false, false)]
    [InlineData(PteBits.Protnone | PteBits.Dirty, 1, true, true)]
    public void A_value_that_no_cpu_holds_leaves_no_trace(
        PteBits bits,
        int pending,
        bool required,
        bool writable
    )
    {
        Check<X86_64>();
        Check<Arm64>();

        void Check<TArch>()
            where TArch : struct, IArch
        {
            var bench = new PrimitiveBench<TArch>(_ => bits);
            bench.Machine.Mms[0].TlbFlushPending = pending;
            bench.Kernel.SetTlbUbcFlushPending(0, bench.At(0), 0, 1);
            Assert.Equal(required, bench.Machine.TlbUbc.FlushRequired);
            Assert.Equal(writable, bench.Machine.TlbUbc.Writable);
            Assert.Equal(required ? 1u : 0u, bench.Machine.Mms[0].TlbFlushBatched);
        }
    }

    [Fact]
    public void The_flush_covers_the_mm_on_x86_and_the_ranges_on_arm64()
    {
        var x86 = new PrimitiveBench<X86_64>(_ => PteBits.None);
        x86.Kernel.SetTlbUbcFlushPending(0, x86.At(0), 0, 2);
        x86.Kernel.TryToUnmapFlush();
        Assert.Equal(1, x86.Trace.Calls(Primitive.TlbFlushMm));
        var arm = new PrimitiveBench<Arm64>(_ => PteBits.None);
        arm.Kernel.SetTlbUbcFlushPending(0, arm.At(0), 0, 2);
        arm.Kernel.SetTlbUbcFlushPending(0, arm.At(0), 8, 1);
        arm.Kernel.TryToUnmapFlush();
        Assert.Equal(2, arm.Trace.Calls(Primitive.TlbFlushRange));
        Assert.False(arm.Machine.TlbUbc.FlushRequired);
        arm.Kernel.TryToUnmapFlush();
        Assert.Equal(2, arm.Trace.Calls(Primitive.TlbFlushRange));
    }

    [Fact]
    public void Ranges_past_the_last_one_kept_flush_the_whole_mm()
    {
        var bench = new PrimitiveBench<Arm64>(_ => PteBits.None);
        for (var i = 0; i <= Model.Machines.TlbUbc.MaxRanges; i++)
        {
            bench.Kernel.SetTlbUbcFlushPending(0, bench.At(0), (uint)i, 1);
        }

        bench.Kernel.TryToUnmapFlush();
        Assert.Equal(1, bench.Trace.Calls(Primitive.TlbFlushMm));
    }

    [Fact]
    public void Before_write_out_only_dirty_ones_are_flushed()
    {
        var bench = new PrimitiveBench<X86_64>(page => page == 1 ? PteBits.Dirty : PteBits.None);
        bench.Kernel.SetTlbUbcFlushPending(0, bench.At(0), 0, 1);
        bench.Kernel.TryToUnmapFlushDirty();
        Assert.Equal(0, bench.Trace.Calls(Primitive.TlbFlushMm));
        bench.Kernel.SetTlbUbcFlushPending(0, bench.At(1), 1, 1);
        bench.Kernel.TryToUnmapFlushDirty();
        Assert.Equal(1, bench.Trace.Calls(Primitive.TlbFlushMm));
    }

    [Fact]
    public void Later_lock_holders_flush_what_reclaim_left_pending_once()
    {
        var bench = new PrimitiveBench<X86_64>(_ => PteBits.None);
        bench.Kernel.SetTlbUbcFlushPending(0, bench.At(0), 0, 1);
        bench.Kernel.FlushTlbBatchedPending(0);
        bench.Kernel.FlushTlbBatchedPending(0);
        Assert.Equal(1, bench.Trace.Calls(Primitive.TlbFlushMm));
        Assert.Equal(FlushedOne, bench.Machine.Mms[0].TlbFlushBatched);
    }

    [Fact]
    public void The_pending_generation_starts_again_before_it_overflows()
    {
        var bench = new PrimitiveBench<X86_64>(_ => PteBits.None);
        bench.Machine.Mms[0].TlbFlushBatched = (0x4000u << 16) | 0x4000;
        bench.Kernel.SetTlbUbcFlushPending(0, bench.At(0), 0, 1);
        Assert.Equal(1u, bench.Machine.Mms[0].TlbFlushBatched);
    }

    [Fact]
    public void A_gather_flushes_what_it_collected_and_nothing_when_it_collected_nothing()
    {
        var bench = new PrimitiveBench<X86_64>(_ => PteBits.None);
        var tlb = bench.Kernel.Gather;
        bench.Kernel.TlbGatherMmu(tlb, 0);
        Assert.Equal(1, bench.Machine.Mms[0].TlbFlushPending);
        bench.Kernel.TlbFinishMmu(tlb);
        Assert.Equal(0, bench.Trace.Calls(Primitive.TlbFlushRange));
        bench.Kernel.TlbGatherMmu(tlb, 0);
        KernelContext<X86_64>.TlbFlushPteRange(tlb, 3, 2);
        KernelContext<X86_64>.TlbFlushPteRange(tlb, 7, 1);
        bench.Kernel.TlbFinishMmu(tlb);
        var flush = bench.Trace.Events.ToArray().Single(e => e.Op == Primitive.TlbFlushRange);
        Assert.Equal((3UL, (short)5), (flush.A, flush.Nr));
        Assert.Equal(0, bench.Machine.Mms[0].TlbFlushPending);
    }

    [Fact]
    public void Of_two_gathers_the_one_that_ends_first_flushes_the_whole_mm()
    {
        var bench = new PrimitiveBench<Arm64>(_ => PteBits.None);
        MmuGather first = new(),
            second = new();
        bench.Kernel.TlbGatherMmu(first, 0);
        bench.Kernel.TlbGatherMmu(second, 0);
        bench.Kernel.TlbFinishMmu(second);
        Assert.Equal(1, bench.Trace.Calls(Primitive.TlbFlushMm));
        bench.Kernel.TlbFinishMmu(first);
        Assert.Equal(1, bench.Trace.Calls(Primitive.TlbFlushMm));
        bench.Kernel.TlbFinishMmu(first);
        Assert.Equal(FaultKind.CountBelowZero, bench.Faults.Faults[0].Kind);
    }

    [Theory]
    [InlineData(33, 1, 0)]
    [InlineData(34, 0, 1)]
    public void Many_pages_flush_the_whole_mm_on_x86(int pages, int ranges, int mms)
    {
        var bench = new PrimitiveBench<X86_64>(_ => PteBits.None);
        bench.Kernel.FlushTlbRange(0, 0, pages);
        Assert.Equal(
            (ranges, mms),
            (bench.Trace.Calls(Primitive.TlbFlushRange), bench.Trace.Calls(Primitive.TlbFlushMm))
        );
    }
}
