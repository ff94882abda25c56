using PteCheck.Checking.Oracles;
using PteCheck.Cli;
using PteCheck.Kernel.Operations;
using PteCheck.Properties.Reports;

namespace PteCheck.Properties.Cli;

public sealed class CommandTests
{
    private const string Thread = "regressions/threads/some-thread/";

    [Theory]
    [InlineData(true, ExitCode.Holds)]
    [InlineData(false, ExitCode.Violated)]
    [InlineData(null, ExitCode.Violated)]
    public void Replay_passes_when_every_verdict_is_the_expected_one(bool? asExpected, int code)
    {
        using var folder = new TemporaryRepository("a.yaml");
        var engine = new FakeEngine { ReplayAnswer = _ => [HandMade.Replayed(asExpected)] };
        Assert.Equal(code, CliRun.Of(engine, "replay", folder.PathOf("a.yaml")).Code);
    }

    [Fact]
    public void Replay_of_what_does_not_apply_is_4()
    {
        using var folder = new TemporaryRepository("a.yaml");
        var engine = new FakeEngine { ReplayAnswer = _ => [HandMade.NotApplicable()] };
        Assert.Equal(
            ExitCode.NothingApplicable,
            CliRun.Of(engine, "replay", folder.PathOf("a.yaml")).Code
        );
    }

    [Fact]
    public void Replay_takes_folders_and_passes_over_lists_of_findings()
    {
        using var folder = new TemporaryRepository(
            "a/b.yaml",
            "a/known.yaml",
            "a/c/d.yaml",
            "e.yaml"
        );
        var replayed = new List<string>();
        var engine = new FakeEngine
        {
            ReplayAnswer = scenario =>
            {
                replayed.Add(scenario.Notes!.File);
                return [HandMade.Replayed(true)];
            },
        };
        string[] names = ["e.yaml", "a", "a/known.yaml"];
        var run = CliRun.Of(engine, ["replay", .. names.Select(folder.PathOf)]);

        Assert.Equal(ExitCode.Holds, run.Code);
        Assert.Equal(
            [folder.PathOf("e.yaml"), folder.PathOf("a/b.yaml"), folder.PathOf("a/c/d.yaml")],
            replayed
        );
    }

