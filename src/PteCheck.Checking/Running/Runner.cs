using PteCheck.Checking.Oracles;
using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Interference;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Checking.Running;

/// <summary>One case in full, for reports; of a sequence, the operation that came last.</summary>
/// <param name="Initial">The machine before.</param>
/// <param name="Reference">The reference's final machine.</param>
/// <param name="Candidate">The candidate's final machine.</param>
/// <param name="CandidateTrace">What the candidate did.</param>
/// <param name="CandidateSteps">What became of the steps of interference in the candidate's run.</param>
/// <param name="Call">The arguments.</param>
/// <param name="Findings">What the candidate breaks, in the order of the oracles.</param>
/// <param name="ReferenceFindings">What the reference itself breaks.</param>
public sealed record CaseRecord(
    Machine Initial,
    Machine Reference,
    Machine Candidate,
    Trace CandidateTrace,
    IReadOnlyList<StepOutcome> CandidateSteps,
    OperationCall Call,
    IReadOnlyList<Finding> Findings,
    IReadOnlyList<Finding> ReferenceFindings
)
{
    /// <summary>Where in a subject's source an event of the candidate's trace comes from; null for other implementations.</summary>
    public required Func<int, SourceSite?> SiteOf { get; init; }

    /// <summary>Which operation of the run it is, from 0.</summary>
    public int Element { get; init; }

    /// <summary>The operation of a sequence whose turn came and that could not run.</summary>
    public UnmetOperation? Unmet { get; init; }

    /// <summary>Batches that the candidate formed, in all its operations.</summary>
    public long Batches { get; init; }

    /// <summary>Entries of the longest of them.</summary>
    public int LongestBatch { get; init; }
}

/// <summary>Runs single cases for those who want to look at them.</summary>
public static class Runner
{
    /// <summary>Runs and judges a scenario; the record is the caller's own.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="implementation">The candidate.</param>
    /// <param name="kernel">The generation of primitives; null for the implementation's own.</param>
    /// <param name="operation">The operation with its reference; null for the one of the catalog.</param>
    public static CaseRecord Explain(
        Scenario scenario,
        Implementation implementation,
        KernelVersion? kernel = null,
        IOperation? operation = null
    )
    {
        operation ??= OperationCatalog.Find(implementation.Operation)!;
        var worker = CaseWorkers.Create(
            scenario.Architecture,
            operation,
            implementation,
            kernel ?? implementation.Kernel
        );
        worker.Evaluate(scenario);
        return new(
            worker.InitialMachine,
            worker.ReferenceMachine,
            worker.CandidateMachine,
            worker.CandidateTrace,
            [.. Enumerable.Range(0, scenario.StepCount).Select(worker.OutcomeOf)],
            worker.Call,
            worker.Candidate.All.ToArray(),
            worker.Reference.All.ToArray()
        )
        {
            SiteOf = worker.SiteOf,
            Element = worker.Element,
            Unmet = worker.Unmet,
            Batches = worker.Batches,
            LongestBatch = worker.LongestBatch,
        };
    }
}
