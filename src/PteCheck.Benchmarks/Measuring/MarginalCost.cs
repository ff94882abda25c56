using PteCheck.Model.Architectures;

namespace PteCheck.Benchmarks.Measuring;

/// <summary>
/// What one more PTE costs. Fixed scenarios of 64, 128, 256 and 512 entries, all of order-4 folios
/// mapped whole, moved to another table and judged by every oracle; 400 cases of each in 15
/// alternating rounds. The marginal cost is the slope of the least times between one size and the
/// next; the figure is the steepest slope over the flattest. The fixed cost is what remains of the
/// 64 entries' time when 64 times the mean slope is taken off.
/// </summary>
internal static class MarginalCost
{
    private const int RoundCount = 15;
    private const int CasesPerRound = 400;
    private const double Goal = 1.3;
    private static readonly int[] Sizes = [64, 128, 256, 512];

    /// <summary>Measures both architectures.</summary>
    public static void Measure(FigureTable table, CancellationToken cancel)
    {
        Measure<X86_64>(Architecture.X86, table, cancel);
        Measure<Arm64>(Architecture.Arm64, table, cancel);
    }

    private static void Measure<TArch>(
        Architecture architecture,
        FigureTable table,
        CancellationToken cancel
    )
        where TArch : struct, IArch
    {
        var worker = Subjects.Worker<TArch>(architecture);
        var variants = new Action[Sizes.Length];
        for (var i = 0; i < Sizes.Length; i++)
        {
            var scenario = FixedScenarios.Folios(architecture, Sizes[i]);
            variants[i] = () =>
            {
                for (var n = 0; n < CasesPerRound; n++)
                {
                    worker.Evaluate(scenario);
                }
            };
        }

        var rounds = Rounds.Time(RoundCount, cancel, variants);
        var nanoseconds = new double[Sizes.Length];
        for (var i = 0; i < Sizes.Length; i++)
        {
            nanoseconds[i] = rounds.Least(i) / CasesPerRound * 1e9;
        }

        Print(architecture, nanoseconds, table);
    }

    private static void Print(Architecture architecture, double[] nanoseconds, FigureTable table)
    {
        var slopes = new double[Sizes.Length - 1];
        for (var i = 0; i < slopes.Length; i++)
        {
            slopes[i] = (nanoseconds[i + 1] - nanoseconds[i]) / (Sizes[i + 1] - Sizes[i]);
        }

        table.AtMost(
            $"cost of one more PTE, {architecture.Name()}",
            slopes.Max() / slopes.Min(),
            Goal,
            FigureFormat.Ratio
        );
        for (var i = 0; i < slopes.Length; i++)
        {
            table.Detail($"from {Sizes[i]} to {Sizes[i + 1]} PTEs", slopes[i], new(1, " ns/PTE"));
        }

        var mean = (nanoseconds[^1] - nanoseconds[0]) / (Sizes[^1] - Sizes[0]);
        table.Detail(
            "fixed cost of a case",
            nanoseconds[0] - (Sizes[0] * mean),
            FigureFormat.Count(" ns")
        );
    }
}
