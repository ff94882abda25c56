using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Generation;
using PteCheck.Checking.Minimizing;
using PteCheck.Checking.Oracles;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Properties.Quality;

namespace PteCheck.Properties.Oracles;

/// <summary>
/// The invariants find what they are for without the reference, as under interference: the state
/// oracle, which sees the same faults first, is not asked. Each breaks alone, but for swap counts: an
/// entry that is there twice is one too many for MM_SWAPENTS (PTB105) as well.
/// </summary>
public sealed class InvariantCanaryTests
{
    private const int Cases = 4_096;

    public static TheoryData<int> Rows => [.. Enumerable.Range(0, Canaries.Absolute.Count)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void An_invariant_finds_its_fault_alone(int row)
    {
        var canary = Canaries.Absolute[row];
        var worker = Lab.Worker(canary.Candidate, canary.Architecture);
        worker.Oracles = OracleSet.Absolute;
        worker.Candidate.Off = canary.AlsoBroken.Select(Rules.Find).SingleOrDefault();
        var (found, key) = FirstThatBreaks(worker, canary);
        var (minimal, _) = Minimizer.Shrink(worker, found, key);
        worker.Evaluate(minimal);
        Assert.Equal(canary.Rule, worker.Candidate.Primary!.Value.Rule.Id);
        worker.Candidate.Off = Rules.Find(canary.Rule);
        worker.Evaluate(minimal);
        Assert.Equal(canary.AlsoBroken, Lab.RuleIds(worker.Candidate));
    }

    private static (Scenario Found, SignatureKey Key) FirstThatBreaks(
        ICaseWorker worker,
        Canary canary
    )
    {
        var generator = new ScenarioGenerator();
        var scenario = new Scenario();
        for (var i = 0; i < Cases; i++)
        {
            generator.Fill(scenario, new(canary.Architecture, false, false), i);
            worker.Evaluate(scenario);
            if (worker.Candidate.Primary is { } finding && finding.Rule.Id == canary.Rule)
            {
                return (scenario, SignatureKey.Of(finding));
            }
        }

        throw new InvalidOperationException($"{canary}: not found in {Cases} cases");
    }
}
