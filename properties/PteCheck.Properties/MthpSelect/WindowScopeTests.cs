using System.Numerics;
using PteCheck.Checking.Exhaustive;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.MthpSelect;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;

namespace PteCheck.Properties.MthpSelect;

/// <summary>
/// The complete enumerations. Scope M1 as a whole is for <c>ptecheck exhaust</c>; here a table of each class is judged
/// in full, after every table has been shown to be one of its class.
/// </summary>
public sealed class WindowScopeTests
{
    private const int Slots = 16;

    /// <summary>What a window of four slots may hold, for each pair of classes: nothing, one page, all but one, all.</summary>
    private static readonly int[] Stretches = [0x0, 0x4, 0x7, 0xf];

    [Fact]
    public void EveryTableDoesWhatItsClassDoes()
    {
        var worker = MthpLab.Worker("recursive");
        var scenario = new Scenario();
        foreach (var threshold in (int[])[0, Slots - 1])
        {
            var known = new Dictionary<int, List<(int, int, ScanResult)>>();
            for (var table = 0; table < 1 << Slots; table++)
            {
                Fill(scenario, table, threshold);
                worker.Evaluate(scenario);
                var attempts = MthpLab.Attempts(worker.CandidateTrace);
                var key = ClassOf(table, threshold);
                known.TryAdd(key, attempts);

                Assert.Equal(known[key], attempts);
            }

            Assert.Equal(16, known.Count);
        }
    }

    /// <summary>All 8 sets of orders, both thresholds, every assignment, for a table of each class; and the stack's depth.</summary>
    [Fact]
    public void AllWalksAgreeOnEveryClass()
    {
        var scope = WindowScopes.Walks;
        var perTable = scope.Numbers(Architecture.X86) >> Slots;
        var workers = MthpLab.Walks.Select(MthpLab.Worker).ToList();
        var scenario = new Scenario();
        long states = 0;
        var depth = 0;
        for (var table = 0L; table < 1 << Slots; table++)
        {
            if (!IsOfStretches((int)table))
            {
                continue;
            }

            for (var number = table * perTable; number < (table + 1) * perTable; number++)
            {
                if (!scope.Fill(scenario, Architecture.X86, number))
                {
                    continue;
                }

                states++;
                foreach (var worker in workers)
                {
                    worker.Evaluate(scenario);
                    Assert.Equal(0, worker.Candidate.Count);
                }

                depth = Math.Max(depth, MthpLab.Depth(workers[0].CandidateTrace));
            }
        }

        Assert.InRange(states, 10_000, long.MaxValue);
        Assert.Equal(3, depth);
        Assert.Equal(3, Windows.StackBound(Slots));
    }

    /// <summary>
    /// All five results for each of the three windows of 8 slots, every threshold: each walk does what recursion does
    /// with the same choices of policy.
    /// </summary>
    [Theory]
    [InlineData("stack-v17~keep-allocation-failure")]
    [InlineData("linear-v19")]
    [InlineData("linear")]
    public void EveryResultIsTreatedAsTheReferenceDoes(string name)
    {
        const int Few = 8;
        const int Results = 5;
        var worker = MthpLab.Worker(name);
        var scenario = new Scenario();
        for (var settings = 0; settings < 16 * 4 * Few; settings++)
        {
            var table = Stretches[settings & 3] | (Stretches[settings >> 2 & 3] << 4);
            for (var results = 0; results < Results * Results * Results; results++)
            {
                FillTable(scenario, table, Few, settings >> 6);
                scenario.Run.Orders = (ushort)((settings >> 4 & 3) << Windows.MinOrder);
                SetResults(scenario, results % Results, results / Results % Results, results / 25);
                worker.Evaluate(scenario);

                Assert.Equal(0, worker.Candidate.Count);
            }
        }
    }

    /// <summary>The statement about swapped-out pages, for every state of scope M2.</summary>
    [Theory]
    [InlineData("stack-v17")]
    [InlineData("linear-v19")]
    public void SwappedOutPagesDecideExactlyThere(string name)
    {
        var scope = WindowScopes.Swapped;
        var worker = MthpLab.Worker(name);
        var scenario = new Scenario();
        long violated = 0;
        for (var number = 0L; number < scope.Numbers(Architecture.X86); number++)
        {
            if (!scope.Fill(scenario, Architecture.X86, number))
            {
                continue;
            }

            worker.Evaluate(scenario);
            Assert.Equal(IsLost(scenario), worker.Candidate.Count > 0);
            violated += worker.Candidate.Count > 0 ? 1 : 0;
        }

        Assert.InRange(violated, 100, long.MaxValue);
    }

