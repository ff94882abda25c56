using PteCheck.Checking.Generation;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Quality;

namespace PteCheck.Properties.Zap;

/// <summary>The hot path of a campaign allocates nothing per case: once the reusable buffers have grown, the same cases take no byte.</summary>
public sealed class AllocationTests
{
    [Theory]
    [InlineData("zap/batched")]
    [InlineData("wp-fault/per-pte")]
    [InlineData("numa-fault/per-pte")]
    [InlineData("folio-pte-batch/batched")]
    public void CasesAllocateNothing(string name)
    {
        const int Cases = 4000;
        var implementation = InPlaceCampaigns.Named(name);
        var operation = OperationCatalog.Find(implementation.Operation)!;
        var index = OperationCatalog.All.ToList().IndexOf(operation);
        var options = new GeneratorOptions(Architecture.Arm64, false, false, (byte)index);
        var worker = new CaseWorker<Arm64>(operation, implementation, implementation.Kernel);
        var generator = new ScenarioGenerator();
        var scenario = new Scenario();
        Assert.Equal(0, SteadyAllocation.Of(Run));

        void Run()
        {
            for (var i = 0; i < Cases; i++)
            {
                generator.Fill(scenario, options, (ulong)i, 1 + (i % ScenarioGenerator.MaxSize));
                worker.Evaluate(scenario);
            }
        }
    }
}
