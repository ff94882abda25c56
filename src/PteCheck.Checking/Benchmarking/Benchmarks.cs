using System.Globalization;
using PteCheck.Checking.Campaigns;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;

namespace PteCheck.Checking.Benchmarking;

/// <summary>The figures of the project, measured in one run.</summary>
public static class Benchmarks
{
    private const int Pairs = 5;
    private const long Cases = 100_000;

    /// <summary>Measures and prints; every figure is a median over alternating runs.</summary>
    /// <param name="output">Where to print.</param>
    /// <param name="cancel">Ends the measurement; nothing more is printed.</param>
    /// <returns>0.</returns>
    public static int Run(TextWriter output, CancellationToken cancel)
    {
        var one = new List<double>();
        var ratios = new List<double>();
        for (var pair = 0; pair < Pairs && !cancel.IsCancellationRequested; pair++)
        {
            var single = CasesPerSecond(1, cancel);
            one.Add(single);
            ratios.Add(CasesPerSecond(2, cancel) / single);
        }

        if (!cancel.IsCancellationRequested)
        {
            var number = CultureInfo.InvariantCulture;
            output.WriteLine(
                string.Create(number, $"cases per second, one thread: {Median(one):N0}")
            );
            output.WriteLine(
                string.Create(
                    number,
                    $"two threads against one: {Median(ratios):F2}x (goal: 1.80x)"
                )
            );
        }

        return 0;
    }

    private static double CasesPerSecond(int jobs, CancellationToken cancel)
    {
        var operation = OperationCatalog.All[0];
        var result = Campaign.Run(
            new()
            {
                Operation = operation,
                Implementation = operation.Implementations.First(known => known.Name == "batched"),
                Architecture = Architecture.Arm64,
                Cases = Cases,
                Jobs = jobs,
            },
            cancel
        );
        return result.Cases / result.Seconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
