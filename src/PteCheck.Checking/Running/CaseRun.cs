using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Checking.Running;

/// <summary>One side of a case: a machine, and what an implementation did to it.</summary>
public sealed class Side<TArch>
    where TArch : struct, IArch
{
    private readonly KernelContext<TArch> kernel;

    /// <summary>Creates an empty side.</summary>
    public Side() => kernel = new(Machine, Trace, Faults);

    /// <summary>The machine; after a run, the final one.</summary>
    public Machine Machine { get; } = new();

    /// <summary>What happened.</summary>
    public Trace Trace { get; } = new();

    /// <summary>What was wrong with it.</summary>
    public FaultLog Faults { get; } = new();

    /// <summary>Whether the run ended at a fault; the final machine is then that of the middle of the operation.</summary>
    public bool Stopped { get; private set; }

    /// <summary>Runs an implementation from an initial machine.</summary>
    public void Run(
        Machine initial,
        IOperation operation,
        in OperationCall call,
        Implementation implementation
    )
    {
        Machine.CopyFrom(initial);
        Trace.Clear();
        Faults.Clear();
        Stopped = false;
        try
        {
            operation.Run(kernel, call, implementation);
        }
        catch (RunStoppedException)
        {
            Stopped = true;
        }
    }
}

/// <summary>
/// One case, run by the reference and by a candidate from the same initial machine. Reused from case
/// to case, one a worker; nothing is allocated while cases run.
/// </summary>
public sealed class CaseRun<TArch>
    where TArch : struct, IArch
{
    /// <summary>The operation.</summary>
    public required IOperation Operation { get; init; }

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

    /// <summary>Runs both; <see cref="Initial"/> and <see cref="Call"/> have been set.</summary>
    public void Run()
    {
        var call = Call;
        ReferenceSide.Run(Initial, Operation, call, Operation.Reference());
        CandidateSide.Run(Initial, Operation, call, Candidate);
    }
}
