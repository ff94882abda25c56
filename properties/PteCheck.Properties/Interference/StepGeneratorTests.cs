using PteCheck.Checking.Generation;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Kernel.Interference;
using PteCheck.Kernel.LazyfreeUnmap;
using PteCheck.Kernel.Mprotect;
using PteCheck.Kernel.Mremap;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;

namespace PteCheck.Properties.Interference;

/// <summary>Steps are drawn into reachable scenarios, in words that are read back, and change nothing else.</summary>
public sealed class StepGeneratorTests
{
    private const int Cases = 3_000;

    /// <summary>Rounds until buffers have grown and the compiler has optimized what it will.</summary>
    private const int Rounds = 20;

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
        var scenario = new Scenario();
        ForEach(
            scenario,
            operation,
            architecture,
            percent: 100,
            () =>
            {
                var broken = Reachability.FirstBroken(scenario);
                Assert.True(broken is null, $"{broken?.Rule.Id} {broken?.Rule.Sentence}");
                Assert.InRange(scenario.StepCount, 1, 6);
                Assert.InRange(scenario.Cpus, 2, 4);
            }
        );
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void Steps_are_written_and_read_back(string operation, Architecture architecture)
    {
        var scenario = new Scenario();
        var left = Cases / 10;
        ForEach(
            scenario,
            operation,
            architecture,
            percent: 100,
            () =>
            {
                if (left-- > 0)
                {
                    var text = ScenarioWriter.Write(scenario);
                    var again = ScenarioReader.Read(text, "generated.yaml");
                    Assert.Equal(text, ScenarioWriter.Write(again));
                    Assert.Equal(scenario.UsedSteps.ToArray(), again.UsedSteps.ToArray());
                }
            }
        );
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void Every_verb_and_every_anchor_is_drawn(string operation, Architecture architecture)
    {
        var scenario = new Scenario();
        var verbs = new HashSet<StepVerb>();
        var anchors = new HashSet<AnchorEvent>();
        ForEach(
            scenario,
            operation,
            architecture,
            percent: 100,
            () =>
            {
                foreach (ref readonly var step in scenario.UsedSteps)
                {
                    verbs.Add(step.Verb);
                    anchors.Add(step.Event);
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
            generator.Fill(with, Options(architecture, Find(operation), 100), seed, 1 + (i % 100));
            generator.Fill(without, Options(architecture, Find(operation), 0), seed, 1 + (i % 100));
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
    public void Nothing_is_allocated_for_a_case(string operation, Architecture architecture)
    {
        var bytes =
            architecture == Architecture.X86
                ? Allocated<X86_64>(operation, architecture)
                : Allocated<Arm64>(operation, architecture);

        Assert.Equal(0, bytes);
    }

    /// <summary>Options for an operation.</summary>
    internal static GeneratorOptions Options(
        Architecture architecture,
        IOperation operation,
        int percent
    ) =>
        new(
            architecture,
            ShadowStack: false,
            Bbml2: false,
            (byte)OperationCatalog.All.ToList().IndexOf(operation),
            percent,
            SequencePercent: 0
        );

    private static long Allocated<TArch>(string operation, Architecture architecture)
        where TArch : struct, IArch
    {
        var candidate = Find(operation).Implementations[^1];
        var worker = new CaseWorker<TArch>(Find(operation), candidate, candidate.Kernel);
        var scenario = new Scenario();
        var generator = new ScenarioGenerator();
        var options = Options(architecture, Find(operation), percent: 100);
        var bytes = long.MaxValue;
        for (var round = 0; round < Rounds && bytes > 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Cases; i++)
            {
                generator.Fill(scenario, options, (ulong)i, 1 + (i % 100));
                worker.Evaluate(scenario);
            }

            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        return bytes;
    }

    private static void ForEach(
        Scenario scenario,
        string operation,
        Architecture architecture,
        int percent,
        Action check
    )
    {
        var generator = new ScenarioGenerator();
        var options = Options(architecture, Find(operation), percent);
        for (var i = 0; i < Cases; i++)
        {
            generator.Fill(scenario, options, SeededRandom.Mix((ulong)i), 1 + (i % 100));
            check();
        }
    }

    private static IOperation Find(string name) => OperationCatalog.Find(name)!;
}
