using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Properties.Interference;

/// <summary>What others do, step by step: where they act, what they wait for, and what they leave.</summary>
public sealed class ActorTests
{
    [Fact]
    public void A_walk_sets_dirty_and_the_page_is_kept()
    {
        var run = Run("WYS", "immediate", "cpu1 store a+0 before clear a+0");

        Assert.Equal([Primitive.PteStore, Primitive.CpuStore], run.Others);
        Assert.Equal(1, run.Record.Candidate.Folios[0].Mapcount);
        Assert.Equal("", run.Rules);
    }

    [Fact]
    public void A_store_through_a_clean_translation_faults_when_the_entry_is_gone()
    {
        var run = Run("WYS", "deferred", "cpu1 store a+0 after clear a+0");

        Assert.True(
            run.IndexOf(Primitive.CpuStore, byOthers: true)
                > run.IndexOf(Primitive.PtlUnlock, byOthers: false)
        );
        Assert.Equal(2, run.Record.Candidate.FolioCount);
        Assert.Equal("", run.Rules);
    }

    [Fact]
    public void A_store_through_a_dirty_translation_needs_no_entry()
    {
        var run = Run("WDYS", "deferred", "cpu1 store a+0 after clear a+0");

        Assert.Equal([Primitive.CpuStore], run.Others);
        Assert.Equal(1, run.Record.Candidate.FolioCount);
        Assert.Equal("", run.Rules);
    }

    [Fact]
    public void After_a_flush_nobody_has_the_old_translation()
    {
        var run = Run("WYS", "immediate", "cpu1 load a+0 after flush");

        Assert.Contains(Primitive.PageFault, run.Others);
        Assert.Equal(Machine.ZeroContent, Loaded(run));
    }

    [Fact]
    public void Before_a_deferred_flush_the_page_still_reads_as_before()
    {
        var run = Run("WYS", "deferred", "cpu1 load a+0 after unlock ptl");

        Assert.Equal([Primitive.CpuLoad], run.Others);
        Assert.NotEqual(Machine.ZeroContent, Loaded(run));
        Assert.Equal("", run.Rules);
    }

    [Fact]
    public void A_fresh_load_walks_and_waits_for_the_lock()
    {
        var run = Run("WYS", "deferred", "cpu1 load a+0 fresh after clear a+0");

        Assert.Contains(Primitive.PageFault, run.Others);
        Assert.Equal(Machine.ZeroContent, Loaded(run));
    }

    [Fact]
    public void Gup_lets_go_when_the_entry_has_changed()
    {
        var run = Run(
            "WYS",
            "immediate",
            "cpu1 gup-read a+0 before clear a+0",
            "cpu1 gup-grab a+0 after clear a+0",
            "cpu1 gup-recheck a+0 after clear a+0"
        );

        Assert.DoesNotContain(Primitive.GupPin, run.Others);
        Assert.Equal(0, run.Record.Candidate.Folios[0].Pins);
        Assert.True((run.Record.Candidate.Folios[0].Flags & FolioFlags.Freed) != 0);
    }

    [Fact]
    public void Gup_keeps_the_page_when_it_came_first()
    {
        var run = Run(
            "WYS",
            "immediate",
            "cpu1 gup-read a+0 before clear a+0",
            "cpu1 gup-grab a+0 before clear a+0",
            "cpu1 gup-recheck a+0 before clear a+0",
            "device store a+0 after rmap"
        );

        Assert.Contains(Primitive.GupPin, run.Others);
        Assert.Equal(1, run.Record.Candidate.Folios[0].Mapcount);
        Assert.Equal("", run.Rules);
    }

    [Fact]
    public void Gup_does_not_take_a_page_that_is_being_freed()
    {
        var run = Run(
            "WYS",
            "deferred",
            "cpu1 gup-read a+0 at start",
            "cpu1 gup-grab a+0 after folio-free"
        );

        Assert.Empty(run.Others);
    }

