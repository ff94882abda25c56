using PteCheck.Model.Architectures;

namespace PteCheck.Benchmarks.Measuring;

/// <summary>
/// Bytes that the hot path allocates: generate, expand, run twice, judge. A first time over eight blocks of
/// cases (32,768) lets every reusable buffer grow to its size; the bytes of this thread are counted the
/// second time.
/// </summary>
internal static class Allocation
{
    private const int Blocks = 8;

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
        var counted = new CaseStream(architecture, first: 0, Blocks);
        var evaluate = worker.Evaluate;
        counted.ForEach(evaluate);
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