    /// <summary>The same for 16 slots: all 43,046,721 tables in 153 classes by how many slots hold what, each from both ends.</summary>
    [Fact]
    public void SwappedOutPagesDecideExactlyThereInLargerTables()
    {
        var workers = (ICaseWorker[])[MthpLab.Worker("stack-v17"), MthpLab.Worker("linear-v19")];
        var scenario = new Scenario();
        var tables = BigInteger.Zero;
        var classes = 0;
        for (var present = 0; present <= Slots; present++)
        {
            for (var swapped = 0; present + swapped <= Slots; swapped++)
            {
                classes++;
                tables += Choose(Slots, present) * Choose(Slots - present, swapped);
                foreach (var settings in Settings())
                {
                    Lay(scenario, present, swapped, settings);
                    foreach (var worker in workers)
                    {
                        worker.Evaluate(scenario);
                        Assert.Equal(IsLost(scenario), worker.Candidate.Count > 0);
                    }
                }
            }
        }

        Assert.Equal(153, classes);
        Assert.Equal(BigInteger.Pow(3, Slots), tables);
    }

    /// <summary>
    /// Scaled thresholds creep as soon as they leave a smaller window a hole, unless they take every window; where
    /// nothing stands beside a small window, from one half on. 8 slots, every table, three scans.
    /// </summary>
    [Fact]
    public void ScaledThresholdsCreep()
    {
        const int Few = 8;
        var worker = MthpLab.Worker("linear~scale-threshold");
        var creeping = new List<int>();
        var creepingAlone = new List<int>();
        for (var threshold = 0; threshold < Few; threshold++)
        {
            var tables = Enumerable.Range(0, 1 << Few).Where(table => Creeps(table, threshold));
            var creeps = tables.ToList();
            creeping.AddRange(creeps.Count > 0 ? [threshold] : []);
            creepingAlone.AddRange(creeps.Exists(table => table < 16) ? [threshold] : []);
        }

        Assert.Equal([2, 3, 4, 5, 6], creeping);
        Assert.Equal([4, 5, 6], creepingAlone);

        bool Creeps(int table, int threshold)
        {
            var scenario = new Scenario();
            FillTable(scenario, table, Few, threshold);
            scenario.Run.Scans = 3;
            worker.Evaluate(scenario);
            return worker.Candidate.Count > 0;
        }
    }

    /// <summary>The walks as they are: every state of scope M2 is scanned three times, and nothing creeps.</summary>
    [Theory]
    [InlineData("stack-v17~count-swapped")]
    [InlineData("linear")]
    public void NothingCreepsWithoutScaling(string name)
    {
        var scope = WindowScopes.Swapped;
        var worker = MthpLab.Worker(name);
        var scenario = new Scenario();
        for (var number = 0L; number < scope.Numbers(Architecture.X86); number += 7)
        {
            if (scope.Fill(scenario, Architecture.X86, number))
            {
                scenario.Run.Scans = 3;
                worker.Evaluate(scenario);
                Assert.Equal(0, worker.Candidate.Count);
            }
        }
    }

    [Fact]
    public void EightWindowsWaitAtMostIn512Slots()
    {
        var worker = MthpLab.Worker("stack-v17");
        worker.Evaluate(MthpLab.Pinned("B4-deepest.yaml"));

        Assert.Equal(8, MthpLab.Depth(worker.CandidateTrace));
        Assert.Equal(8, Windows.StackBound(512));
    }

    /// <summary>Whether the table is scanned to its end, and its order is enabled and met only with what is swapped out.</summary>
    private static bool IsLost(Scenario scenario)
    {
        int present = 0,
            swapped = 0;
        foreach (ref readonly var pte in scenario.UsedPtes)
        {
            present += pte.Kind == EntryKind.Present ? 1 : 0;
            swapped += pte.Kind == EntryKind.Swap ? 1 : 0;
        }

        var run = scenario.Run;
        var table = 1 << Windows.PmdOrder(scenario.Slots);
        var least = scenario.Slots - run.MaxPtesNone;
        var none = scenario.Slots - present - swapped;
        var allowed = run.Orders == table ? run.MaxPtesNone : scenario.Slots - 1;
        var scanned =
            swapped <= run.MaxPtesSwap
            && none <= allowed
            && present > 0
            && (swapped == 0 || present >= scenario.Slots / 2);
        return scanned
            && (run.Orders & table) != 0
            && present < least
            && least <= present + swapped;
    }

