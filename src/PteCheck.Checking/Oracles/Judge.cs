using PteCheck.Checking.Running;
using PteCheck.Model.Architectures;

namespace PteCheck.Checking.Oracles;

/// <summary>
/// All oracles over one case. The reference is judged too, by those that need no reference; what they
/// find there is never charged to the candidate.
/// </summary>
public sealed class Judge<TArch>(CaseRun<TArch> run)
    where TArch : struct, IArch
{
    private readonly StateOracle<TArch> state = new(run);
    private readonly InvariantOracle<TArch> invariants = new();

    /// <summary>The TLB oracle, which knows the stale translations of the initial state.</summary>
    public TlbOracle<TArch> Tlb { get; } = new(run.Initial);

    /// <summary>What the candidate breaks.</summary>
    public FindingList Candidate { get; } = new();

    /// <summary>What the reference itself breaks.</summary>
    public FindingList Reference { get; } = new();

    /// <summary>Judges the case that has just been run.</summary>
    public void JudgeCase()
    {
        Reference.Clear();
        Candidate.Clear();
        JudgeAlone(run.ReferenceSide, Reference);
        JudgeAlone(run.CandidateSide, Candidate);
        if (run.ReferenceSide.Stopped || run.CandidateSide.Stopped)
        {
            return;
        }

        state.Judge(Candidate);
        invariants.Judge(run.ReferenceSide.Machine, Reference);
        if (Candidate.Count > 0 || !SameMachines())
        {
            invariants.Judge(run.CandidateSide.Machine, Candidate);
        }

        WorkOracle.Judge(run, Candidate);
    }

    /// <summary>Equal machines keep or break the same invariants, so the second need not be counted afresh.</summary>
    private bool SameMachines()
    {
        var reference = run.ReferenceSide.Machine;
        var candidate = run.CandidateSide.Machine;
        return reference.SamePtes(candidate) && reference.SamePages(candidate);
    }

    private void JudgeAlone(Side<TArch> side, FindingList findings)
    {
        FaultOracle.Judge(side, findings);
        Tlb.Judge(side, run.Call, findings);
    }
}
