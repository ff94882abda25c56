using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Oracles;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;

namespace PteCheck.Checking.Minimizing;

/// <summary>
/// The state of one minimization: the smallest scenario so far, and the test that every smaller one
/// must pass: reachable, and the same signature. What passes is kept at once.
/// </summary>
/// <param name="worker">Judges scenarios.</param>
/// <param name="signature">What to keep.</param>
/// <param name="start">A scenario that has the signature.</param>
/// <param name="ofReference">Whether the reference has it, and not the implementation beside a reference that holds.</param>
internal sealed class Shrinker(
    ICaseWorker worker,
    SignatureKey signature,
    Scenario start,
    bool ofReference
)
{
    private readonly Scenario attempt = new();

    /// <summary>The smallest scenario so far.</summary>
    public Scenario Best { get; } = start.Clone();

    /// <summary>What the scenario that was judged last shows of whom this is about.</summary>
    public Finding? Primary =>
        ofReference ? worker.Reference.Primary
        : worker.Reference.Count == 0 ? worker.Candidate.Primary
        : null;

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
        return Primary is { } finding && SignatureKey.Of(finding) == signature;
    }
}
