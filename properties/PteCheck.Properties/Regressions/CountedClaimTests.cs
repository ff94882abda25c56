using PteCheck.Model.Traces;

namespace PteCheck.Properties.Regressions;

/// <summary>
/// The claims of the mremap thread that are about work: the answers in the files give counts, and
/// these are the counts of the model.
/// </summary>
public sealed class CountedClaimTests
{
    [Theory]
    [InlineData("as-posted-v4")]
    [InlineData("sketch-split")]
    [InlineData("batched")]
    public void C1SixteenTimesFewerReadsOfFoldedBlocks(string implementation)
    {
        var perPte = CountedRun.Of("C1-folded-blocks.yaml", "per-pte");
        var batched = CountedRun.Of("C1-folded-blocks.yaml", implementation);

        Assert.Equal(16 * batched.PtepGets, perPte.PtepGets);
        AssertSays(batched, $"{perPte.PtepGets} calls become {batched.PtepGets}");
    }

    [Theory]
    [InlineData("as-posted-v4")]
    [InlineData("sketch-split")]
    [InlineData("batched")]
    public void C1AsManyReadsWithoutTheContBit(string implementation)
    {
        var perPte = CountedRun.Of("C1-never-folded.yaml", "per-pte");
        var batched = CountedRun.Of("C1-never-folded.yaml", implementation);

        Assert.Equal(batched.PtepGets, perPte.PtepGets);
        AssertSays(batched, $"{perPte.PtepGets} calls stay {batched.PtepGets}");
    }

    [Theory]
    [InlineData("as-posted-v4")]
    [InlineData("sketch-split")]
    [InlineData("batched")]
    public void C2NoInvalidationOfWholeBlocks(string implementation)
    {
        var perPte = CountedRun.Of("C2-whole-blocks.yaml", "per-pte");
        var batched = CountedRun.Of("C2-whole-blocks.yaml", implementation);
        var unfolds = perPte.Trace.Calls(Primitive.ContpteUnfold);
        var folds = perPte.Trace.Calls(Primitive.ContpteFold);

        Assert.Equal(0, batched.ContpteInvalidations);
        Assert.Equal(unfolds + folds, perPte.ContpteInvalidations);
        Assert.Equal(1, batched.Flushes);
        AssertSays(batched, $"invalidates {unfolds} to unfold and {folds} to fold");
    }

    [Theory]
    [InlineData("as-posted-v4")]
    [InlineData("sketch-split")]
    [InlineData("batched")]
    public void C2OneInvalidationForEachPartialBlock(string implementation)
    {
        var perPte = CountedRun.Of("C2-partial-ends.yaml", "per-pte");
        var batched = CountedRun.Of("C2-partial-ends.yaml", implementation);
        var starts = batched.Events(Primitive.ContpteUnfold).Select(e => (int)e.Slot);

        Assert.Equal([0, 48], starts);
        Assert.Equal(2, batched.ContpteInvalidations);
        AssertSays(batched, $"{batched.ContpteInvalidations} invalidations for the two blocks");
        AssertSays(batched, $"has {perPte.ContpteInvalidations} to unfold");
    }

    [Theory]
    [InlineData("C3-split-folio.yaml", "as-posted-v4", 0, 4)]
    [InlineData("C3-split-page-table.yaml", "as-posted-v4", 512, 512)]
    [InlineData("C3-split-page-table-arm64.yaml", "as-posted-v4", 512, 32)]
    [InlineData("C3-split-page-table-arm64.yaml", "batched", 512, 32)]
    [InlineData("C3-split-page-table.yaml", "batched", 0, 512)]
    public void C3BatchesFollowTheFolioAndNotTheTable(
        string file,
        string implementation,
        int longest,
        int reads
    )
    {
        var run = CountedRun.Of(file, implementation);

        Assert.Equal(longest, run.Trace.LongestBatch);
        Assert.Equal(reads, run.PtepGets);
    }

    [Theory]
    [InlineData("as-posted-v4")]
    [InlineData("sketch-split")]
    [InlineData("batched-any-arch")]
    public void C6MarkersAreDroppedOneByOne(string implementation)
    {
        var run = CountedRun.Of("C6-marker-run.yaml", implementation);

        Assert.Equal(2, run.Trace.Batches);
        Assert.Equal(4, run.Trace.LongestBatch);
        Assert.Equal(4, run.Trace.Calls(Primitive.PteClear));
        AssertSays(run, "dropped by four calls of pte_clear");
    }

    [Theory]
    [InlineData("per-pte")]
    [InlineData("as-posted-v4")]
    [InlineData("batched")]
    public void C8TheClearedDestinationWasNone(string implementation)
    {
        var run = CountedRun.Of("C8-destination-is-none.yaml", implementation);
        var cleared = Assert.Single(run.Events(Primitive.PteClear));
        var stores = run.Events(Primitive.PteStore).Where(e => e.Table == cleared.Table);

        Assert.Equal(0UL, Assert.Single(stores).A);
        Assert.NotEqual(run.Events(Primitive.PteStore)[0].Table, cleared.Table);
    }

    private static void AssertSays(CountedRun run, string counts) =>
        Assert.Contains(counts, run.Answer, StringComparison.Ordinal);
}
