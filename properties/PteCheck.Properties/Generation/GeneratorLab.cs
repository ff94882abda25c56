using PteCheck.Checking.Generation;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Kernel.Interference;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Campaigns;
using PteCheck.Properties.Quality;

namespace PteCheck.Properties.Generation;

/// <summary>What must hold of all that is generated, whatever the operation.</summary>
internal static class GeneratorLab
{
    /// <summary>Options for an operation, the rest as campaigns have it.</summary>
    public static GeneratorOptions Options(
        IOperation operation,
        Architecture architecture,
        bool shadowStack = false
    ) => new(architecture, shadowStack, Bbml2: false, OperationCatalog.IndexOf(operation));

    /// <summary>Options for single runs of an operation, so many in a hundred with others beside them.</summary>
    public static GeneratorOptions Interleaved(
        IOperation operation,
        Architecture architecture,
        int percent
    ) =>
        Options(operation, architecture) with
        {
            InterleavedPercent = percent,
            SequencePercent = 0,
        };

    /// <summary>Visits the first cases, which all are drawn into one scenario.</summary>
    /// <param name="options">What is fixed for all of them.</param>
    /// <param name="cases">How many.</param>
    /// <param name="visit">Given the scenario and the number of the case.</param>
    /// <param name="sizes">The sizes go round from 1 to this.</param>
    public static void ForEach(
        in GeneratorOptions options,
        int cases,
        Action<Scenario, int> visit,
        int sizes = ScenarioGenerator.MaxSize
    )
    {
        var generator = new ScenarioGenerator();
        var scenario = new Scenario();
        for (var number = 0; number < cases; number++)
        {
            var seed = SeededRandom.Mix((ulong)number);
            generator.Fill(scenario, options, seed, 1 + (number % sizes));
            visit(scenario, number);
        }
    }

    /// <summary>Asserts that every one of the first cases is a state that a kernel can be in.</summary>
    public static void AssertReachable(in GeneratorOptions options, int cases) =>
        ForEach(options, cases, AssertReachable);

    /// <summary>Asserts that the texts of the first cases are read as what was written.</summary>
    public static void AssertReadBack(in GeneratorOptions options, int cases) =>
        ForEach(options, cases, (scenario, _) => AssertReadBack(scenario));

    /// <summary>Asserts that the first cases are reachable, and one in ten of them is read as it was written.</summary>
    public static void AssertReachableAndReadBack(in GeneratorOptions options, int cases) =>
        ForEach(
            options,
            cases,
            (scenario, number) =>
            {
                AssertReachable(scenario, number);
                if (number % 10 == 0)
                {
                    AssertReadBack(scenario);
                }
            }
        );

    /// <summary>Every kind of event before or after which a step is drawn in the first cases.</summary>
    public static IReadOnlySet<AnchorEvent> Anchors(in GeneratorOptions options, int cases)
    {
        var anchors = new HashSet<AnchorEvent>();
        ForEach(
            options,
            cases,
            (scenario, _) =>
            {
                foreach (ref readonly var step in scenario.UsedSteps)
                {
                    anchors.Add(step.Event);
                }
            }
        );
        return anchors;
    }

    /// <summary>Asserts that both TLB models agree in each of the first cases about what may be cached.</summary>
    public static void AssertTlbsAgree<TArch>(
        Implementation implementation,
        in GeneratorOptions options,
        int cases,
        int sizes = ScenarioGenerator.MaxSize
    )
        where TArch : struct, IArch
    {
        var worker = CampaignLab.Worker<TArch>(implementation);
        ForEach(options, cases, (scenario, _) => worker.EvaluateWithBothTlbs(scenario), sizes);
    }

    /// <summary>Asserts that the first cases take no memory, once buffers have grown.</summary>
    public static void AssertNothingAllocated(
        ICaseWorker worker,
        GeneratorOptions options,
        int cases
    )
    {
        var generator = new ScenarioGenerator();
        var scenario = new Scenario();
        Assert.Equal(0, SteadyAllocation.Of(Round));

        void Round()
        {
            for (var number = 0; number < cases; number++)
            {
                generator.Fill(scenario, options, number);
                worker.Evaluate(scenario);
            }
        }
    }

    private static void AssertReachable(Scenario scenario, int number)
    {
        var broken = Reachability.FirstBroken(scenario);
        Assert.True(broken is null, $"case {number}: {broken?.Rule.Id} {broken?.Rule.Sentence}");
    }

    private static void AssertReadBack(Scenario scenario)
    {
        var text = ScenarioWriter.Write(scenario);
        var again = ScenarioReader.Read(text, "generated.yaml");
        Assert.True(again.SameAs(scenario), text);
        Assert.Equal(text, ScenarioWriter.Write(again));
    }
}
