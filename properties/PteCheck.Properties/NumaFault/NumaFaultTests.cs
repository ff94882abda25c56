using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;
using PteCheck.Properties.Campaigns;

namespace PteCheck.Properties.NumaFault;

/// <summary>What do_numa_page leaves, with and without a migration.</summary>
public sealed class NumaFaultTests
{
    [Fact]
    public void AllEntriesOfALargeFolioBecomeAccessibleAndYoung()
    {
        var record = Run(
            "folios: { A: { order: 2, exclusive: all } }",
            "a+0..3: A[0..3] N",
            pages: 4,
            "numa-fault a+2"
        );

        for (var page = 0u; page < 4; page++)
        {
            var pte = At(record, page);
            Assert.False(X86_64.PteProtnone(pte));
            Assert.True(X86_64.PteYoung(pte));
            Assert.True(X86_64.PteWrite(pte, record.Candidate.Context));
            Assert.False(X86_64.PteDirty(pte));
        }

        Assert.Empty(Flushes(record));
    }

    [Fact]
    public void OnlyExclusivePagesBecomeWritable()
    {
        var record = Run(
            "folios: { A: { order: 2, exclusive: [1] } }",
            "a+0..3: A[0..3] N",
            pages: 4,
            "numa-fault a+2"
        );

        var writable = Enumerable
            .Range(0, 4)
            .Where(page => X86_64.PteWrite(At(record, (uint)page), record.Candidate.Context));
        Assert.Equal([1], writable);
    }

    [Fact]
    public void EntriesBesideAreLeftAlone()
    {
        var record = Run(
            "folios: { A: { order: 2, exclusive: all }, B: { exclusive: all } }",
            "a+0..1: A[0..1] N, a+2: B N, a+3: A[3] Y",
            pages: 4,
            "numa-fault a+0"
        );

        Assert.True(X86_64.PteProtnone(At(record, 2)));
        Assert.False(X86_64.PteWrite(At(record, 3), record.Candidate.Context));
        Assert.False(X86_64.PteProtnone(At(record, 1)));
    }

    [Fact]
    public void TheRebuildEndsWithTheTable()
    {
        var record = Run(
            "folios: { A: { order: 3, exclusive: all } }",
            "a+0..7: A[0..7] N",
            pages: 8,
            "numa-fault a+4",
            at: 4
        );

        var accessible = Enumerable
            .Range(0, 8)
            .Where(page => !X86_64.PteProtnone(At(record, (uint)page)));
        Assert.Equal([4, 5, 6, 7], accessible);
    }

    [Fact]
    public void AMigratedFolioKeepsItsContentsAndTheOldOneIsFree()
    {
        var record = Run(
            "folios: { A: { order: 2, exclusive: all } }",
            "a+0..3: A[0..3] DN",
            pages: 4,
            "numa-fault a+2 migrate"
        );

        Assert.Equal(FolioFlags.Freed, record.Candidate.Folios[0].Flags);
        for (var page = 0u; page < 4; page++)
        {
            var frame = record.Candidate.FrameOf(X86_64.PtePfn(At(record, page)));
            Assert.Equal(1, record.Candidate.FrameFolios[frame]);
            Assert.Equal(
                record.Initial.PageContents[record.Initial.Folios[0].FirstFrame + (int)page],
                record.Candidate.PageContents[frame]
            );
        }

        Assert.Equal(4, record.Candidate.Folios[1].RefCount);
        Assert.True((record.Candidate.Folios[1].Flags & FolioFlags.Dirty) != 0);
    }

    [Fact]
    public void WhatIsNotFlushedYetIsFlushedBeforeTheCopy()
    {
        var record = Run(
            "folios: { A: { exclusive: all } }",
            "a+0: A DN",
            pages: 1,
            "numa-fault a migrate",
            more: "tlb: ['cpu1 a+0 = A WD']\npending: { tlb-flush-pending: { m: 1 } }"
        );
        var order = Events(record)
            .Select(e => e.Op)
            .Where(op =>
                op is Primitive.TlbFlushMm or Primitive.TlbFlushRange or Primitive.CopyPage
            );

        Assert.Equal([Primitive.TlbFlushMm, Primitive.CopyPage], order);
    }

    [Fact]
    public void APinnedFolioStaysAndIsNotMadeWritable()
    {
        var record = Run(
            "folios: { A: { exclusive: all, pins: 1 } }",
            "a+0: A DN",
            pages: 1,
            "numa-fault a migrate"
        );

        Assert.Equal(0, record.Candidate.FolioOf(X86_64.PtePfn(At(record, 0))));
        Assert.False(X86_64.PteProtnone(At(record, 0)));
        Assert.False(X86_64.PteWrite(At(record, 0), record.Candidate.Context));
    }

    [Fact]
    public void AReferenceOfAnotherKeepsTheFolio()
    {
        var record = Run(
            "folios: { A: { exclusive: all, extra-refs: 1 } }",
            "a+0: A DN",
            pages: 1,
            "numa-fault a migrate"
        );

        Assert.Equal(0, record.Candidate.FolioOf(X86_64.PtePfn(At(record, 0))));
        Assert.Equal(2, record.Candidate.Folios[0].RefCount);
        Assert.True(X86_64.PteWrite(At(record, 0), record.Candidate.Context) is false);
    }

    private static Pte At(CaseRecord record, uint page) =>
        record.Candidate.PteAt(0, record.Candidate.Vmas[0].Start + page);

    private static TraceEvent[] Events(CaseRecord record) => record.CandidateTrace.Events.ToArray();

    private static IEnumerable<TraceEvent> Flushes(CaseRecord record) =>
        Events(record).Where(e => e.Op is Primitive.TlbFlushRange or Primitive.TlbFlushMm);

    private static CaseRecord Run(
        string folios,
        string ptes,
        int pages,
        string run,
        int at = 8,
        string more = ""
    )
    {
        var entries = ptes.Split(", ", StringSplitOptions.TrimEntries);
        var text = string.Join(
            '\n',
            [
                "arch: x86-64",
                "table: { slots: 8 }",
                "cpus: 2",
                folios,
                $"vmas: [{{ name: a, at: {at}, pages: {pages} }}]",
                "ptes:",
                .. entries.Select(entry => "  " + entry),
                more,
                "run: " + run,
            ]
        );
        var record = Runner.Explain(
            ScenarioReader.Read(text, "numa.yaml"),
            CampaignLab.Named("numa-fault/per-pte")
        );
        Assert.Empty(record.ReferenceFindings);
        return record;
    }
}
