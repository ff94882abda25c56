using System.Diagnostics;
using PteCheck.Checking.Exhaustive;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.LazyfreeUnmap;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Benchmarks.Measuring;

/// <summary>
/// The complete search of lazyfree-unmap with moves of others: one to three clean, writable entries of an order-2 folio,
/// every combination of the flags of scope L3, and none, one or two moves at every anchor; on one thread, x86-64. What is
/// printed is how many runs an initial state leads to, and how many of them are judged in a second; no goals.
/// </summary>
internal static class InterleavedSearch
{
    private const int MostPtes = 3;
    private const int MostMoves = 2;
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(0.5);
    private static readonly IReadOnlyList<EntryClass> Writable =
    [
        new(EntryKind.Present, PteBits.Write),
    ];

    /// <summary>Measures.</summary>
    public static void Measure(FigureTable table, CancellationToken cancel)
    {
        table.Head("interleaved search, x86-64, one thread");
        Search(MostPtes, MostMoves, revisit: false, cancel);
        for (var ptes = 1; ptes <= MostPtes; ptes++)
        {
            for (var moves = 0; moves <= MostMoves; moves++)
            {
                var found = Search(ptes, moves, revisit: false, cancel);
                var of =
                    $"{ptes} PTE{(ptes == 1 ? "" : "s")}, {moves} move{(moves == 1 ? "" : "s")}";
                table.Detail($"{of}: runs of a state", found.RunsOfState, FigureFormat.Count());
                table.Detail($"{of}: runs a second", found.PerSecond, FigureFormat.Count("/s"));
            }
        }

        var once = Search(1, MostMoves, revisit: false, cancel);
        var again = Search(1, MostMoves, revisit: true, cancel);
        var saved = again.RunsOfState / once.RunsOfState;
        table.Detail("runs saved by visiting states once, 1 PTE", saved, FigureFormat.Ratio);
    }

    private static (double RunsOfState, double PerSecond) Search(
        int ptes,
        int moves,
        bool revisit,
        CancellationToken cancel
    )
    {
        var scope = new LazyfreeScope(
            "bench",
            "writable entries",
            interleaved: true,
            [new(10, 0, 0, ptes)],
            new LazyfreeVma(VmaFlags.None, _ => Writable)
        );
        var options = new ExhaustOptions
        {
            Scope = scope,
            Implementation = LazyfreeOperation.Instance.Implementations.First(known =>
                known.Name == "batched"
            ),
            Architecture = Architecture.X86,
            Moves = moves,
            RevisitStates = revisit,
        };
        var kernel = options.Implementation.Kernel;
        var worker = new CaseWorker<X86_64>(scope.Operation, options.Implementation, kernel);
        var search = new InterleavingSearch<X86_64>(worker, options, _ => { });
        var scenario = new Scenario();
        long states = 0,
            runs = 0;
        var start = Stopwatch.GetTimestamp();
        for (var number = 0L; Stopwatch.GetElapsedTime(start) < Least || number > 0; )
        {
            cancel.ThrowIfCancellationRequested();
            if (scope.Fill(scenario, Architecture.X86, number))
            {
                worker.Evaluate(scenario);
                states++;
                runs++;
                if (moves > 0)
                {
                    search.Search(scenario);
                    runs += search.Interleavings;
                }
            }

            number = (number + 1) % scope.Numbers(Architecture.X86);
        }

        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return ((double)runs / states, runs / seconds);
    }
}
