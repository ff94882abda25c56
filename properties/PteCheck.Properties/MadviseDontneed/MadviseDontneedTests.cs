using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;
using PteCheck.Properties.Campaigns;

namespace PteCheck.Properties.MadviseDontneed;

/// <summary>What zap_huge_pmd leaves of a leaf, and what it does where the leaf has gone since the first look.</summary>
public sealed class MadviseDontneedTests
{
    [Fact]
    public void NothingIsLeftOfALeaf()
    {
        var final = Run("A: { order: 3, exclusive: all }").Candidate;
        var pmd = final.Pmds[final.FindPmd(0, 0)];

        Assert.Equal(PmdKind.None, pmd.Kind);
        Assert.Equal(0, pmd.Deposited);
        Assert.Equal(0, final.Mms[0].NrPtes);
        Assert.Equal(0, final.Mms[0].RssAnon);
        Assert.Equal(0, final.Folios[0].Mapcount);
        Assert.Equal(0, final.Folios[0].EntireMapcount);
        Assert.Equal(FolioFlags.Freed, final.Folios[0].Flags & FolioFlags.Freed);
    }

    [Fact]
    public void AFolioThatIsHeldElsewhereStays()
    {
        var final = Run("A: { order: 3, exclusive: all, extra-refs: 1 }").Candidate;

        Assert.Equal(1, final.Folios[0].RefCount);
        Assert.Equal(FolioFlags.None, final.Folios[0].Flags & FolioFlags.Freed);
    }

    [Fact]
    public void TheFolioIsFreedAfterOneFlushOfAllItsPages()
    {
        var events = Run("A: { order: 3, exclusive: all }").CandidateTrace.Events.ToArray();
        var flush = Assert.Single(events, e => e.Op == Primitive.TlbFlushRange);

        Assert.Equal(8, flush.Nr);
        Assert.Equal(
            [Primitive.PmdStore, Primitive.TableFree, Primitive.TlbFlushRange, Primitive.FolioFree],
            events
                .Select(e => e.Op)
                .Where(op =>
                    op
                        is Primitive.PmdStore
                            or Primitive.TableFree
                            or Primitive.TlbFlushRange
                            or Primitive.FolioFree
                )
        );
    }

    /// <summary>Another zap takes the leaf after the first look, and a store brings an entry of a table in its place.</summary>
    [Fact]
    public void WhatHasComeInThePlaceOfTheLeafIsZapped()
    {
        var record = Run(
            "A: { order: 3, exclusive: all }",
            "interference:\n  - cpu1 zap a+0..7 before lock pmd\n  - cpu1 zap-finish a+0 before lock pmd\n  - cpu1 store a+3 before lock pmd"
        );
        var table = record.Candidate.FindTable(0, 3);

        Assert.True(table >= 0);
        Assert.False(record.Candidate.TableWords(table).ContainsAnyExcept(0ul));
        Assert.Equal(0, record.Candidate.Mms[0].RssAnon);
        Assert.Contains(
            record.CandidateTrace.Events.ToArray(),
            e => e is { Op: Primitive.PtepGetAndClear or Primitive.GetAndClearPtes, Actor: 0 }
        );
    }

    private static CaseRecord Run(string folio, string more = "")
    {
        var text =
            $"arch: x86-64\ntable: {{ slots: 8, cont: 4 }}\nfolios: {{ {folio} }}\nvmas:\n  - {{ name: a, pages: 8, tables: leaf }}\nptes:\n  a+0..7: A[0..7] WDY\nrun: madvise-dontneed a\n{more}";
        return Runner.Explain(
            ScenarioReader.Read(text, "leaf.yaml"),
            CampaignLab.Named("madvise-dontneed/per-pmd")
        );
    }
}