    [Theory]
    [InlineData("none", "expected scenario files (*.yaml) in this folder")]
    [InlineData("a/known.yaml", "expected a scenario, not a list of findings")]
    public void Replay_of_no_scenario_is_bad_usage(string name, string message)
    {
        using var folder = new TemporaryRepository("a/known.yaml", "none/x.txt");
        var run = CliRun.Of(new FakeEngine(), "replay", folder.PathOf(name));

        Assert.Equal(ExitCode.BadUsage, run.Code);
        Assert.EndsWith($"{message}\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_gate_ends_with_a_line_for_a_commit()
    {
        using var folder = new TemporaryRepository("regressions/a.yaml", "regressions/b/c.yaml");
        var engine = new FakeEngine
        {
            ReplayAnswer = scenario => [HandMade.Replayed(true, scenario.Notes!.File)],
        };
        var run = CliRun.Of(engine, folder.Path, CancellationToken.None, "gate");
        Assert.Equal(ExitCode.Holds, run.Code);
        Assert.Equal(
            "PteCheck: gate passed; 2 scenarios, 24 campaigns hold (4,800,000 cases)",
            run.Out.TrimEnd('\n').Split('\n')[^1]
        );
        Assert.DoesNotContain("cause:", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void The_gate_fails_for_a_scenario_that_is_not_as_expected()
    {
        using var folder = new TemporaryRepository("regressions/a.yaml");
        var engine = new FakeEngine
        {
            ReplayAnswer = _ => [HandMade.Replayed(false)],
            Answer = _ => HandMade.NotApplicable(),
        };
        var run = CliRun.Of(engine, folder.Path, CancellationToken.None, "gate");
        Assert.Equal(ExitCode.Violated, run.Code);
        Assert.Contains(
            "PteCheck: gate FAILED; 1 scenario (1 not as expected), 24 not applicable",
            run.Out,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(true, ExitCode.Holds)]
    [InlineData(false, ExitCode.Violated)]
    public void The_gate_forgives_known_findings(bool isListed, int code)
    {
        using var folder = new TemporaryRepository(
            isListed ? "regressions/found/known.yaml" : "regressions/found/none.txt"
        );
        var engine = new FakeEngine { Answer = _ => HandMade.Violated(HandMade.WriteGained()) };
        var run = CliRun.Of(engine, folder.Path, CancellationToken.None, "gate");
        Assert.Equal(code, run.Code);
        Assert.Equal(isListed, run.Out.Contains("known F9", StringComparison.Ordinal));
    }

    [Fact]
    public void Review_lists_threads_and_shows_one_in_the_order_of_its_questions()
    {
        using var folder = new TemporaryRepository(Thread + "C10-x.yaml", Thread + "C2-y.yaml");
        var list = CliRun.Of(new FakeEngine(), folder.Path, CancellationToken.None, "review");
        Assert.StartsWith("some-thread: 2 scenarios (2 open)", list.Out, StringComparison.Ordinal);
        var show = CliRun.Of(
            new FakeEngine(),
            folder.Path,
            CancellationToken.None,
            "review",
            "some-thread"
        );
        Assert.Equal(ExitCode.Holds, show.Code);
        Assert.True(
            show.Out.IndexOf("C2:", StringComparison.Ordinal)
                < show.Out.IndexOf("C10:", StringComparison.Ordinal)
        );
        Assert.Contains(
            "as-posted-v4: violated PTB001 write gained",
            show.Out,
            StringComparison.Ordinal
        );
        Assert.Equal(
            ExitCode.BadUsage,
            CliRun.Of(new FakeEngine(), folder.Path, CancellationToken.None, "review", "other").Code
        );
    }

    [Fact]
    public void Minimize_prints_the_scenario_alone_on_standard_output()
    {
        using var folder = new TemporaryRepository("a.yaml");
        var file = folder.PathOf("a.yaml");
        var run = CliRun.Of(new FakeEngine(), "minimize", file, "--implementation", "as-posted-v4");
        Assert.Equal(ExitCode.Holds, run.Code);
        Assert.Equal("run: mremap src to dst\n", run.Out);
        Assert.Contains("7 scenarios tried", run.Error, StringComparison.Ordinal);
        Assert.Equal(
            ExitCode.NothingApplicable,
            CliRun.Of(new FakeEngine(), "minimize", file, "--implementation", "batched").Code
        );
        Assert.Equal(ExitCode.BadUsage, CliRun.Of(new FakeEngine(), "minimize", file).Code);
    }

    [Fact]
    public void List_names_every_implementation_and_decision()
    {
        var run = CliRun.Of(new FakeEngine(), "list");
        foreach (var operation in OperationCatalog.All)
        {
            Assert.All(
                operation.Implementations,
                known => Assert.Contains(known.FullName, run.Out, StringComparison.Ordinal)
            );
            Assert.All(
                operation.Decisions,
                decision => Assert.Contains(decision.Mend, run.Out, StringComparison.Ordinal)
            );
        }
    }

    [Fact]
    public void Rules_names_every_rule_and_relaxation()
    {
        var run = CliRun.Of(new FakeEngine(), "rules");
        Assert.All(Rules.All, rule => Assert.Contains(rule.Id, run.Out, StringComparison.Ordinal));
        Assert.All(
            Relaxations.All,
            relaxation => Assert.Contains(relaxation.Id, run.Out, StringComparison.Ordinal)
        );
        Assert.All(run.Out.Split('\n'), line => Assert.True(line.Length <= 100, line));
    }

    [Fact]
    public void Bench_prints_what_the_benchmarks_say() =>
        Assert.Equal("figures\n", CliRun.Of(new FakeEngine(), "bench").Out);
}
