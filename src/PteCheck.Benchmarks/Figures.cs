using PteCheck.Benchmarks.Measuring;

namespace PteCheck.Benchmarks;

/// <summary>
/// The figures of the project, all in one run on one machine. What is a ratio compares two things
/// measured in alternation, so that it means the same on a fast machine and on a slow one.
/// </summary>
public static class Figures
{
    private static readonly Action<FigureTable, CancellationToken>[] Measurements =
    [
        OracleCost.Measure,
        SubjectCost.Measure,
        LinqComparison.Measure,
        ThreadScaling.Measure,
        MarginalCost.Measure,
        Allocation.Measure,
        KnownBugs.Measure,
        InterleavedSearch.Measure,
        GateTime.Measure,
    ];

    /// <summary>Measures and prints one figure after the other.</summary>
    /// <param name="output">Where to print.</param>
    /// <param name="cancel">Ends the measurement; nothing more is printed.</param>
    /// <returns>0 when every figure meets its goal, else 1; also 1 when cancelled.</returns>
    public static int Run(TextWriter output, CancellationToken cancel)
    {
        var table = new FigureTable(output);
        table.Begin();
        try
        {
            foreach (var measure in Measurements)
            {
                measure(table, cancel);
                cancel.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException)
        {
            return 1;
        }

        table.End();
        return table.Missed == 0 ? 0 : 1;
    }
}
