using PteCheck.Kernel.Primitives;
using PteCheck.Kernel.WpFault;
using PteCheck.Kernel.Zap;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;
using PteCheck.Properties.Primitives;
using PteBits = PteCheck.Checking.Scenarios.PteBits;

namespace PteCheck.Properties.Zap;

/// <summary>What other actors call: a zap in two steps with a gather of its own, and faults that take the lock themselves.</summary>
public sealed class TwoStepZapTests
{
    [Fact]
    public void Between_the_steps_the_entries_are_empty_and_the_pages_are_not_free()
    {
        var bench = Bench(_ => PteBits.None);
        var gather = new MmuGather();
        bench.Kernel.TlbGatherMmu(gather, 0);
        var done = ZapPageRange.Clear(bench.Kernel, 0, 0, 0, 32, gather);
        Assert.Equal(32, done);
        Assert.Empty(bench.Slots(pte => !X86_64.PteNone(pte)));
        Assert.Equal(0, bench.Machine.Folios[0].Mapcount);
        Assert.Equal(32, bench.Machine.Folios[0].RefCount);
        Assert.Equal(0, bench.Trace.Calls(Primitive.TlbFlushRange));
        Assert.Equal(1, bench.Machine.Mms[0].TlbFlushPending);

        ZapPageRange.FreeForced(bench.Kernel, gather);
        ZapPageRange.Finish(bench.Kernel, gather);
        Assert.Equal(FolioFlags.Freed, bench.Machine.Folios[0].Flags);
        Assert.Equal(0, bench.Machine.Folios[0].RefCount);
        Assert.Equal(0, bench.Machine.Mms[0].TlbFlushPending);
        var order = bench
            .Trace.Events.ToArray()
            .Select(e => e.Op)
            .Where(op => op is Primitive.TlbFlushRange or Primitive.FolioFree);
        Assert.Equal([Primitive.TlbFlushRange, Primitive.FolioFree], order);
        Assert.Equal(0, bench.Faults.Count);
    }

    [Fact]
    public void A_dirty_file_page_is_flushed_under_the_lock_and_its_rmap_removed_after()
    {
        const VmaFlags Flags = VmaFlags.Read | VmaFlags.Write | VmaFlags.Shared | VmaFlags.File;
        var bench = Bench(page => page == 5 ? PteBits.Dirty : PteBits.None, Flags, FolioKind.File);
        bench.Kernel.TlbGatherMmu(bench.Kernel.Gather, 0);
        ZapPageRange.Clear(bench.Kernel, 0, 0, 0, 32, bench.Kernel.Gather);
        Assert.True(bench.Kernel.Gather.FlushForced);
        var order = bench
            .Trace.Events.ToArray()
            .Select(e => e.Op)
            .Where(op =>
                op is Primitive.TlbFlushRange or Primitive.RemoveRmap or Primitive.PtlUnlock
            )
            .TakeLast(3);
        Assert.Equal([Primitive.TlbFlushRange, Primitive.RemoveRmap, Primitive.PtlUnlock], order);
        ZapPageRange.FreeForced(bench.Kernel, bench.Kernel.Gather);
        Assert.Equal(0, bench.Kernel.Gather.Count);
        Assert.Equal(32, bench.Machine.Folios[0].RefCount);
    }

    [Fact]
    public void A_load_maps_the_zero_page_and_a_store_then_takes_its_place()
    {
        var bench = Bench(_ => PteBits.None);
        Assert.Equal(FaultResult.ZeroPage, HandlePteFault.Run(bench.Kernel, 0, 40, write: false));
        Assert.True(X86_64.PteSpecial(bench.At(40)));
        Assert.Equal(FaultResult.Spurious, HandlePteFault.Run(bench.Kernel, 0, 40, write: false));
        Assert.Equal(FaultResult.Copied, HandlePteFault.Run(bench.Kernel, 0, 40, write: true));
        Assert.Equal(33, bench.Machine.Mms[0].RssAnon);
        var folio = bench.Machine.FolioOf(X86_64.PtePfn(bench.At(40)));
        Assert.Equal(1, folio);
        Assert.Equal(1, bench.Machine.Folios[folio].RefCount);
        Assert.True(X86_64.PteWrite(bench.At(40), bench.Machine.Context));
        Assert.Equal(0, bench.Faults.Count);
    }

    [Fact]
    public void A_copy_has_the_contents_of_the_page_and_the_old_page_loses_one_mapping()
    {
        var bench = Bench(_ => PteBits.None);
        bench.Machine.Folios[0].RefCount++;
        Assert.Equal(FaultResult.Copied, HandlePteFault.Run(bench.Kernel, 0, 3, write: true));
        var frame = bench.Machine.FrameOf(X86_64.PtePfn(bench.At(3)));
        var old = bench.Machine.Folios[0].FirstFrame + 3;
        Assert.Equal(bench.Machine.PageContents[old], bench.Machine.PageContents[frame]);
        Assert.Equal(0, bench.Machine.PageMapcounts[old]);
        Assert.Equal(31, bench.Machine.Folios[0].Mapcount);
        Assert.Equal(FaultResult.Spurious, HandlePteFault.Run(bench.Kernel, 0, 3, write: true));
    }

    private static PrimitiveBench<X86_64> Bench(
        Func<int, PteBits> bits,
        VmaFlags flags = VmaFlags.Read | VmaFlags.Write,
        FolioKind kind = FolioKind.Anon
    )
    {
        var bench = new PrimitiveBench<X86_64>(bits, flags, kind);
        bench.Kernel.SpinUnlockPtl(0);
        return bench;
    }
}
