using PteCheck.Model.Architectures;

namespace PteCheck.Benchmarks.Measuring;

/// <summary>
/// How soon the known bugs are found from random starts, and what they shrink to. For each of seeds
/// 1 to 100 the cases of a campaign of that seed until every rule of the bug was the
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

    private static readonly KnownBug[] Bugs =
    [
        new("mremap/as-posted-v4", ["PTB001", "PTB002"]),
        new("mremap/sketch-split-no-clear", ["PTB006"]),
        new("mremap/batched-any-arch", ["PTB001", "PTB002"]) { ShadowStack = true },
        new(
            "lazyfree-unmap/as-posted-v4",
            ["PTB001", "PTB002", "PTB003", "PTB009", "PTB301", "PTB302"]
        ),
        new("lazyfree-unmap/bounded", ["PTB001", "PTB002", "PTB003", "PTB008", "PTB009", "PTB606"]),
        new("lazyfree-unmap/batched", ["PTB009"]),
        new("lazyfree-unmap/batched~ignore-protnone", ["PTB005", "PTB205", "PTB206"]),
        new("lazyfree-unmap/as-posted-v4", ["PTB001", "PTB002", "PTB301", "PTB302"])
        {
            Architecture = Architecture.Arm64,
        },
        new("lazyfree-unmap/bounded", ["PTB001", "PTB002", "PTB008", "PTB606"])
        {
            Architecture = Architecture.Arm64,
        },
        new("lazyfree-unmap/batched~ignore-protnone", ["PTB005", "PTB205", "PTB206"])
        {
            Architecture = Architecture.Arm64,
        },
    ];

    /// <summary>Measures.</summary>
    public static void Measure(FigureTable table, CancellationToken cancel)
    {
        foreach (var bug in Bugs)
        {
            var hunt = new BugHunt(bug);
            for (var seed = 1UL; seed <= Seeds; seed++)
            {
                cancel.ThrowIfCancellationRequested();
                hunt.Run(seed);
            }

            foreach (var trophies in hunt.Trophies)
            {
                var with = bug.ShadowStack ? ", shadow stacks" : "";
                Print(
                    table,
                    $"{bug.Implementation} {trophies.Rule}, {bug.Architecture.Name()}{with}",
                    trophies
                );
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

/// <summary>A bug that is looked for.</summary>
/// <param name="Implementation">The implementation that has it, with its operation.</param>
/// <param name="Rules">The primary rules that it breaks.</param>
internal sealed record KnownBug(string Implementation, IReadOnlyList<string> Rules)
{
    /// <summary>Where it is looked for.</summary>
    public Architecture Architecture { get; init; } = Architecture.X86;

    /// <summary>Whether the CPU has shadow stacks.</summary>
    public bool ShadowStack { get; init; }
}
