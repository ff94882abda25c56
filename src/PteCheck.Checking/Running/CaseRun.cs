using PteCheck.Kernel.Interference;
using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Tlbs;
using PteCheck.Model.Traces;

namespace PteCheck.Checking.Running;

/// <summary>One side of a case: a machine, and what an implementation did to it.</summary>
public sealed class Side<TArch>
    where TArch : struct, IArch
{
    private readonly KernelContext<TArch> kernel;

    /// <summary>Creates an empty side.</summary>
    public Side()
    {
        kernel = new(Machine, Trace, Faults);
        Interferer = new(Machine, Trace, Faults);
    }

    /// <summary>What others do in between.</summary>
    public Interferer<TArch> Interferer { get; }

    /// <summary>The machine; after a run, the final one.</summary>
    public Machine Machine { get; } = new();

    /// <summary>What happened.</summary>
    public Trace Trace { get; } = new();

    /// <summary>What was wrong with it.</summary>
    public FaultLog Faults { get; } = new();

    /// <summary>Whether the run ended at a fault; the final machine is then that of the middle of the operation.</summary>
    public bool Stopped { get; private set; }

    /// <summary>The runs of the subject, once there was one.</summary>
    public ISubjectSession<TArch>? Session { get; private set; }

    /// <summary>The session of a subject, opened when it is asked for first.</summary>
    public ISubjectSession<TArch> SessionOf(ISubject subject) => Session ??= subject.Open<TArch>();

    /// <summary>Runs an implementation from an initial machine, others acting as scheduled.</summary>
    public void Run(
        Machine initial,
        IOperation operation,
        in OperationCall call,
        Implementation implementation,
        in Schedule schedule = default
    )
    {
        if (implementation.Subject is not { } subject)
        {
            kernel.Subject = null;
            RunOnce(initial, operation, call, implementation, schedule);
            return;
        }

        kernel.Subject = SessionOf(subject);
        kernel.Subject.Begin(initial, call);
        var listener = Trace.Listener;
        Trace.Listener = null;
        do
        {
            RunOnce(initial, operation, call, implementation, schedule);
        } while (kernel.Subject.RunsAgain());

        if (listener is not null)
        {
            Trace.Listener = listener;
            RunOnce(initial, operation, call, implementation, schedule);
        }
    }

    private void RunOnce(
        Machine initial,
        IOperation operation,
        in OperationCall call,
        Implementation implementation,
        in Schedule schedule
    )
    {
        Machine.CopyFrom(initial);
        Trace.Clear();
        Faults.Clear();
        Stopped = false;
        var steps = schedule.Steps;
        var others = !steps.IsEmpty || Interferer.Observer is not null;
        IInterference? between = others ? Interferer : null;
        kernel.Interference = kernel.Subject?.BeginReplay(kernel, between) ?? between;
        try
        {
            if (others)
            {
                var (coming, going) = operation.Moves
                    ? (
                        new UnmappedRange(call.Mm, call.NewVpn, call.Pages),
                        new UnmappedRange(call.Mm, call.Vpn, call.Pages)
                    )
                    : default;
                Interferer.Begin(steps, schedule.InitialStale, coming, going);
            }

            operation.Run(kernel, call, implementation);
            kernel.Subject?.End(kernel);
            if (others)
            {
                Interferer.End();
            }
        }
        catch (RunStoppedException)
        {
            Stopped = true;
        }
    }
}

/// <summary>What others do during a run, and the stale translations that they may begin with.</summary>
public readonly ref struct Schedule(
    ReadOnlySpan<InterferenceStep> steps,
    IList<StaleEntry> initialStale
)
{
    /// <summary>The steps.</summary>
    public ReadOnlySpan<InterferenceStep> Steps { get; } = steps;

    /// <summary>Stale translations of the initial state.</summary>
    public IList<StaleEntry> InitialStale { get; } = initialStale;
}

/// <summary>
/// One case, run by the reference and by a candidate from the same initial machine. Reused from case
/// to case, one a worker; nothing is allocated while cases run.
/// </summary>
public sealed class CaseRun<TArch>
    where TArch : struct, IArch
{
    /// <summary>The operation; of a sequence, the one whose turn it is.</summary>
    public required IOperation Operation { get; set; }

    /// <summary>The candidate.</summary>
    public required Implementation Candidate { get; init; }

    /// <summary>The machine both start from.</summary>
    public Machine Initial { get; } = new();

    /// <summary>The reference's run.</summary>
    public Side<TArch> ReferenceSide { get; } = new();

    /// <summary>The candidate's run.</summary>
    public Side<TArch> CandidateSide { get; } = new();

    /// <summary>The arguments.</summary>
    public OperationCall Call { get; set; }

    /// <summary>Room for the steps of interference.</summary>
    public InterferenceStep[] Steps { get; } = new InterferenceStep[Interferer<TArch>.MaxSteps];

    /// <summary>Steps of interference in use.</summary>
    public int StepCount { get; set; }

    /// <summary>Stale translations that the initial state has beyond its entries.</summary>
    public IList<StaleEntry> InitialStale { get; } = new List<StaleEntry>();

    /// <summary>Whether others act during the run; then only the oracles that need no reference judge.</summary>
    public bool IsInterleaved => StepCount > 0;

    /// <summary>What the candidate is compared with.</summary>
    public Implementation Reference => field ??= Operation.ReferenceFor(Candidate);

    /// <summary>Runs what both sides share: the reference of <see cref="Operation"/>, on the candidate's side alone.</summary>
    public void RunShared() => CandidateSide.Run(Initial, Operation, Call, Operation.Reference());

    /// <summary>Runs the reference's side as the candidate's was by <see cref="RunShared"/>.</summary>
    public void RepeatShared() =>
        ReferenceSide.Run(Initial, Operation, Call, Operation.Reference());

    /// <summary>Runs both; <see cref="Initial"/> and <see cref="Call"/> have been set.</summary>
    public void Run()
    {
        var call = Call;
        var schedule = new Schedule(Steps.AsSpan(0, StepCount), InitialStale);
        ReferenceSide.Run(Initial, Operation, call, Reference, schedule);
        CandidateSide.Run(Initial, Operation, call, Candidate, schedule);
    }

    /// <summary>Runs the candidate alone.</summary>
    public void RunCandidate()
    {
        var schedule = new Schedule(Steps.AsSpan(0, StepCount), InitialStale);
        CandidateSide.Run(Initial, Operation, Call, Candidate, schedule);
    }
}
