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

    /// <summary>
    /// Which operation of the run came last, from 0: of a sequence the first that broke a rule, else the last. What
    /// the worker shows, findings, machines and trace, is of this one.
    /// </summary>
    int Element { get; }

    /// <summary>The operation whose turn came and that could not run; null when all could, or one broke a rule before.</summary>
    UnmetOperation? Unmet { get; }

    /// <summary>Batches that the candidate formed, in all its operations.</summary>
    long Batches { get; }

    /// <summary>Entries of the longest of them.</summary>
    int LongestBatch { get; }

    /// <summary>
    /// Runs the first operation of a sequence, and makes the scenario begin where that ends, without it.
    /// </summary>
    /// <returns>False where the operation breaks a rule, or scenarios have no words for the state that it leaves.</returns>
    bool BeginBehindFirst(Scenario scenario);

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
    private readonly CarriedTranslations<TArch> carried;
    private readonly KernelVersion kernel;
    private readonly IOperation operation;
    private CaseWorker<TArch>? referenceAlone;

    /// <summary>Creates a worker.</summary>
    public CaseWorker(IOperation operation, Implementation candidate, KernelVersion kernel)
    {
        run = new() { Operation = operation, Candidate = candidate };
        judge = new(run);
        crossCheck = new(run);
        carried = new(run);
        this.kernel = kernel;
        this.operation = operation;
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
    public SourceSite? SiteOf(int step) =>
        EndsWithTested ? run.CandidateSide.Session?.SiteOf(step) : null;

    /// <summary>Whether the first operation of a scenario is the one under test.</summary>
    public bool BeginsWithTested(Scenario scenario) => IsTested(scenario.Runs[0]);

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
    public int Element { get; private set; }

    /// <inheritdoc/>
    public UnmetOperation? Unmet { get; private set; }

    /// <inheritdoc/>
    public long Batches { get; private set; }

    /// <inheritdoc/>
    public int LongestBatch { get; private set; }

    /// <summary>Whether the operation that came last is under test.</summary>
    public bool EndsWithTested { get; private set; }

    /// <inheritdoc/>
    public void Evaluate(Scenario scenario)
    {
        Prepare(scenario);
        do
        {
            RunElement(scenario);
        } while (JudgeElement() && Advance(scenario));
        Charge(scenario);
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
        do
        {
            RunElement(scenario);
        } while (Advance(scenario));
    }

    /// <summary>Evaluates, and lets the explicit TLBs follow both runs beside the stale set.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="mostComparisons">Comparisons of each run before the one at its end.</param>
    /// <exception cref="TlbDisagreementException">The two TLB models differ.</exception>
    public void EvaluateWithBothTlbs(Scenario scenario, int mostComparisons = int.MaxValue)
    {
        Prepare(scenario);
        do
        {
            crossCheck.Attach(run.InitialStale, mostComparisons);
            try
            {
                RunElement(scenario);
            }
            finally
            {
                crossCheck.Detach();
            }
        } while (JudgeElement() && Advance(scenario));
        Charge(scenario);
    }

    /// <inheritdoc/>
    public bool BeginBehindFirst(Scenario scenario)
    {
        Prepare(scenario);
        RunElement(scenario);
        if (!JudgeElement())
        {
            return false;
        }

        carried.CarryOver();
        return StateReader.BeginBehindFirst<TArch>(scenario, run.Initial, run.InitialStale);
    }

    private void Prepare(Scenario scenario)
    {
        Element = 0;
        Unmet = null;
        Batches = 0;
        LongestBatch = 0;
        judge.Clear();
        run.Call = expander.Expand<TArch>(scenario, run.Initial, scenario.Kernel ?? kernel);
        run.StepCount = expander.ExpandSteps(scenario, run.Steps);
        StaleTranslations.Build<TArch>(scenario, run.Initial, run.InitialStale);
    }

    /// <summary>Runs the operation whose turn it is: both sides where it is under test, else once.</summary>
    private void RunElement(Scenario scenario)
    {
        ref readonly var element = ref scenario.Runs[Element];
        EndsWithTested = IsTested(element);
        run.Operation = EndsWithTested ? operation : element.Of();
        if (!EndsWithTested)
        {
            run.RunShared();
            return;
        }

        run.Run();
        Batches += CandidateTrace.Batches;
        LongestBatch = Math.Max(LongestBatch, CandidateTrace.LongestBatch);
    }

    private bool IsTested(in RunSpec element) => element.Of().Name == operation.Name;

    /// <returns>Whether no rule is broken.</returns>
    private bool JudgeElement()
    {
        if (EndsWithTested)
        {
            judge.JudgeCase();
        }
        else
        {
            judge.JudgeShared(Reference);
        }

        return Reference.Count == 0 && Candidate.Count == 0;
    }

    /// <summary>Goes on to the next operation, from the state that the candidate's run has left.</summary>
    /// <returns>False where there is none, or it cannot run.</returns>
    private bool Advance(Scenario scenario)
    {
        if (Element + 1 == scenario.RunCount)
        {
            return false;
        }

        carried.CarryOver();
        var next = Element + 1;
        var unmet = Calls.Later<TArch>(
            scenario,
            scenario.Runs[next],
            expander.VmaStarts,
            run.Initial,
            out var call
        );
        if (unmet != UnmetKind.None)
        {
            Unmet = new(next, unmet);
            return false;
        }

        Element = next;
        run.Call = call;
        return true;
    }

    /// <summary>
    /// A reference that breaks a rule behind an operation of the candidate may do so because of the state that it
    /// was given: unless references alone break one in this scenario, too, it is charged to the candidate.
    /// </summary>
    private void Charge(Scenario scenario)
    {
        if (Reference.Count == 0 || !scenario.IsSequence)
        {
            return;
        }

        if (!EndsWithTested)
        {
            run.RepeatShared();
        }

        if (run.Candidate == operation.Reference() || !IsBehindTested(scenario))
        {
            return;
        }

        referenceAlone ??= new(operation, operation.Reference(), kernel) { Oracles = Oracles };
        referenceAlone.Evaluate(scenario);
        if (referenceAlone.Reference.Count > 0)
        {
            return;
        }

        if (Candidate.Count == 0)
        {
            Reference.MoveTo(Candidate);
        }

        Reference.Clear();
    }

    private bool IsBehindTested(Scenario scenario)
    {
        var behind = false;
        foreach (ref readonly var earlier in scenario.UsedRuns[..Element])
        {
            behind |= IsTested(earlier);
        }

        return behind;
    }
}
