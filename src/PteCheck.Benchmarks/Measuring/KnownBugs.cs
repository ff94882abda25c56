namespace PteCheck.Benchmarks.Measuring;

/// <summary>
/// How soon the known bugs are found from random starts, and what they shrink to. For each of seeds
/// 1 to 100 the cases of a campaign of that seed on x86-64 until every rule of the bug was the
/// primary one of some case; then each first such case is minimized. Given are the medians of cases
/// and of seconds over the seeds, generation and judging included, the largest number of evaluations
/// of a minimization, and how many different minimal scenarios came out. A seed that does not find a
/// rule within the goal counts with the goal's cases and leaves no scenario.
/// </summary>
internal static class KnownBugs
{
    /// <summary>Cases within which a bug should be found.</summary>
    public const long GoalCases = 200_000;

    private const int Seeds = 100;
    private const double GoalSeconds = 5;
    private const double GoalEvaluations = 250;

    private static readonly (string Implementation, bool ShadowStack, string[] Rules)[] Bugs =
    [
        ("as-posted-v4", false, ["PTB001", "PTB002"]),
        ("sketch-split-no-clear", false, ["PTB006"]),
        ("batched-any-arch", true, ["PTB001", "PTB002"]),
    ];

    /// <summary>Measures.</summary>
    public static void Measure(FigureTable table, CancellationToken cancel)
    {
        foreach (var (implementation, shadowStack, rules) in Bugs)
        {
            var hunt = new BugHunt(Subjects.Named(implementation), shadowStack, rules);
            for (var seed = 1UL; seed <= Seeds; seed++)
            {
                cancel.ThrowIfCancellationRequested();
                hunt.Run(seed);
            }

            foreach (var trophies in hunt.Trophies)
            {
                var where = shadowStack ? ", shadow stacks" : "";
                Print(table, $"{implementation} {trophies.Rule}{where}", trophies);
            }
        }
    }

    private static void Print(FigureTable table, string name, BugTrophies trophies)
    {
        table.Detail(name, Seeds, FigureFormat.Count(" seeds"));
        table.AtMost(
            "    found after (median)",
            Medians.Of(trophies.Cases),
            GoalCases,
            FigureFormat.Count()
        );
        table.AtMost("    seconds (median)", Medians.Of(trophies.Seconds), GoalSeconds, new(4, ""));
        table.AtMost(
            "    evaluations to shrink (most)",
            trophies.MostEvaluations,
            GoalEvaluations,
            FigureFormat.Count()
        );
        table.AtMost(
            $"    minimal scenarios of {trophies.Found} finds",
            trophies.Minimal.Count,
            1,
            FigureFormat.Count()
        );
    }
}
