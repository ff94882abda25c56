using PteCheck.Model.Architectures;

namespace PteCheck.Benchmarks.Measuring;

/// <summary>
/// Bytes that the hot path allocates: generate, expand, run twice, judge. Sixteen blocks of cases let
/// every reusable buffer grow to its size, sequences over full tables among them; then the bytes of this
/// thread are counted over four other blocks (16,384 cases).
/// </summary>
internal static class Allocation
{
    private const int WarmBlocks = 16;
    private const int CountedBlocks = 4;

    /// <summary>Measures both architectures.</summary>
    public static void Measure(FigureTable table, CancellationToken cancel)
    {
        Measure<X86_64>(Architecture.X86, table);
        cancel.ThrowIfCancellationRequested();
        Measure<Arm64>(Architecture.Arm64, table);
    }

    private static void Measure<TArch>(Architecture architecture, FigureTable table)
        where TArch : struct, IArch
    {
        var worker = Subjects.Worker<TArch>(architecture);
        var warm = new CaseStream(architecture, first: 0, WarmBlocks);
        var counted = new CaseStream(architecture, first: WarmBlocks, CountedBlocks);
        var evaluate = worker.Evaluate;
        warm.ForEach(evaluate);
        counted.ForEach(static _ => { });
        var before = GC.GetAllocatedBytesForCurrentThread();
        counted.ForEach(evaluate);
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        table.AtMost(
            $"allocated per case, {architecture.Name()}",
            (double)bytes / counted.Cases,
            0,
            bytes == 0 ? FigureFormat.Count(" B") : new(3, " B")
        );
    }
}
