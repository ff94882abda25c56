using BenchmarkDotNet.Attributes;
using PteCheck.Benchmarks.Measuring;
using PteCheck.Checking.Oracles;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;

namespace PteCheck.Benchmarks;

/// <summary>The steps of a case by themselves, on order-4 folios of arm64.</summary>
[MemoryDiagnoser]
public class CaseBenchmarks
{
    private readonly Expander expander = new();
    private readonly Implementation batched = Subjects.Batching(Architecture.Arm64);
    private Scenario scenario = new();
    private CaseRun<Arm64> run = null!;
    private Judge<Arm64> judge = null!;

    /// <summary>Entries of the scenario.</summary>
    [Params(64, 512)]
    public int Ptes { get; set; }

    /// <summary>Makes the scenario and runs it once, so that there is something to judge.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        scenario = FixedScenarios.Folios(Architecture.Arm64, Ptes);
        run = new() { Operation = Subjects.Mremap, Candidate = batched };
        judge = new(run);
        Expand();
        run.Run();
    }

    /// <summary>From the scenario to the machine.</summary>
    [Benchmark]
    public void Expand() =>
        run.Call = expander.Expand<Arm64>(scenario, run.Initial, batched.Kernel);

    /// <summary>The reference's run.</summary>
    [Benchmark]
    public void PerPte() =>
        run.ReferenceSide.Run(run.Initial, run.Operation, run.Call, run.Operation.Reference());

    /// <summary>The candidate's run.</summary>
    [Benchmark]
    public void Batched() => run.CandidateSide.Run(run.Initial, run.Operation, run.Call, batched);

    /// <summary>Every oracle over both runs.</summary>
    [Benchmark]
    public void Judge() => judge.JudgeCase();
}