    private static IEnumerable<(int Orders, int Threshold, int SwapLimit, bool AtEnd)> Settings() =>
        from orders in Enumerable.Range(0, 8)
        from threshold in Enumerable.Range(0, Slots)
        from swapLimit in (int[])[Slots / 8, Slots]
        from atEnd in (bool[])[false, true]
        select (orders << Windows.MinOrder, threshold, swapLimit, atEnd);

    /// <summary>What the table, its left half and its right half come to.</summary>
    private static void SetResults(Scenario scenario, int table, int left, int right)
    {
        scenario.Run.Result = (WindowResult)table;
        AddResult(0, left);
        AddResult(4, right);

        void AddResult(short page, int result)
        {
            if (result != table)
            {
                scenario.Windows[scenario.WindowCount++] = new()
                {
                    Page = page,
                    Order = 2,
                    Result = (WindowResult)result,
                };
            }
        }
    }

    private static void Lay(
        Scenario scenario,
        int present,
        int swapped,
        (int Orders, int Threshold, int SwapLimit, bool AtEnd) settings
    )
    {
        Begin(scenario, Slots, settings.Threshold);
        scenario.Run.Orders = (ushort)settings.Orders;
        scenario.Run.MaxPtesSwap = (short)settings.SwapLimit;
        var first = settings.AtEnd ? Slots - present - swapped : 0;
        for (var i = 0; i < present + swapped; i++)
        {
            var isPage = settings.AtEnd ? i >= swapped : i < present;
            Add(scenario, first + i, isPage);
        }
    }

    private static void Fill(Scenario scenario, int table, int threshold)
    {
        FillTable(scenario, table, Slots, threshold);
        scenario.Run.Result = WindowResult.Retry;
    }

    private static void FillTable(Scenario scenario, int table, int slots, int threshold)
    {
        Begin(scenario, slots, threshold);
        for (var slot = 0; slot < slots; slot++)
        {
            if ((table >> slot & 1) != 0)
            {
                Add(scenario, slot, isPage: true);
            }
        }
    }

    private static void Begin(Scenario scenario, int slots, int threshold)
    {
        Assert.True(
            slots == 8
                ? WindowScopes.Swapped.Fill(scenario, Architecture.X86, 0)
                : WindowScopes.Walks.Fill(scenario, Architecture.X86, 0)
        );
        scenario.Run.Orders = (ushort)Windows.AllOrders(slots);
        scenario.Run.MaxPtesNone = (short)threshold;
    }

    private static void Add(Scenario scenario, int slot, bool isPage)
    {
        scenario.Ptes[scenario.PteCount++] = new()
        {
            Page = (short)slot,
            Kind = isPage ? EntryKind.Present : EntryKind.Swap,
            Bits = isPage ? PteBits.Young : PteBits.None,
            Folio = (short)(isPage ? scenario.FolioCount : 0),
            SwapOffset = (short)(isPage ? 0 : slot + 1),
        };
        if (isPage)
        {
            scenario.Folios[scenario.FolioCount++] = new() { FilePage = -1 };
        }
    }

    /// <summary>One bit for each stretch of four slots: full at threshold 0, occupied at the largest.</summary>
    private static int ClassOf(int table, int threshold)
    {
        var key = 0;
        for (var stretch = 0; stretch < Slots / 4; stretch++)
        {
            var held = table >> (4 * stretch) & 0xf;
            key |= (threshold == 0 ? held == 0xf : held != 0) ? 1 << stretch : 0;
        }

        return key;
    }

    private static bool IsOfStretches(int table)
    {
        for (var stretch = 0; stretch < Slots / 4; stretch++)
        {
            if (!Stretches.Contains(table >> (4 * stretch) & 0xf))
            {
                return false;
            }
        }

        return true;
    }

    private static BigInteger Choose(int all, int some)
    {
        var ways = BigInteger.One;
        for (var i = 1; i <= some; i++)
        {
            ways = ways * (all - some + i) / i;
        }

        return ways;
    }
}
