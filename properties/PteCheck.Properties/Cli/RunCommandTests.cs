using PteCheck.Checking.Campaigns;
using PteCheck.Cli;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Reports;
using PteCheck.Reports.Formats;

namespace PteCheck.Properties.Cli;

public sealed class RunCommandTests
{
    [Fact]
    public void Without_arguments_it_judges_batched_on_both_architectures_by_the_gate_profile()
    {
        var engine = new FakeEngine();
        var run = CliRun.Of(engine, "run");
        Assert.Equal(ExitCode.Holds, run.Code);
        string[] names =
        [
            "mremap/batched",
            "lazyfree-unmap/batched",
            "zap/batched",
            "wp-fault/per-pte",
            "mprotect/batched",
            "mthp-select/linear",
            "collapse-file/batched",
            "collapse-anon/batched",
            "numa-fault/per-pte",
            "folio-pte-batch/batched",
            "madvise-free/per-pmd",
            "madvise-dontneed/per-pmd",
        ];
        Assert.Equal(
            names.SelectMany(name =>
                ArchitectureNames.All.Select(architecture => (name, architecture))
            ),
            engine.Asked.Select(asked => (asked.Implementation.FullName, asked.Architecture))
        );
        Assert.All(engine.Asked, asked => Assert.Equal(Profiles.Gate, asked.Cases));
        Assert.All(engine.Asked, asked => Assert.Equal(1ul, asked.Seed));
        Assert.EndsWith("24 hold\n", run.Out, StringComparison.Ordinal);
        Assert.Empty(run.Error);
    }

    [Fact]
    public void Every_option_reaches_the_campaign()
    {
        var engine = new FakeEngine();
        CliRun.Of(
            engine,
            [
                .. "run --operation mremap --implementation batched~ignore-write --arch arm64".Split(
                    ' '
                ),
                .. "--cases 1_000,000 --seed 7 --jobs 3 --shard 2/5 --kernel 6.17".Split(' '),
                .. "--interference off --sequences only".Split(' '),
                .. "--config shadow-stack=on,bbml2=off --config bbml2=on".Split(' '),
            ]
        );
        var asked = Assert.Single(engine.Asked);
        Assert.Equal("mremap/batched~ignore-write", asked.Implementation.FullName);
        Assert.Equal(Architecture.Arm64, asked.Architecture);
        Assert.Equal(1_000_000, asked.Cases);
        Assert.Equal(7ul, asked.Seed);
        Assert.Equal(3, asked.Jobs);
        Assert.Equal((2, 5), asked.Shard);
        Assert.Equal(KernelVersion.V6_17, asked.Kernel);
        Assert.Equal(InterferenceMode.Off, asked.Interference);
        Assert.Equal(SequenceMode.Only, asked.Sequences);
        Assert.True(asked.ShadowStack);
        Assert.True(asked.Bbml2);
    }

    [Fact]
    public void Time_is_shared_by_all_campaigns_and_can_be_repeated()
    {
        var engine = new FakeEngine();
        var run = CliRun.Of(engine, "run", "--operation", "mremap", "--time", "1m");
        Assert.All(engine.Asked, asked => Assert.Equal(TimeSpan.FromSeconds(30), asked.Time));
        Assert.All(engine.Asked, asked => Assert.Null(asked.Cases));
        Assert.Contains("to repeat it: --seed 1 --cases 200000", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void The_exit_code_is_that_of_the_worst_result()
    {
        Assert.Equal(ExitCode.Violated, Code(HandMade.Violated(HandMade.WriteGained())));
        Assert.Equal(ExitCode.NothingApplicable, Code(HandMade.NotApplicable()));
        Assert.Equal(ExitCode.InternalError, Code(HandMade.ReferenceViolated()));
        Assert.Equal(ExitCode.Holds, Code(HandMade.Violated(HandMade.Known())));
        Assert.Equal(ExitCode.Violated, Code(HandMade.Violated(HandMade.Known()), "--strict"));
        Assert.Equal(ExitCode.Violated, Code(HandMade.Violated(HandMade.WastedWork())));
        Assert.Equal(
            ExitCode.Holds,
            Code(HandMade.Violated(HandMade.WastedWork()), "--fail-on", "error")
        );

        static int Code(CampaignResult result, params string[] more) =>
            CliRun.Of(new FakeEngine { Answer = _ => result }, ["run", .. more]).Code;
    }

    [Fact]
    public void An_interrupted_run_shows_what_it_has_and_ends_with_130()
    {
        using var cancel = new CancellationTokenSource();
        var engine = new FakeEngine
        {
            Answer = _ =>
            {
                cancel.Cancel();
                return HandMade.Violated(HandMade.WriteGained());
            },
        };
        var run = CliRun.Of(engine, root: null, cancel.Token, "run");
        Assert.Equal(ExitCode.Interrupted, run.Code);
        Assert.Single(engine.Asked);
        Assert.Contains("cause: ignore-write", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void With_json_on_standard_output_all_text_goes_to_standard_error()
    {
        var engine = new FakeEngine { Answer = _ => HandMade.Violated(HandMade.WriteGained()) };
        var run = CliRun.Of(engine, "run", "--json", "-", "--no-timing");
        Assert.Empty(JsonSchemaValidator.Validate(JsonReport.Schema(), run.Out));
        Assert.Contains("24 violated", run.Error, StringComparison.Ordinal);
        Assert.Equal(run.Out, CliRun.Of(engine, "run", "--json", "-", "--no-timing").Out);
    }

    [Fact]
    public void A_baseline_forgives_what_it_has_and_nothing_else()
    {
        using var folder = new TemporaryRepository();
        var former = folder.PathOf("former.json");
        var engine = new FakeEngine { Answer = _ => HandMade.Violated(HandMade.WriteGained()) };
        var asPosted = new[] { "run", "--implementation", "mremap/as-posted-v4" };
        Assert.Equal(ExitCode.Violated, CliRun.Of(engine, [.. asPosted, "--json", former]).Code);
        var again = CliRun.Of(engine, [.. asPosted, "--baseline", former]);
        Assert.Equal(ExitCode.Holds, again.Code);
        Assert.Contains("in the baseline: PTB001", again.Out, StringComparison.Ordinal);
        var other = new FakeEngine { Answer = _ => HandMade.Violated(HandMade.Stale()) };
        Assert.Equal(ExitCode.Violated, CliRun.Of(other, [.. asPosted, "--baseline", former]).Code);
    }

    [Fact]
    public void All_reports_are_written()
    {
        using var folder = new TemporaryRepository();
        string[] formats = ["json", "junit", "ktap", "mail", "markdown", "sarif", "html"];
        var engine = new FakeEngine { Answer = _ => HandMade.Violated(HandMade.WriteGained()) };
        var options = formats.SelectMany(format => new[] { $"--{format}", folder.PathOf(format) });
        var run = CliRun.Of(engine, ["run", .. options]);
        Assert.Equal(ExitCode.Violated, run.Code);
        Assert.All(formats, format => Assert.True(new FileInfo(folder.PathOf(format)).Length > 0));
    }

    [Fact]
    public void Quiet_leaves_the_last_line() =>
        Assert.Equal("24 hold\n", CliRun.Of(new FakeEngine(), "run", "--quiet").Out);

    [Fact]
    public void A_random_seed_is_a_seed()
    {
        var engine = new FakeEngine();
        Assert.Equal(0, CliRun.Of(engine, "run", "--seed", "random").Code);
        Assert.Single(engine.Asked.Select(asked => asked.Seed).Distinct());
    }
}
