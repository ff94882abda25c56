using PteCheck.Checking.Running;
using PteCheck.Model.Architectures;

namespace PteCheck.Checking.Oracles;

/// <summary>Oracles that a judge asks.</summary>
[Flags]
public enum OracleSet
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Contract and bounds.</summary>
    Faults = 1,

    /// <summary>TLB.</summary>
    Tlb = 2,

    /// <summary>State.</summary>
    State = 4,

    /// <summary>Invariants.</summary>
    Invariants = 8,

    /// <summary>Work.</summary>
    Work = 16,

    /// <summary>Memory.</summary>
    Memory = 32,

    /// <summary>Those that need no reference.</summary>
    Absolute = Faults | Tlb | Invariants | Memory,

    /// <summary>All.</summary>
    All = Absolute | State | Work,
}

/// <summary>
/// All oracles over one case. The reference is judged too, by those that need no reference; what they
/// find there is never charged to the candidate. Where others act in between, the two runs may rightly end
/// differently, and only those oracles judge.
/// </summary>
public sealed class Judge<TArch>(CaseRun<TArch> run)
    where TArch : struct, IArch
{
    private readonly StateOracle<TArch> state = new(run);
    private readonly InvariantOracle<TArch> invariants = new();
    private readonly MemoryOracle<TArch> memory = new(run);

    /// <summary>The TLB oracle, which knows the stale translations of the initial state.</summary>
    public TlbOracle<TArch> Tlb { get; } = new(run.Initial, run.InitialStale);

    /// <summary>The oracles to ask; all unless somebody measures one or judges without the reference.</summary>
    public OracleSet Enabled { get; set; } = OracleSet.All;

    /// <summary>What the candidate breaks.</summary>
    public FindingList Candidate { get; } = new();

    /// <summary>What the reference itself breaks.</summary>
    public FindingList Reference { get; } = new();

    /// <summary>Forgets what it found.</summary>
    public void Clear()
    {
        Reference.Clear();
        Candidate.Clear();
    }

    /// <summary>Judges what both sides share (<see cref="CaseRun{TArch}.RunShared"/>), by those that need no reference.</summary>
    public void JudgeShared(FindingList findings)
    {
        JudgeAlone(run.CandidateSide, findings);
        if (Asked(OracleSet.Invariants) && !run.CandidateSide.Stopped)
        {
            invariants.Judge(run.CandidateSide.Machine, findings);
        }
    }

    /// <summary>Judges the case that has just been run.</summary>
    public void JudgeCase()
    {
        Clear();
        JudgeAlone(run.ReferenceSide, Reference);
        JudgeAlone(run.CandidateSide, Candidate);
        if (run.ReferenceSide.Stopped || run.CandidateSide.Stopped)
        {
            return;
        }

        if (Asked(OracleSet.State) && !run.IsInterleaved)
        {
            state.Judge(Candidate);
            if (run.Operation.Selects)
            {
                AttemptOracle.JudgeState(run, Candidate);
            }

            if (run.Operation.CountsBatch)
            {
                BatchOracle.Judge(run, Candidate);
            }
        }

        if (Asked(OracleSet.Invariants))
        {
            JudgeAttempts(run.ReferenceSide, Reference);
            JudgeAttempts(run.CandidateSide, Candidate);
            invariants.Judge(run.ReferenceSide.Machine, Reference);
            if (Candidate.Count > 0 || !SameMachines())
            {
                invariants.Judge(run.CandidateSide.Machine, Candidate);
            }
        }

        if (Asked(OracleSet.Work) && !run.IsInterleaved)
        {
            WorkOracle.Judge(run, Candidate);
        }
    }

    /// <summary>Judges the candidate's run alone, by the oracles that need no reference.</summary>
    public void JudgeCandidate()
    {
        Candidate.Clear();
        JudgeAlone(run.CandidateSide, Candidate);
        if (Asked(OracleSet.Invariants) && !run.CandidateSide.Stopped)
        {
            JudgeAttempts(run.CandidateSide, Candidate);
            invariants.Judge(run.CandidateSide.Machine, Candidate);
        }
    }

    /// <summary>Equal machines keep or break the same invariants, so the second need not be counted afresh.</summary>
    private bool SameMachines()
    {
        var reference = run.ReferenceSide.Machine;
        var candidate = run.CandidateSide.Machine;
        return reference.SamePtes(candidate)
            && reference.SamePages(candidate)
            && reference.SameCounts(candidate);
    }

    private void JudgeAlone(Side<TArch> side, FindingList findings)
    {
        if (Asked(OracleSet.Faults))
        {
            FaultOracle.Judge(side, findings);
        }

        if (Asked(OracleSet.Tlb))
        {
            Tlb.Obligations = run.Operation.Obligations;
            Tlb.Judge(side, run.Call, findings);
        }

        if (Asked(OracleSet.Memory) && run.IsInterleaved && !side.Stopped)
        {
            memory.Judge(side, findings);
        }

        if (Asked(OracleSet.Memory) && !run.IsInterleaved && !side.Stopped)
        {
            DirtyOracle.Judge(run.Initial, side, findings);
        }
    }

    private void JudgeAttempts(Side<TArch> side, FindingList findings)
    {
        if (run.Operation.Selects)
        {
            AttemptOracle.JudgeAlone(side, run.Call.Vma, findings);
        }
    }

    private bool Asked(OracleSet oracle) => (Enabled & oracle) != 0;
}
