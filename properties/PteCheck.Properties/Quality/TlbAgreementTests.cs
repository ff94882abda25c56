using PteCheck.Checking.Generation;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Mremap;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Tlbs;
using PteCheck.Model.Traces;
using PteCheck.Properties.Generation;

namespace PteCheck.Properties.Quality;

/// <summary>
/// Two TLB models that share no code agree about every case, faulty implementations included; and
/// when either of them misses one kind of event, the comparison shows it.
/// </summary>
public sealed class TlbAgreementTests
{
    private const int Cases = 3_000;
    private const int CasesUntilSeen = 300;

    [Theory]
    [InlineData("batched-any-arch", false)]
    [InlineData("batched-any-arch~flush-first-page", false)]
    [InlineData("batched-any-arch~no-notifier", true)]
    public void Both_models_agree_on_x86(string implementation, bool shadowStack) =>
        Agree<X86_64>(implementation, new(Architecture.X86, shadowStack, Bbml2: false));

    [Theory]
    [InlineData("batched-any-arch", false)]
    [InlineData("batched-any-arch", true)]
    [InlineData("batched-any-arch~convert-without-tlbi", false)]
    public void Both_models_agree_on_arm64(string implementation, bool bbml2) =>
        Agree<Arm64>(implementation, new(Architecture.Arm64, ShadowStack: false, bbml2));

    [Theory]
    [InlineData(Primitive.TlbFlushRange)]
    [InlineData(Primitive.PteStore)]
    [InlineData(Primitive.NotifierStart)]
    public void An_event_that_the_stale_set_misses_is_seen(Primitive hidden)
    {
        Assert.True(Differs<X86_64>(Architecture.X86, hidden, Primitive.Count));
        Assert.True(Differs<Arm64>(Architecture.Arm64, hidden, Primitive.Count));
    }

    [Theory]
    [InlineData(Primitive.TlbFlushRange)]
    [InlineData(Primitive.PteStore)]
    [InlineData(Primitive.NotifierStart)]
    public void An_event_that_the_tlbs_miss_is_seen(Primitive hidden)
    {
        Assert.True(Differs<X86_64>(Architecture.X86, Primitive.Count, hidden));
        Assert.True(Differs<Arm64>(Architecture.Arm64, Primitive.Count, hidden));
    }

    [Fact]
    public void With_nothing_hidden_nothing_is_seen()
    {
        Assert.False(Differs<X86_64>(Architecture.X86, Primitive.Count, Primitive.Count));
        Assert.False(Differs<Arm64>(Architecture.Arm64, Primitive.Count, Primitive.Count));
    }

    private static void Agree<TArch>(string implementation, GeneratorOptions options)
        where TArch : struct, IArch =>
        GeneratorLab.AssertTlbsAgree<TArch>(Lab.Implementation(implementation), options, Cases);

    /// <summary>Whether the models differ in some case when each of them misses one primitive.</summary>
    private static bool Differs<TArch>(
        Architecture architecture,
        Primitive hiddenFromStaleSet,
        Primitive hiddenFromTlbs
    )
        where TArch : struct, IArch
    {
        var side = new Side<TArch>();
        var initial = new Machine();
        var expander = new Expander();
        var generator = new ScenarioGenerator();
        var scenario = new Scenario();
        var candidate = Lab.Implementation("batched-any-arch");
        var pair = new ForgetfulPair<TArch>(side.Machine, hiddenFromStaleSet, hiddenFromTlbs);
        for (var i = 0; i < CasesUntilSeen && !pair.Differed; i++)
        {
            generator.Fill(scenario, new(architecture, false, false), i);
            scenario.TlbCount = 0;
            var call = expander.Expand<TArch>(scenario, initial, KernelVersion.V7_2);
            side.Machine.CopyFrom(initial);
            pair.Begin();
            side.Trace.Listener = pair;
            side.Run(initial, MremapOperation.Instance, call, candidate);
        }

        return pair.Differed;
    }

    /// <summary>Both models over one machine, each deaf to one primitive.</summary>
    private sealed class ForgetfulPair<TArch>(
        Machine machine,
        Primitive hiddenFromStaleSet,
        Primitive hiddenFromTlbs
    ) : ITraceListener
        where TArch : struct, IArch
    {
        private readonly StaleSet<TArch> stale = new(machine);
        private readonly ExplicitTlbs<TArch> tlbs = new(machine);
        private readonly List<Translation> expected = [];
        private readonly List<Translation> actual = [];

        public bool Differed { get; private set; }

        public void Begin()
        {
            stale.Reset();
            tlbs.Reset();
        }

        public void OnEvent(in TraceEvent traceEvent)
        {
            // As the cross-check does: before an invalidation takes away what might differ, too.
            if (traceEvent.Op is Primitive.TlbFlushRange or Primitive.TlbFlushMm)
            {
                Compare();
            }

            if (traceEvent.Op != hiddenFromStaleSet)
            {
                stale.Apply(traceEvent);
            }

            if (traceEvent.Op != hiddenFromTlbs)
            {
                tlbs.OnEvent(traceEvent);
            }

            if (traceEvent.Op is Primitive.PtlUnlock or Primitive.ReturnToUser)
            {
                Compare();
            }
        }

        private void Compare()
        {
            stale.Collect(expected);
            tlbs.Collect(actual);
            Differed |= !expected.SequenceEqual(actual);
        }
    }
}
