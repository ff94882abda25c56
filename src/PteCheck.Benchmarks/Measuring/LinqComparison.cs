using FsCheck;
using FsCheck.Fluent;
using PteCheck.Benchmarks.Comparing;
using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Generation;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Model.Architectures;

namespace PteCheck.Benchmarks.Measuring;

/// <summary>
/// Against the same property written the usual FsCheck way: mremap/batched-any-arch on x86-64, judged
/// by every oracle. Here blocks of 4,096 cases as a campaign has them, FsCheck's drawing of seeds
/// included; there 4,096 cases of one Check.One over a LINQ generator, whose records are written into
/// one reused scenario, so that the comparison is not about large arrays. 7 alternating rounds, sizes
/// 1 to 100 in both; the figure is the median ratio of cases per second. The entries of a case are
/// given for both, since a case with fewer entries is cheaper; both generators are timed by themselves
/// too, since what follows them is the same on both sides and bounds the ratio.
/// </summary>
internal static class LinqComparison
{
    private const int RoundCount = 7;
    private const double Goal = 10;

    /// <summary>Measures.</summary>
    public static void Measure(FigureTable table, CancellationToken cancel)
    {
        var drawn = new Side();
        var linq = new Side();
        var rounds = Rounds.Time(
            RoundCount,
            cancel,
            () => RunBlock(drawn, judge: true),
            () => RunLinq(linq),
            DrawLinq,
            () => RunBlock(drawn, judge: false)
        );
        table.AtLeast(
            "cases/s against LINQ generators",
            rounds.Median(times => times[1] / times[0]),
            Goal,
            FigureFormat.Ratio
        );
        Describe("drawn seeds", drawn, rounds.Median(times => times[0]));
        Describe("LINQ", linq, rounds.Median(times => times[1]));
        table.Detail(
            "LINQ: share of its generator",
            rounds.Median(times => times[2] / times[1]) * 100,
            FigureFormat.Count(" %")
        );
        table.Detail(
            "generators alone, LINQ / drawn seeds",
            rounds.Median(times => times[2] / times[3]),
            FigureFormat.Ratio
        );

        void Describe(string name, Side side, double seconds)
        {
            table.Detail(
                $"{name}: speed",
                CaseBlock.Cases / seconds,
                FigureFormat.Count(" cases/s")
            );
            table.Detail(
                $"{name}: entries of a case",
                (double)side.Entries / side.Cases,
                new(1, "")
            );
        }
    }

    private static void RunBlock(Side side, bool judge)
    {
        var options = new GeneratorOptions(
            Architecture.X86,
            ShadowStack: false,
            Bbml2: false,
            InterleavedPercent: 0
        );
        CaseBlock.Visit(
            seed: 1,
            block: 0,
            (_, draw) =>
            {
                for (var i = 0; i < CaseBlock.CasesPerTest; i++)
                {
                    var seed = CaseBlock.SeedOf(draw, i);
                    side.Generator.Fill(side.Scenario, options, seed, draw.Size);
                    if (judge)
                    {
                        side.Judge();
                    }
                }

                return true;
            }
        );
    }

    private static void RunLinq(Side side) =>
        Check.One(
            Settings,
            Prop.ForAll(
                LinqGenerator.Scenarios,
                drawn =>
                {
                    drawn.WriteTo(side.Scenario);
                    return side.Judge();
                }
            )
        );

    private static void DrawLinq() =>
        Check.One(Settings, Prop.ForAll(LinqGenerator.Scenarios, drawn => drawn.Runs.Length > 0));

    private static Config Settings =>
        Config
            .Quick.WithMaxTest(CaseBlock.Cases)
            .WithStartSize(1)
            .WithEndSize(ScenarioGenerator.MaxSize)
            .WithRunner(SilentRunner.Instance);

    private sealed class Side
    {
        private readonly CaseWorker<X86_64> worker = Subjects.Worker<X86_64>(Architecture.X86);

        public Scenario Scenario { get; } = new();

        public ScenarioGenerator Generator { get; } = new();

        public long Cases { get; private set; }

        public long Entries { get; private set; }

        public bool Judge()
        {
            Cases++;
            Entries += Scenario.PteCount;
            worker.Evaluate(Scenario);
            return worker.Candidate.Count == 0 && worker.Reference.Count == 0;
        }
    }
}
