using PteCheck.Checking.Oracles;
using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Interference;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Checking.Running;

/// <summary>Runs and judges scenarios of one architecture; what campaigns, replays and the minimizer share.</summary>
public interface ICaseWorker
{
    /// <summary>Expands, runs and judges a scenario with the candidate that the worker was made for.</summary>
    void Evaluate(Scenario scenario);

    /// <summary>What the candidate breaks in the scenario evaluated last.</summary>
    FindingList Candidate { get; }

    /// <summary>What the reference itself breaks.</summary>
    FindingList Reference { get; }

    /// <summary>The oracles to ask.</summary>
    OracleSet Oracles { get; set; }

    /// <summary>The candidate's trace.</summary>
    Trace CandidateTrace { get; }

    /// <summary>The machine that both runs started from.</summary>
    Machine InitialMachine { get; }

    /// <summary>The reference's final machine.</summary>
    Machine ReferenceMachine { get; }

    /// <summary>The candidate's final machine.</summary>
    Machine CandidateMachine { get; }

    /// <summary>The arguments of the operation.</summary>
    OperationCall Call { get; }

    /// <summary>Whether the candidate's run came to the anchor of a step of interference.</summary>
    bool Reached(int step);

    /// <summary>What became of a step of interference in the candidate's run.</summary>
    StepOutcome OutcomeOf(int step);

    /// <summary>Where in the candidate's source an event of its trace comes from; null unless it is a subject.</summary>
    SourceSite? SiteOf(int step);
}

/// <summary>Makes workers.</summary>
public static class CaseWorkers
{
    /// <summary>A worker for an architecture, a candidate and a kernel generation.</summary>
    public static ICaseWorker Create(
        Architecture architecture,
        IOperation operation,
        Implementation candidate,
        KernelVersion kernel
    ) =>
        architecture == Architecture.X86
            ? new CaseWorker<X86_64>(operation, candidate, kernel)
            : new CaseWorker<Arm64>(operation, candidate, kernel);
}

/// <summary>The worker of one architecture.</summary>
public sealed class CaseWorker<TArch> : ICaseWorker
    where TArch : struct, IArch
{
    private readonly Expander expander = new();
    private readonly CaseRun<TArch> run;
    private readonly Judge<TArch> judge;
    private readonly TlbCrossCheck<TArch> crossCheck;
    private readonly KernelVersion kernel;

    /// <summary>Creates a worker.</summary>
    public CaseWorker(IOperation operation, Implementation candidate, KernelVersion kernel)
    {
        run = new() { Operation = operation, Candidate = candidate };
        judge = new(run);
        crossCheck = new(run);
        this.kernel = kernel;
    }

    /// <inheritdoc/>
    public FindingList Candidate => judge.Candidate;

    /// <inheritdoc/>
    public FindingList Reference => judge.Reference;

    /// <inheritdoc/>
    public OracleSet Oracles
    {
        get => judge.Enabled;
        set => judge.Enabled = value;
    }

    /// <inheritdoc/>
    public Trace CandidateTrace => run.CandidateSide.Trace;

    /// <inheritdoc/>
    public Machine InitialMachine => run.Initial;

    /// <inheritdoc/>
    public Machine ReferenceMachine => run.ReferenceSide.Machine;

    /// <inheritdoc/>
    public Machine CandidateMachine => run.CandidateSide.Machine;

    /// <inheritdoc/>
    public OperationCall Call => run.Call;

    /// <inheritdoc/>
    public bool Reached(int step) => run.CandidateSide.Interferer.Reached(step);

    /// <inheritdoc/>
    public StepOutcome OutcomeOf(int step) => run.CandidateSide.Interferer.OutcomeOf(step);

    /// <inheritdoc/>
    public SourceSite? SiteOf(int step) => run.CandidateSide.Session?.SiteOf(step);

    /// <summary>
    /// Subjects run in many cases at once: adds a scenario to those of the next hand-over. Their evaluations
    /// come in the same order, each after <see cref="TakeQueued"/>.
    /// </summary>
    /// <returns>False when no more fit.</returns>
    public bool Queue(Scenario scenario, ISubject subject)
    {
        var call = expander.Expand<TArch>(scenario, run.Initial, scenario.Kernel ?? kernel);
        return run.CandidateSide.SessionOf(subject).Queue(run.Initial, call);
    }

    /// <summary>Lets the subject run in all scenarios queued.</summary>
    public void HandOver() => run.CandidateSide.Session?.HandOver();

    /// <summary>Says that the next evaluation is of the next scenario queued.</summary>
    public void TakeQueued() => run.CandidateSide.Session?.TakeQueued();

    /// <summary>The case behind the evaluation.</summary>
    public CaseRun<TArch> Run => run;

    /// <inheritdoc/>
    public void Evaluate(Scenario scenario)
    {
        Prepare(scenario);
        run.Run();
        judge.JudgeCase();
    }

    /// <summary>
    /// Runs the candidate once more in the scenario evaluated last, with other steps of interference, and judges it
    /// by the oracles that need no reference; <see cref="Reference"/> keeps what it had.
    /// </summary>
    public void EvaluateSteps(Scenario scenario)
    {
        run.StepCount = expander.ExpandSteps(scenario, run.Steps);
        run.RunCandidate();
        judge.JudgeCandidate();
    }

    /// <summary>Runs both sides and leaves the oracles out; what judging costs is measured against it.</summary>
    public void RunOnly(Scenario scenario)
    {
        Prepare(scenario);
        run.Run();
    }

    /// <summary>Evaluates, and lets the explicit TLBs follow both runs beside the stale set.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="mostComparisons">Comparisons of each run before the one at its end.</param>
    /// <exception cref="TlbDisagreementException">The two TLB models differ.</exception>
    public void EvaluateWithBothTlbs(Scenario scenario, int mostComparisons = int.MaxValue)
    {
        Prepare(scenario);
        crossCheck.Attach(run.InitialStale, mostComparisons);
        try
        {
            run.Run();
        }
        finally
        {
            crossCheck.Detach();
        }

        judge.JudgeCase();
    }

    private void Prepare(Scenario scenario)
    {
        run.Call = expander.Expand<TArch>(scenario, run.Initial, scenario.Kernel ?? kernel);
        run.StepCount = expander.ExpandSteps(scenario, run.Steps);
        StaleTranslations.Build<TArch>(scenario, run.Initial, run.InitialStale);
    }
}