    [Fact]
    public void Gup_does_not_take_a_shared_page_that_it_may_not_write_to()
    {
        const string Shared = "cpu1 gup-recheck a+0 at start";
        var text = Interleaving
            .Lazyfree(
                "Y",
                "immediate",
                "cpu1 gup-read a+0 at start",
                "cpu1 gup-grab a+0 at start",
                Shared
            )
            .Replace("exclusive: [0], ", "", StringComparison.Ordinal);

        Assert.DoesNotContain(Primitive.GupPin, Interleaving.Of(text, "batched").Others);
    }

    [Fact]
    public void A_device_writes_only_where_somebody_holds_a_pin()
    {
        var run = Run("WYS", "immediate", "device store a+0 at start");

        Assert.Empty(run.Others);
    }

    [Fact]
    public void A_zap_waits_for_the_lock_and_finds_nothing()
    {
        var run = Run("WDYS", "immediate", "cpu1 zap a+0 after clear a+0");

        Assert.True(
            run.IndexOf(Primitive.PtlLock, byOthers: true)
                > run.IndexOf(Primitive.PtlUnlock, byOthers: false)
        );
        Assert.Equal(0, run.Record.Candidate.Folios[0].Mapcount);
        Assert.Equal("", run.Rules);
    }

    [Fact]
    public void A_second_reclaimer_leaves_a_locked_folio_alone() =>
        Assert.Empty(Run("WYS", "immediate", "cpu1 reclaim a+0 at start").Others);

    [Fact]
    public void A_fill_takes_an_empty_slot_of_an_armed_vma_alone()
    {
        const string Step = "cpu1 uffd-zeropage a+0 after unlock ptl";
        var plain = Interleaving.Lazyfree("WYS", "immediate", Step);
        var armed = plain.Replace(
            "pages: 1 }",
            "pages: 1, uffd: missing }",
            StringComparison.Ordinal
        );

        Assert.Empty(Interleaving.Of(plain, "batched").Others);
        Assert.Contains(Primitive.PteStore, Interleaving.Of(armed, "batched").Others);
    }

    [Fact]
    public void A_copy_fills_an_empty_slot_with_what_user_space_gave()
    {
        var text = Interleaving
            .Lazyfree(
                "WYS",
                "immediate",
                "cpu1 uffd-copy a+0 after unlock ptl",
                "cpu1 load a+0 after unlock ptl"
            )
            .Replace("pages: 1 }", "pages: 1, uffd: missing }", StringComparison.Ordinal);
        var run = Interleaving.Of(text, "batched");
        var events = run.Record.CandidateTrace.Events;
        var copy = events[run.IndexOf(Primitive.CopyFromUser, byOthers: true)];
        var load = events[run.IndexOf(Primitive.CpuLoad, byOthers: true)];

        Assert.Equal("", run.Rules);
        Assert.Equal((copy.A, copy.B), (load.A, load.B));
        Assert.Equal(FolioKind.Anon, run.Record.Candidate.Folios[1].Kind);
    }

    [Fact]
    public void Write_back_cleans_protects_and_writes_out()
    {
        var run = Interleaving.Of(
            Interleaving.SharedFile("cpu1 mkclean src+0 at start", "cpu1 write-out src+0 at start"),
            "batched"
        );

        Assert.Contains(Primitive.WriteOut, run.Others);
        Assert.Equal("", run.Rules);
        Assert.True((run.Record.Candidate.Folios[0].Flags & FolioFlags.Dirty) == 0);
    }

    /// <summary>A page that was written after its write-out and then truncated is no lost write.</summary>
    [Fact]
    public void Truncated_pages_need_not_reach_the_file()
    {
        var run = Interleaving.Of(
            Interleaving.SharedFile(
                "cpu1 mkclean src+0 at start",
                "cpu1 write-out src+0 at start",
                "cpu1 store src+0 at start",
                "cpu1 truncate src+0 at start"
            ),
            "batched"
        );

        Assert.Contains(Primitive.WriteOut, run.Others);
        Assert.Contains(Primitive.CpuStore, run.Others);
        Assert.Equal("", run.Rules);
    }

