using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;
using PteCheck.Properties.Campaigns;

namespace PteCheck.Properties.MadviseFree;

/// <summary>What a leaf of a scenario is in the machine, what madvise_free_huge_pmd leaves of it, and what is refused.</summary>
public sealed class MadviseFreeTests
{
    [Fact]
    public void EqualEntriesAreOneLeaf()
    {
        var initial = Run("A: { order: 3, exclusive: all }", "a+0..7: A[0..7] WDY").Initial;
        var pmd = initial.Pmds[initial.FindPmd(0, 0)];

        Assert.Equal(PmdKind.Huge, pmd.Kind);
        Assert.NotEqual(0, pmd.Deposited);
        Assert.Equal(1, initial.Folios[0].Mapcount);
        Assert.Equal(1, initial.Folios[0].EntireMapcount);
        Assert.Equal(1, initial.Folios[0].RefCount);
        Assert.Equal(8, initial.Mms[0].RssAnon);
        Assert.Equal(1, initial.Mms[0].NrPtes);
        Assert.Equal(Machine.AnonExclusive, initial.PageFlags[initial.Folios[0].FirstFrame]);
        Assert.Equal(0, initial.PageFlags[initial.Folios[0].FirstFrame + 1]);
    }

    [Fact]
    public void ALeafStaysMappedOldAndCleanAndItsFolioIsLazyfree()
    {
        var record = Run("A: { order: 3, exclusive: all, dirty: true }", "a+0..7: A[0..7] WDY");
        var pte = record.Candidate.Walk<X86_64>(0, 5);

        Assert.True(X86_64.PteWrite(pte, record.Candidate.Context));
        Assert.False(X86_64.PteYoung(pte) || X86_64.PteDirty(pte));
        Assert.Equal(FolioKind.Lazyfree, record.Candidate.Folios[0].Kind);
        Assert.Equal(
            FolioFlags.None,
            record.Candidate.Folios[0].Flags & (FolioFlags.Swapbacked | FolioFlags.Dirty)
        );
        Assert.Equal(
            [(PmdKind.Huge, PmdKind.Invalid), (PmdKind.Invalid, PmdKind.Huge)],
            Stores(record)
        );
    }

    [Theory]
    [InlineData("A: { order: 3, exclusive: all, locked: true }", "a+0..7: A[0..7] WDY")]
    [InlineData("A: { order: 3, exclusive: all }", "a+0..7: A[0..7]")]
    public void ALockedFolioAndAnOldCleanLeafKeepTheirEntry(string folio, string entries) =>
        Assert.Empty(Stores(Run(folio, entries)));

    [Fact]
    public void AFolioThatAnotherMmMapsIsPassedOver()
    {
        var record = Run(
            "A: { order: 3 }",
            "a+0..7: A[0..7] DY, b+0..7: A[0..7]",
            "  - { name: b, mm: m1, pages: 8, tables: leaf }\n",
            "mms: 2\n"
        );

        Assert.Empty(Stores(record));
        Assert.Equal(FolioKind.Anon, record.Candidate.Folios[0].Kind);
    }

    [Theory]
    [InlineData("A: { order: 3, exclusive: all }", "a+0..6: A[0..6] WDY")]
    [InlineData("A: { order: 3, exclusive: all }", "a+0..6: A[0..6] WDY, a+7: A[7] WD")]
    [InlineData("A: { order: 3, exclusive: [0..6] }", "a+0..7: A[0..7] DY")]
    [InlineData("A: { order: 4, exclusive: all }", "a+0..7: A[0..7] WDY")]
    [InlineData("A: { order: 4, exclusive: all }", "a+0..7: A[8..15] WDY")]
    public void WhatIsNoLeafIsRefused(string folio, string entries)
    {
        var error = Assert.Throws<ScenarioException>(() => Run(folio, entries));

        Assert.Contains("RS16: ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("zap a", 8, "leaf")]
    [InlineData("madvise-free a", 7, "leaf")]
    [InlineData("madvise-free a+0..3", 8, "leaf")]
    [InlineData("madvise-free a", 8, "present")]
    public void OnlyWholeLeavesAreWorkedOn(string run, int pages, string tables)
    {
        var text =
            $"arch: x86-64\ntable: {{ slots: 8, cont: 4 }}\nvmas:\n  - {{ name: a, pages: {pages}, tables: {tables} }}\nrun: {run}";
        var error = Assert.Throws<ScenarioException>(() => ScenarioReader.Read(text, "leaf.yaml"));

        Assert.Contains("RS16: ", error.Message, StringComparison.Ordinal);
    }

    private static List<(PmdKind From, PmdKind To)> Stores(CaseRecord record)
    {
        var stores = new List<(PmdKind, PmdKind)>();
        foreach (ref readonly var e in record.CandidateTrace.Events)
        {
            if (e.Op == Primitive.PmdStore)
            {
                stores.Add(((PmdKind)e.Slot, (PmdKind)e.Nr));
            }
        }

        return stores;
    }

    private static CaseRecord Run(
        string folio,
        string entries,
        string moreVmas = "",
        string settings = ""
    )
    {
        var text =
            $"arch: x86-64\n{settings}table: {{ slots: 8, cont: 4 }}\nfolios: {{ {folio} }}\nvmas:\n  - {{ name: a, pages: 8, tables: leaf }}\n{moreVmas}ptes:\n  {entries.Replace(", ", "\n  ", StringComparison.Ordinal)}\nrun: madvise-free a";
        return Runner.Explain(
            ScenarioReader.Read(text, "leaf.yaml"),
            CampaignLab.Named("madvise-free/per-pmd")
        );
    }
}
