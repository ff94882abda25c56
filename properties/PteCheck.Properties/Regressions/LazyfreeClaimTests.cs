using System.Globalization;
using PteCheck.Checking.Scenarios;
using PteCheck.Model.Architectures;
using PteCheck.Model.Traces;
using PteCheck.Properties.Campaigns;
using PteCheck.Properties.Lazyfree;
using Xunit.Abstractions;

namespace PteCheck.Properties.Regressions;

/// <summary>
/// The claims of the lazyfree thread that are about work. Its microbenchmark reclaims 128 MB in folios of
/// 64 KiB; here each of those 2,048 folios is a run of its own, at its own place in memory.
/// </summary>
public sealed class LazyfreeClaimTests(ITestOutputHelper output)
{
    private const int Folios = 2048;
    private const int PagesEach = 16;
    private const ulong FirstPfn = 0x10000;

    private static readonly (string Name, Primitive[] Counted)[] Rows =
    [
        ("get_and_clear", [Primitive.PtepGetAndClear, Primitive.GetAndClearPtes]),
        ("record a flush", [Primitive.SetTlbUbcFlushPending]),
        ("flush the TLB", [Primitive.TlbFlushRange, Primitive.TlbFlushMm]),
        ("add_mm_counter", [Primitive.MmCounter]),
        ("remove_rmap", [Primitive.RemoveRmap]),
        ("folio_put, freeze", [Primitive.FolioRef, Primitive.FolioRefFreeze]),
        ("deferred_split", [Primitive.DeferredSplit]),
        ("ptep_get", [Primitive.PtepGet]),
        ("unfold a block", [Primitive.ContpteUnfold]),
    ];

    private static readonly (Architecture Architecture, bool Deferred)[] Columns =
    [
        (Architecture.X86, true),
        (Architecture.X86, false),
        (Architecture.Arm64, true),
    ];

    [Theory]
    [InlineData(Architecture.X86)]
    [InlineData(Architecture.Arm64)]
    public void D3EveryFolioIsQueuedEntryByEntryAndNoneAsABatch(Architecture architecture)
    {
        var scenario = Read("D3-queue.yaml");
        scenario.Architecture = architecture;

        Assert.Equal(Folios, Counts(scenario, "per-pte")[(int)Primitive.DeferredSplit]);
        foreach (var implementation in (string[])["as-posted-v4", "bounded", "batched"])
        {
            Assert.Equal(0, Counts(scenario, implementation)[(int)Primitive.DeferredSplit]);
        }

        Assert.Contains(
            $"queued {Number(Folios)} times entry by entry",
            scenario.Notes!.Answer,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("D3-partly-mapped.yaml", "per-pte", 0)]
    [InlineData("D3-partly-mapped.yaml", "batched", 0)]
    [InlineData("D3-two-tables.yaml", "per-pte", 1)]
    [InlineData("D3-two-tables.yaml", "bounded", 1)]
    [InlineData("D3-two-tables.yaml", "batched", 1)]
    public void D3AFolioThatIsNotOneBatch(string file, string implementation, int queued) =>
        Assert.Equal(
            queued,
            CountedRun.Of(Read(file), implementation).Trace.Calls(Primitive.DeferredSplit)
        );

    [Fact]
    public void D4TheTableOfWhatIsSaved()
    {
        var scenario = Read("D4-saved.yaml");
        var columns = new List<long[]>();
        foreach (var (architecture, deferred) in Columns)
        {
            scenario.Architecture = architecture;
            scenario.Run.Deferred = deferred;
            columns.Add(Counts(scenario, "per-pte"));
            columns.Add(Counts(scenario, "batched"));
        }

        foreach (var (name, counted) in Rows)
        {
            var counts = columns.Select(column => counted.Sum(primitive => column[(int)primitive]));
            var row = $"{name, -17}{string.Concat(counts.Select(count => $"{Number(count), 9}"))}";
            output.WriteLine(row);
            Assert.Contains(row, scenario.Notes!.Answer, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("D5-whole.yaml", "as-posted-v4", 1, 16)]
    [InlineData("D5-whole.yaml", "bounded", 1, 16)]
    [InlineData("D5-whole.yaml", "batched", 1, 16)]
    [InlineData("D5-over-a-table-end.yaml", "as-posted-v4", 0, 0)]
    [InlineData("D5-over-a-table-end.yaml", "as-posted-v4~bounded-scan", 0, 0)]
    [InlineData("D5-over-a-table-end.yaml", "batched", 2, 8)]
    [InlineData("D5-over-a-vma-end.yaml", "as-posted-v4", 0, 0)]
    [InlineData("D5-over-a-vma-end.yaml", "as-posted-v4~bounded-scan", 0, 0)]
    [InlineData("D5-over-a-vma-end.yaml", "batched", 2, 8)]
    [InlineData("D5-first-half.yaml", "as-posted-v4", 0, 0)]
    [InlineData("D5-first-half.yaml", "batched", 1, 8)]
    [InlineData("D5-second-half.yaml", "as-posted-v4", 0, 0)]
    [InlineData("D5-second-half.yaml", "batched", 1, 8)]
    [InlineData("D5-hole.yaml", "as-posted-v4", 0, 0)]
    [InlineData("D5-hole.yaml", "batched", 2, 10)]
    public void D5BatchesOfAFolioThatIsNotMappedWhole(
        string file,
        string implementation,
        int batches,
        int longest
    )
    {
        var trace = CountedRun.Of(Read(file), implementation).Trace;

        Assert.Equal((batches, longest), (trace.Batches, trace.LongestBatch));
    }

    /// <summary>Calls of each primitive over all folios of the benchmark.</summary>
    private static long[] Counts(Scenario scenario, string name)
    {
        var worker = CampaignLab.Worker(LazyfreeCampaigns.Named(name), scenario.Architecture);
        var counts = new long[(int)Primitive.Count];
        for (var folio = 0; folio < Folios; folio++)
        {
            scenario.Folios[0].Pfn = FirstPfn + (ulong)(folio * PagesEach);
            scenario.Vmas[0].At = folio * PagesEach;
            worker.Evaluate(scenario);
            Assert.Equal(0, worker.Candidate.Count + worker.Reference.Count);
            for (var primitive = 0; primitive < counts.Length; primitive++)
            {
                counts[primitive] += worker.CandidateTrace.Calls((Primitive)primitive);
            }
        }

        return counts;
    }

    private static Scenario Read(string file) =>
        RegressionFiles.Read(RegressionFiles.LazyfreeThread + file);

    private static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
