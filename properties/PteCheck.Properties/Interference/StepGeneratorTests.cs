using PteCheck.Checking.Generation;
using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Interference;
using PteCheck.Kernel.LazyfreeUnmap;
using PteCheck.Kernel.Mprotect;
using PteCheck.Kernel.Mremap;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Campaigns;
using PteCheck.Properties.Generation;

namespace PteCheck.Properties.Interference;

/// <summary>Steps are drawn into reachable scenarios, in words that are read back, and change nothing else.</summary>
public sealed class StepGeneratorTests
{
    private const int Cases = 3_000;

    public static TheoryData<string, Architecture> Operations =>
        new()
        {
            { MremapOperation.Instance.Name, Architecture.X86 },
            { MremapOperation.Instance.Name, Architecture.Arm64 },
            { LazyfreeOperation.Instance.Name, Architecture.X86 },
            { LazyfreeOperation.Instance.Name, Architecture.Arm64 },
            { MprotectOperation.Instance.Name, Architecture.X86 },
            { MprotectOperation.Instance.Name, Architecture.Arm64 },
        };

    [Theory]
    [MemberData(nameof(Operations))]
    public void Every_interleaved_state_is_reachable(string operation, Architecture architecture)
    {
        var options = Interleaved(operation, architecture);
        GeneratorLab.AssertReachable(options, Cases);
        GeneratorLab.ForEach(
            options,
            Cases,
            (scenario, _) =>
            {
                Assert.InRange(scenario.StepCount, 1, 6);
                Assert.InRange(scenario.Cpus, 2, 4);
            }
        );
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void Steps_are_written_and_read_back(string operation, Architecture architecture) =>
        GeneratorLab.AssertReadBack(Interleaved(operation, architecture), Cases / 10);

    [Theory]
    [MemberData(nameof(Operations))]
    public void Every_verb_and_every_anchor_is_drawn(string operation, Architecture architecture)
    {
        var options = Interleaved(operation, architecture);
        var anchors = GeneratorLab.Anchors(options, Cases);
        var verbs = new HashSet<StepVerb>();
        GeneratorLab.ForEach(
            options,
            Cases,
            (scenario, _) =>
            {
                foreach (ref readonly var step in scenario.UsedSteps)
                {
                    verbs.Add(step.Verb);
                }
            }
        );

        var onFolio = operation == LazyfreeOperation.Instance.Name;
        var folioOnly = (StepVerb[])[StepVerb.Mkclean, StepVerb.WriteOut, StepVerb.Truncate];
        var ofTables = (StepVerb[])
            [StepVerb.GupWalk, StepVerb.ZapTable, StepVerb.Retract, StepVerb.Count];
        Assert.Equal(
            Enum.GetValues<StepVerb>().Except(onFolio ? [.. folioOnly, .. ofTables] : ofTables),
            verbs.Order()
        );
        Assert.Equal(onFolio ? 15 : 7, anchors.Count);
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void Beside_the_steps_only_a_second_cpu_and_a_pin_are_added(
        string operation,
        Architecture architecture
    )
    {
        var with = new Scenario();
        var without = new Scenario();
        var generator = new ScenarioGenerator();
        for (var i = 0; i < Cases; i++)
        {
            var seed = SeededRandom.Mix((ulong)i);
            generator.Fill(with, Interleaved(operation, architecture), seed, 1 + (i % 100));
            generator.Fill(without, Interleaved(operation, architecture, 0), seed, 1 + (i % 100));
            with.StepCount = 0;
            with.Cpus = without.Cpus;
            for (var folio = 0; folio < with.FolioCount; folio++)
            {
                with.Folios[folio].Pins = without.Folios[folio].Pins;
                with.Folios[folio].Exclusive = without.Folios[folio].Exclusive;
            }

            Assert.True(with.SameAs(without), $"case {i}");
        }
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void Nothing_is_allocated_for_a_case(string operation, Architecture architecture) =>
        GeneratorLab.AssertNothingAllocated(
            CampaignLab.Worker(Find(operation).Implementations[^1], architecture),
            Interleaved(operation, architecture),
            Cases
        );

    private static GeneratorOptions Interleaved(
        string operation,
        Architecture architecture,
        int percent = 100
    ) => GeneratorLab.Interleaved(Find(operation), architecture, percent);

    private static IOperation Find(string name) => OperationCatalog.Find(name)!;
}