    [Fact]
    public void Truncation_empties_every_mapping_and_frees_the_page()
    {
        var run = Interleaving.Of(
            Interleaving.SharedFile("cpu1 truncate src+0 after unlock ptl"),
            "batched"
        );

        Assert.Equal("", run.Rules);
        Assert.Equal(0, run.Record.Candidate.Folios[0].Mapcount);
        Assert.True((run.Record.Candidate.Folios[0].Flags & FolioFlags.Freed) != 0);
    }

    [Theory]
    [InlineData(" WD", 0)]
    [InlineData("", 1)]
    [InlineData(" WDN", 1)]
    public void A_store_to_a_shadow_stack_faults_unless_the_entry_is_one(string letters, int faults)
    {
        var run = Interleaving.Of(
            $$"""
            arch: x86-64
            config: { shadow-stack: on }
            folios:
              A: { exclusive: all }
            vmas:
              - { name: a, pages: 1, flags: rw shadow-stack }
            ptes: { a+0: A{{letters}} }
            run: mprotect a to r
            interference: [cpu1 store a+0 at start]
            """,
            "mprotect/batched"
        );

        Assert.Equal(faults, run.Others.Count(primitive => primitive == Primitive.PageFault));
        Assert.Contains(Primitive.CpuStore, run.Others);
        Assert.Equal("", run.Rules);
    }

    [Fact]
    public void A_push_goes_through_the_translation_of_an_entry_that_is_gone()
    {
        var run = Interleaving.Of(
            """
            arch: x86-64
            config: { shadow-stack: on }
            folios:
              A: { exclusive: all }
            vmas:
              - { name: src, pages: 1, flags: rw shadow-stack }
              - { name: dst, pages: 1 }
            ptes: { src+0: A WD }
            run: mremap src to dst
            interference: [cpu1 store src+0 after clear src+0]
            """,
            "mremap/batched"
        );

        Assert.Equal([Primitive.CpuStore], run.Others);
        Assert.Equal("", run.Rules);
    }

    [Fact]
    public void A_fault_into_a_block_that_another_zap_has_not_flushed_is_charged_to_the_zap()
    {
        const string Block = """
            arch: arm64
            folios:
              A: { order: 4, exclusive: all }
            vmas:
              - { name: a, pages: 16 }
            ptes:
              a+0..15: A[0..15] DY

            """;
        var fault = Interleaving.Of(
            Block + "run: wp-fault a+12\ninterference: [cpu1 zap a+0..15 at start]",
            "wp-fault/per-pte"
        );
        var zap = Interleaving.Of(
            Block + "run: zap a\ninterference: [cpu1 store a+12 after unlock ptl]",
            "zap/batched"
        );

        Assert.Equal("", fault.Rules);
        Assert.Equal("PTB203", zap.Rules);
    }

    [Fact]
    public void Steps_of_one_actor_keep_their_order()
    {
        var run = Run(
            "WYS",
            "deferred",
            "cpu1 load a+0 after unlock ptl",
            "cpu1 load a+0 at start"
        );

        Assert.Equal(2, run.Others.Count(primitive => primitive == Primitive.CpuLoad));
        Assert.True(
            run.IndexOf(Primitive.CpuLoad, byOthers: true)
                > run.IndexOf(Primitive.PtlUnlock, byOthers: false)
        );
    }

    private static Interleaving Run(string letters, string flush, params string[] steps) =>
        Interleaving.Of(Interleaving.Lazyfree(letters, flush, steps), "batched");

    private static ulong Loaded(Interleaving run) =>
        run.Record.CandidateTrace.Events[run.IndexOf(Primitive.CpuLoad, byOthers: true)].B;
}
