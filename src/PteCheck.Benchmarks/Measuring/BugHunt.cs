using System.Diagnostics;
using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Generation;
using PteCheck.Checking.Minimizing;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Operations;

namespace PteCheck.Benchmarks.Measuring;

/// <summary>What the seeds brought in for one rule.</summary>
/// <param name="rule">The primary rule hunted for.</param>
internal sealed class BugTrophies(string rule)
{
    /// <summary>The primary rule hunted for.</summary>
    public string Rule => rule;

    /// <summary>Cases until found, one number a seed.</summary>
    public List<double> Cases { get; } = [];

    /// <summary>Seconds until found, one number a seed.</summary>
    public List<double> Seconds { get; } = [];

    /// <summary>Seeds that found it.</summary>
    public int Found { get; set; }

    /// <summary>Most evaluations that a minimization took.</summary>
    public int MostEvaluations { get; set; }

    /// <summary>The different minimal scenarios.</summary>
    public List<Scenario> Minimal { get; } = [];
}

/// <summary>Looks for the rules that an implementation is known to break.</summary>
internal sealed class BugHunt
{
    private readonly GeneratorOptions options;
    private readonly ScenarioGenerator generator = new();
    private readonly Scenario scenario = new();
    private readonly ICaseWorker worker;
    private readonly (Scenario Scenario, SignatureKey Key)?[] finds;

    /// <summary>Prepares the hunt.</summary>
    public BugHunt(KnownBug bug)
    {
        var implementation =
            OperationCatalog.Parse(bug.Implementation, [], out var error)
            ?? throw new InvalidOperationException(error);
        var operation = OperationCatalog.Find(implementation.Operation)!;
        var index = (byte)OperationCatalog.All.ToList().IndexOf(operation);
        options = new(bug.Architecture, bug.ShadowStack, Bbml2: false, index);
        worker = CaseWorkers.Create(
            bug.Architecture,
            operation,
            implementation,
            implementation.Kernel
        );
        Trophies = [.. bug.Rules.Select(rule => new BugTrophies(rule))];
        finds = new (Scenario, SignatureKey)?[bug.Rules.Count];
    }

    /// <summary>What was found, in the order of the rules.</summary>
    public IReadOnlyList<BugTrophies> Trophies { get; }

    /// <summary>Searches with a seed and minimizes what it finds.</summary>
    public void Run(ulong seed)
    {
        Array.Clear(finds);
        Search(seed);
        for (var i = 0; i < finds.Length; i++)
        {
            var trophies = Trophies[i];
            if (finds[i] is not var (start, key))
            {
                continue;
            }

            var (minimal, evaluations) = Minimizer.Shrink(worker, start, key);
            trophies.Found++;
            trophies.MostEvaluations = Math.Max(trophies.MostEvaluations, evaluations);
            if (!trophies.Minimal.Exists(minimal.SameAs))
            {
                trophies.Minimal.Add(minimal);
            }
        }
    }

    private void Search(ulong seed)
    {
        var start = Stopwatch.GetTimestamp();
        var cases = 0L;
        var open = finds.Length;
        for (var block = 0L; open > 0 && cases < KnownBugs.GoalCases; block++)
        {
            CaseBlock.Visit(
                seed,
                block,
                (_, draw) =>
                {
                    for (var i = 0; open > 0 && i < CaseBlock.CasesPerTest; i++)
                    {
                        generator.Fill(scenario, options, CaseBlock.SeedOf(draw, i), draw.Size);
                        worker.Evaluate(scenario);
                        cases++;
                        open -= Keep(cases, start) ? 1 : 0;
                    }

                    return open > 0;
                }
            );
        }

        for (var i = 0; i < finds.Length; i++)
        {
            if (finds[i] is null)
            {
                Trophies[i].Cases.Add(cases);
                Trophies[i].Seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
        }
    }

    /// <summary>Keeps the case just judged when it is the first of a rule.</summary>
    private bool Keep(long cases, long start)
    {
        if (worker.Reference.Count > 0 || worker.Candidate.Primary is not { } finding)
        {
            return false;
        }

        for (var i = 0; i < finds.Length; i++)
        {
            if (finds[i] is null && Trophies[i].Rule == finding.Rule.Id)
            {
                finds[i] = (scenario.Clone(), SignatureKey.Of(finding));
                Trophies[i].Cases.Add(cases);
                Trophies[i].Seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
                return true;
            }
        }

        return false;
    }
}
