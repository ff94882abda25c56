using PteCheck.Checking.Generation;
using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Campaigns;
using PteCheck.Properties.Generation;
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
        var worker = CampaignLab.Worker(
            OperationCatalog.Find(operation)!.Reference(),
            architecture
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
    public void NothingIsAllocatedForACase(string operation, Architecture architecture) =>
        GeneratorLab.AssertNothingAllocated(
            CampaignLab.Worker(OperationCatalog.Find(operation)!.Reference(), architecture),
            SequenceLab.Options(operation, architecture),
            3000
        );

    /// <summary>Both TLB models start the next operation with what the one before left cached.</summary>
    [Theory]
    [MemberData(nameof(Operations))]
    public void BothTlbsAgreeFromOneToTheNext(string operation, Architecture architecture)
    {
        if (architecture == Architecture.X86)
        {
            Agree<X86_64>(operation);
        }
        else
        {
            Agree<Arm64>(operation);
        }
    }

    private static void Agree<TArch>(string operation)
        where TArch : struct, IArch =>
        GeneratorLab.AssertTlbsAgree<TArch>(
            OperationCatalog.Find(operation)!.Reference(),
            SequenceLab.Options(operation, TArch.Architecture),
            300,
            sizes: 30
        );
}
