using PteCheck.Checking.Oracles;
using PteCheck.Checking.Running;
using PteCheck.Model.Architectures;

namespace PteCheck.Benchmarks.Measuring;

/// <summary>
/// What judging costs. The same 4,096 cases of a campaign, generated, expanded and run by both sides
/// with trace and bounds, once without oracles (<see cref="CaseWorker{TArch}.RunOnly"/>), once with
/// all, once with none but the stale translations prepared, and once with each oracle alone, in 9
/// alternating rounds. The figure is the median ratio of all to without; the share of an oracle is
/// the time that it alone adds, in the unit of the case without oracles. Shares need not add up to
/// the whole: the invariants of equal machines are counted once.
/// </summary>
internal static class OracleCost
{
    private const int RoundCount = 9;
    private const double Goal = 2.0;

    private static readonly (OracleSet Oracle, string Name)[] Oracles =
    [
        (OracleSet.Faults, "contract and bounds"),
        (OracleSet.Tlb, "tlb"),
        (OracleSet.State, "state"),
        (OracleSet.Invariants, "invariants"),
        (OracleSet.Work, "work"),
    ];

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
        var cases = new CaseStream(architecture, first: 0, blocks: 1);
        var variants = new List<Action>
        {
            () => cases.ForEach(worker.RunOnly),
            Asking(OracleSet.All),
            Asking(OracleSet.None),
        };
        variants.AddRange(Oracles.Select(oracle => Asking(oracle.Oracle)));
        var rounds = Rounds.Time(RoundCount, cancel, [.. variants]);

        table.AtMost(
            $"checked / oracles off, {architecture.Name()}",
            rounds.Median(times => times[1] / times[0]),
            Goal,
            FigureFormat.Ratio
        );
        table.Detail(
            "a case with the oracles off",
            rounds.Median(times => times[0]) / cases.Cases * 1e9,
            FigureFormat.Count(" ns")
        );
        Share("preparing stale translations", 2, 0);
        for (var i = 0; i < Oracles.Length; i++)
        {
            Share(Oracles[i].Name, i + 3, 2);
        }

        Action Asking(OracleSet oracles) =>
            () =>
            {
                worker.Oracles = oracles;
                cases.ForEach(worker.Evaluate);
            };

        void Share(string name, int with, int without) =>
            table.Detail(
                $"of that {name}",
                rounds.Median(times => (times[with] - times[without]) / times[0]),
                FigureFormat.Ratio
            );
    }
}
