using PteCheck.Checking.Generation;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Quality;

namespace PteCheck.Properties.Sequences;

/// <summary>Sequences that are drawn are reachable, of two operations to five, with the campaign's own under test.</summary>
public sealed class SequenceGeneratorTests
{
    private const int Cases = 5000;

    public static TheoryData<string, Architecture> Operations => SequenceLab.Operations;

    [Theory]
    [MemberData(nameof(Operations))]
    public void EverySequenceIsReachableAndReadsBack(string operation, Architecture architecture)
    {
        var options = SequenceLab.Options(operation, architecture);
        var generator = new ScenarioGenerator();
        var scenario = new Scenario();
        for (var i = 0; i < Cases; i++)
        {
            generator.Fill(scenario, options, i);
            var text = ScenarioWriter.Write(scenario);

            Assert.True(Reachability.FirstBroken(scenario) is null, text);
            Assert.InRange(scenario.RunCount, 2, Scenario.MaxRuns);
            Assert.Equal(operation, scenario.Operation().Name);
            Assert.True(ScenarioReader.Read(text, "drawn.yaml").SameAs(scenario), text);
        }
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void TheOperationUnderTestIsMostlyReached(string operation, Architecture architecture)
    {
        var reference = OperationCatalog.Find(operation)!.Reference();
        var worker = CaseWorkers.Create(
            architecture,
            OperationCatalog.Find(operation)!,
            reference,
            reference.Kernel
        );
        var options = SequenceLab.Options(operation, architecture);
        var generator = new ScenarioGenerator();
        var scenario = new Scenario();
        var reached = 0;
        for (var i = 0; i < Cases; i++)
        {
            generator.Fill(scenario, options, i);
            worker.Evaluate(scenario);
            reached += worker.Element >= scenario.Tested ? 1 : 0;
        }

        Assert.InRange(reached, Cases * 8 / 10, Cases);
    }

    [Fact]
    public void WithoutSequencesNothingElseChanges()
    {
        var all = SequenceLab.Options("zap", Architecture.Arm64);
        var generator = new ScenarioGenerator();
        var with = new Scenario();
        var without = new Scenario();
        var drawn = 0;
        for (var i = 0; i < Cases; i++)
        {
            generator.Fill(with, all with { SequencePercent = 15 }, i);
            generator.Fill(without, all with { SequencePercent = 0 }, i);
            drawn += with.IsSequence ? 1 : 0;

            Assert.False(without.IsSequence);
            Assert.True(with.IsSequence || with.SameAs(without));
            Assert.False(with.IsSequence && with.StepCount > 0);
        }

        Assert.InRange(drawn, Cases / 10, Cases / 6);
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void NothingIsAllocatedForACase(string operation, Architecture architecture)
    {
        var bytes =
            architecture == Architecture.X86
                ? Allocated<X86_64>(operation, architecture)
                : Allocated<Arm64>(operation, architecture);

        Assert.Equal(0, bytes);
    }

    /// <summary>Both TLB models start the next operation with what the one before left cached.</summary>
    [Theory]
    [MemberData(nameof(Operations))]
    public void BothTlbsAgreeFromOneToTheNext(string operation, Architecture architecture)
    {
        if (architecture == Architecture.X86)
        {
            Compare<X86_64>(operation, architecture);
        }
        else
        {
            Compare<Arm64>(operation, architecture);
        }
    }

    private static void Compare<TArch>(string operation, Architecture architecture)
        where TArch : struct, IArch
    {
        var worker = Worker<TArch>(operation);
        var options = SequenceLab.Options(operation, architecture);
        var generator = new ScenarioGenerator();
        var scenario = new Scenario();
        for (var i = 0; i < 300; i++)
        {
            generator.Fill(scenario, options, SeededRandom.Mix((ulong)i), 1 + (i % 30));
            worker.EvaluateWithBothTlbs(scenario);
        }
    }

    private static long Allocated<TArch>(string operation, Architecture architecture)
        where TArch : struct, IArch
    {
        const int Warm = 3000;
        var worker = Worker<TArch>(operation);
        var options = SequenceLab.Options(operation, architecture);
        var generator = new ScenarioGenerator();
        var scenario = new Scenario();
        return SteadyAllocation.Of(Run);

        void Run()
        {
            for (var i = 0; i < Warm; i++)
            {
                generator.Fill(scenario, options, i);
                worker.Evaluate(scenario);
            }
        }
    }

    private static CaseWorker<TArch> Worker<TArch>(string operation)
        where TArch : struct, IArch
    {
        var found = OperationCatalog.Find(operation)!;
        var candidate = found.Reference();
        return new(found, candidate, candidate.Kernel);
    }
}
