using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Properties.Interference;

/// <summary>A folio that another CPU migrates while the operation runs, and accesses to protnone entries.</summary>
public sealed class MigrationTests
{
    [Fact]
    public void A_load_of_a_protnone_page_faults_and_reads()
    {
        var run = Run("a+0: A DN", "cpu1 load a+0 at start");

        Assert.Contains(Primitive.PageFault, run.Others);
        Assert.Contains(Primitive.CpuLoad, run.Others);
        Assert.Equal("", run.Rules);
    }

    [Fact]
    public void A_store_to_a_protnone_page_that_is_shared_takes_two_faults()
    {
        var run = Run("a+0: B N, b+0: B", "cpu1 store a+0 at start");

        Assert.Equal(2, run.Others.Count(op => op == Primitive.PageFault));
        Assert.Contains(Primitive.CopyPage, run.Others);
        Assert.Contains(Primitive.CpuStore, run.Others);
        Assert.Equal("", run.Rules);
    }

    [Fact]
    public void Migration_flushes_before_it_copies_and_frees_the_old_page()
    {
        var run = Run(
            "a+0: A WD",
            "cpu1 migrate a+0 at start",
            "cpu1 migrate-copy a+0 at start",
            "cpu1 migrate-finish a+0 at start"
        );
        var order = run.Others.Where(op =>
            op is Primitive.TlbFlushMm or Primitive.CopyPage or Primitive.FolioFree
        );

        Assert.Equal([Primitive.TlbFlushMm, Primitive.CopyPage, Primitive.FolioFree], order);
        Assert.Equal(FolioFlags.Freed, run.Record.Candidate.Folios[0].Flags);
        Assert.Equal("", run.Rules);
    }

    [Fact]
    public void A_folio_of_which_a_whole_table_was_moved_away_is_migrated_where_it_is()
    {
        var run = Interleaving.Of(
            """
            arch: x86-64
            table: { slots: 8 }
            folios:
              A: { order: 2, exclusive: all }
            vmas:
              - { name: src, at: 8, pages: 9 }
              - { name: dst, at: 24, pages: 8, tables: none }
            ptes:
              src+7..8: A[0..1] WD
            run: mremap src+0..7 to dst
            interference: [cpu1 migrate src+8 at end, cpu1 migrate-finish src+8 at end]
            """,
            "mremap/batched"
        );

        Assert.Contains(Primitive.CopyPage, run.Others);
        Assert.Equal("", run.Rules);
    }

    [Fact]
    public void What_is_stored_before_the_copy_goes_with_the_page()
    {
        var run = Run(
            "a+0: A WD",
            "cpu1 migrate a+0 at start",
            "cpu2 store a+0 at start",
            "cpu1 migrate-copy a+0 at start",
            "cpu1 migrate-finish a+0 at start"
        );

        Assert.Equal("", run.Rules);
        var events = run.Record.CandidateTrace.Events.ToArray();
        var store = Array.FindIndex(events, e => e.Op == Primitive.CpuStore);
        Assert.True(AccessEvent.IsStale(events[store]));
    }

    [Fact]
    public void Mprotect_downgrades_the_entry_of_a_folio_that_is_on_its_way()
    {
        var run = Run("a+0: A WD", "cpu1 migrate a+0 at start", "cpu1 migrate-finish a+0 at end");

        var pte = run.Record.Candidate.PteAt(0, run.Record.Candidate.Vmas[0].Start);
        Assert.True(X86_64.PtePresent(pte));
        Assert.False(X86_64.PteWrite(pte, run.Record.Candidate.Context));
        Assert.Equal(2, run.Record.Candidate.FolioOf(X86_64.PtePfn(pte)));
        Assert.Equal("", run.Rules);
    }

    [Fact]
    public void Migration_waits_for_the_page_table_lock()
    {
        var run = Run("a+0: A WD", "cpu1 migrate a+0 after clear a+0");

        Assert.True(
            run.IndexOf(Primitive.SetTlbUbcFlushPending, byOthers: true)
                > run.IndexOf(Primitive.PtlUnlock, byOthers: false)
        );
        Assert.Equal("", run.Rules);
    }

    [Fact]
    public void A_page_that_gup_has_taken_stays()
    {
        var run = Run(
            "a+0: A WD",
            "cpu2 gup-read a+0 at start",
            "cpu2 gup-grab a+0 at start",
            "cpu2 gup-recheck a+0 at start",
            "cpu1 migrate a+0 at start",
            "cpu1 migrate-finish a+0 at start"
        );

        Assert.DoesNotContain(Primitive.CopyPage, run.Others);
        Assert.Equal(1, run.Record.Candidate.Folios[0].Mapcount);
        Assert.Equal("", run.Rules);
    }

    private static Interleaving Run(string ptes, params string[] steps) =>
        Interleaving.Of(
            string.Join(
                '\n',
                [
                    "arch: x86-64",
                    "cpus: 3",
                    "mms: 2",
                    "folios: { A: { exclusive: all }, B: {} }",
                    "vmas: [{ name: a, pages: 1 }, { name: b, mm: m1, pages: 1 }]",
                    "ptes:",
                    .. ptes.Split(", ").Select(entry => "  " + entry),
                    "run: mprotect a to r",
                    "interference:",
                    .. steps.Select(step => "  - " + step),
                ]
            ),
            "batched"
        );
}
