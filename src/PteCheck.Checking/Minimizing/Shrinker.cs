using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;

namespace PteCheck.Checking.Minimizing;

/// <summary>
/// The state of one minimization: the smallest scenario so far, and the test that every smaller one
/// must pass: reachable, and the same signature. What passes is kept at once.
/// </summary>
internal sealed class Shrinker(ICaseWorker worker, SignatureKey signature, Scenario start)
{
    private readonly Scenario attempt = new();

    /// <summary>The smallest scenario so far.</summary>
    public Scenario Best { get; } = start.Clone();

    /// <summary>Scenarios judged.</summary>
    public int Evaluations { get; private set; }

    /// <summary>Whether anything was kept since the flag was last cleared.</summary>
    public bool Progress { get; set; }

    /// <summary>Tries one change; true when it was kept.</summary>
    /// <param name="change">Changes its argument, a copy of <see cref="Best"/>; false when it has nothing to change.</param>
    public bool Try(Func<Scenario, bool> change)
    {
        attempt.CopyFrom(Best);
        if (!change(attempt))
        {
            return false;
        }

        RunTarget.Settle(attempt);
        if (attempt.SameAs(Best) || Reachability.FirstBroken(attempt) is not null)
        {
            return false;
        }

        if (!StillFails(attempt))
        {
            return false;
        }

        Best.CopyFrom(attempt);
        Progress = true;
        return true;
    }

    /// <summary>Tries the sequence without its first operation, from the state that this leaves.</summary>
    public bool TryBehindFirst()
    {
        Evaluations++;
        return Try(scenario =>
        {
            if (!worker.BeginBehindFirst(scenario))
            {
                return false;
            }

            scenario.DropUnusedFolios();
            return true;
        });
    }

    /// <summary>Whether a scenario has the signature.</summary>
    public bool StillFails(Scenario scenario)
    {
        Evaluations++;
        worker.Evaluate(scenario);
        var finding = worker.Candidate.Primary;
        return worker.Reference.Count == 0
            && finding is not null
            && SignatureKey.Of(finding.Value) == signature;
    }
}
