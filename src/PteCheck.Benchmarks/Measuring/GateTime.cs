using PteCheck.Checking.Campaigns;
using PteCheck.Model.Architectures;

namespace PteCheck.Benchmarks.Measuring;

/// <summary>
/// The gate profile: campaigns of mremap/batched on both architectures, one after the other, with as
/// many threads as there are cores. One run; its seconds are this machine's, not a ratio.
/// </summary>
internal static class GateTime
{
    private const double GoalSeconds = 60;

    /// <summary>Measures.</summary>
    public static void Measure(FigureTable table, CancellationToken cancel)
    {
        var seconds = 0.0;
        var cases = 0L;
        foreach (var architecture in ArchitectureNames.All)
        {
            var result = Campaign.Run(
                new()
                {
                    Operation = Subjects.Mremap,
                    Implementation = Subjects.Named("batched"),
                    Architecture = architecture,
                    Cases = Profiles.Gate,
                    Jobs = Environment.ProcessorCount,
                },
                cancel
            );
            seconds += result.Seconds;
            cases += result.Cases;
        }

        cancel.ThrowIfCancellationRequested();
        table.AtMost("gate profile, all cores", seconds, GoalSeconds, new(1, " s"));
        table.Detail("its cases", cases, FigureFormat.Count());
    }
}
