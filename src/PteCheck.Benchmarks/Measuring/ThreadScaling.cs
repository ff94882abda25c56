using System.Diagnostics;
using PteCheck.Checking.Campaigns;
using PteCheck.Model.Architectures;

namespace PteCheck.Benchmarks.Measuring;

/// <summary>
/// Two threads against one: whole campaigns of 24 blocks (98,304 cases) of mremap/batched on arm64,
/// with all that belongs to a campaign, in 5 alternating pairs; the median of the five ratios. Beside
/// it stands the processor time of two threads over that of one, near 1 when they do not disturb each
/// other, and the processors that two threads were given: below 2 the machine was busy with something
/// else, and the ratio says nothing about this program.
/// </summary>
internal static class ThreadScaling
{
    private const int Pairs = 5;
    private const double Goal = 1.8;
    private const long Cases = 24 * CaseBlock.Cases;

    /// <summary>Measures.</summary>
    public static void Measure(FigureTable table, CancellationToken cancel)
    {
        var alone = new List<double>();
        var both = new List<double>();
        var rounds = Rounds.Time(
            Pairs,
            cancel,
            () => alone.Add(ProcessorSeconds(1, cancel)),
            () => both.Add(ProcessorSeconds(2, cancel))
        );
        table.AtLeast(
            "two threads / one",
            rounds.Median(times => times[0] / times[1]),
            Goal,
            FigureFormat.Ratio
        );
        table.Detail(
            "processor time, two threads / one",
            Medians.Of(both) / Medians.Of(alone),
            FigureFormat.Ratio
        );
        table.Detail(
            "processors given to two threads",
            Medians.Of(both) / rounds.Median(times => times[1]),
            new(2, "")
        );
        table.Detail(
            "campaign on one thread",
            rounds.Median(times => Cases / times[0]),
            FigureFormat.Count(" cases/s")
        );
    }

    private static double ProcessorSeconds(int jobs, CancellationToken cancel)
    {
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        Campaign.Run(
            new()
            {
                Operation = Subjects.Mremap,
                Implementation = Subjects.Named("batched"),
                Architecture = Architecture.Arm64,
                Cases = Cases,
                Jobs = jobs,
            },
            cancel
        );
        process.Refresh();
        return (process.TotalProcessorTime - before).TotalSeconds;
    }
}
