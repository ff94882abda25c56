using System.Diagnostics;

namespace PteCheck.Benchmarks.Measuring;

/// <summary>
/// Times of several variants, taken in turns: every round runs each variant once, so that a slow
/// moment of the machine hits all of them. Rounds before the first that counts warm the code up.
/// </summary>
internal sealed class Rounds
{
    private const int WarmUps = 2;
    private readonly double[][] seconds;

    private Rounds(double[][] seconds) => this.seconds = seconds;

    /// <summary>Runs the rounds.</summary>
    /// <param name="count">How many count; odd, so that there is a median.</param>
    /// <param name="cancel">Ends them with an exception.</param>
    /// <param name="variants">What is timed; each does the same amount of work in every round.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Rounds Time(int count, CancellationToken cancel, params Action[] variants)
    {
        var measured = new double[count][];
        for (var round = -WarmUps; round < count; round++)
        {
            var times = new double[variants.Length];
            for (var variant = 0; variant < variants.Length; variant++)
            {
                cancel.ThrowIfCancellationRequested();
                var start = Stopwatch.GetTimestamp();
                variants[variant]();
                times[variant] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            }

            if (round >= 0)
            {
                measured[round] = times;
            }
        }

        return new(measured);
    }

    /// <summary>Least seconds of a variant, what it takes when nothing else disturbs it.</summary>
    public double Least(int variant) => seconds.Min(times => times[variant]);

    /// <summary>Median over the rounds of what is computed from the seconds of a round.</summary>
    public double Median(Func<double[], double> value) => Medians.Of(seconds.Select(value));
}

/// <summary>Medians.</summary>
internal static class Medians
{
    /// <summary>The middle value; of an even number the higher of the two in the middle.</summary>
    public static double Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
