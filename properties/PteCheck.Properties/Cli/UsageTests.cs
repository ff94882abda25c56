using PteCheck.Checking.Campaigns;
using PteCheck.Cli;
using PteCheck.Native;
using PteCheck.Properties.Reports;

namespace PteCheck.Properties.Cli;

public sealed class UsageTests
{
    [Theory]
    [InlineData("", "expected a command: run, gate,")]
    [InlineData("rnu", "no command 'rnu'; did you mean 'run'?")]
    [InlineData("xyzzy", "no command 'xyzzy'; there are: run,")]
    [InlineData("run --case 3", "no option '--case' of run; did you mean '--cases'?")]
    [InlineData("run extra", "no argument 'extra' of run")]
    [InlineData("run --cases", "--cases: expected N")]
    [InlineData("run --cases x", "--cases: expected a whole number from 1, not 'x'")]
    [InlineData("run --cases 0", "--cases: expected a whole number from 1, not '0'")]
    [InlineData("run --cases 99999999999999999999", "--cases: expected a whole number from 1")]
    [InlineData("run --cases 5 --cases 6", "--cases: expected once")]
    [InlineData("run --cases 3 --time 3s", "--time: expected without --cases")]
    [InlineData("run --cases 3 --profile gate", "--cases: expected without --profile")]
    [InlineData("run --time soon", "--time: expected a time such as 30s, 5m or 1h, not 'soon'")]
    [InlineData("run --time 0s", "--time: expected a time")]
    [InlineData("run --profile day", "--profile: expected gate or nightly, not 'day'")]
    [InlineData("run --arch mips", "--arch: expected x86-64 or arm64, not 'mips'")]
    [InlineData("run --operation mmap", "--operation: expected mremap")]
    [InlineData("run --implementation foo", "--implementation: no implementation 'foo'")]
    [InlineData(
        "run --implementation mremap/batched~foo",
        "--implementation: mremap has no decision 'foo'"
    )]
    [InlineData("run --subject no/such.c", "--subject: no/such.c: no such file")]
    [InlineData("run --seed -1", "--seed: expected")]
    [InlineData("run --seed z", "--seed: expected a whole number from 0, or random, not 'z'")]
    [InlineData("run --jobs 0", "--jobs: expected a whole number from 1 to 1024, not '0'")]
    [InlineData("run --shard 3/2", "--shard: expected i/n with 1 <= i <= n, not '3/2'")]
    [InlineData("run --kernel 5.4", "--kernel: expected 6.15 or 6.17 or 7.2, not '5.4'")]
    [InlineData("run --config shadow-stack", "--config: expected shadow-stack=on|off")]
    [InlineData("run --config x=on", "--config: expected shadow-stack=on|off")]
    [InlineData("run --sequences some", "--sequences: expected on or off or only, not 'some'")]
    [InlineData(
        "run --sequences only --interference only",
        "--sequences only: expected without --interference only"
    )]
    [InlineData("run --fail-on all", "--fail-on: expected error or work, not 'all'")]
    [InlineData("run --baseline /no/such/file", "--baseline: expected a file that --json wrote")]
    [InlineData(
        "run --json /no/such/folder/file",
        "--json: expected a file in a folder that exists"
    )]
    [InlineData("run --json - --mail -", "--mail: expected a file")]
    [InlineData("replay", "replay: expected FILE")]
    [InlineData("minimize", "minimize: expected FILE")]
    [InlineData("gate", "gate: expected to be run in the repository")]
    [InlineData("review", "review: expected to be run in the repository")]
    public void Bad_usage_gives_one_line_and_exit_code_2(string line, string message)
    {
        var args = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var run = CliRun.Of(new FakeEngine(), args);
        Assert.Equal(ExitCode.BadUsage, run.Code);
        Assert.StartsWith($"ptecheck: {message}", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
        Assert.Empty(run.Out);
    }

    [Fact]
    public void A_bad_file_is_named_with_its_place()
    {
        var run = CliRun.Of(new FakeEngine(), "replay", "/no/such.yaml");
        Assert.Equal(ExitCode.BadUsage, run.Code);
        Assert.Equal("/no/such.yaml:1:1: error: expected a file\n", run.Error);
    }

    [Theory]
    [InlineData("--help", "Commands:")]
    [InlineData("run --help", "--implementation")]
    [InlineData("replay --help", "git bisect run")]
    [InlineData("gate -h", "--baseline")]
    public void Help_shows_examples_and_exit_codes(string line, string text)
    {
        var run = CliRun.Of(new FakeEngine(), line.Split(' '));
        Assert.Equal(ExitCode.Holds, run.Code);
        Assert.Contains(text, run.Out, StringComparison.Ordinal);
        Assert.Contains("Examples:", run.Out, StringComparison.Ordinal);
        Assert.Contains("Exit codes:", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unexpected_failure_is_one_line_and_exit_code_128()
    {
        var engine = new FakeEngine
        {
            Answer = _ =>
                throw new AggregateException(new InvalidOperationException("first\nsecond")),
        };
        var run = CliRun.Of(engine, "run");
        Assert.Equal(ExitCode.InternalError, run.Code);
        Assert.StartsWith(
            "ptecheck: internal error: InvalidOperationException: first second",
            run.Error,
            StringComparison.Ordinal
        );
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void A_case_that_throws_is_printed_behind_the_failure()
    {
        var failed = new CaseFailedException(7, new(), new InvalidOperationException("x"));
        var run = CliRun.Of(new FakeEngine { Answer = _ => throw failed }, "run");

        Assert.Equal(ExitCode.InternalError, run.Code);
        Assert.Contains(
            "InvalidOperationException in case 7: x",
            run.Error,
            StringComparison.Ordinal
        );
        Assert.EndsWith(failed.Scenario, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_subject_that_cannot_be_judged_in_a_case_says_so_alone()
    {
        var failed = new CaseFailedException(7, new(), new SubjectException("gone"));
        var run = CliRun.Of(new FakeEngine { Answer = _ => throw failed }, "run");

        Assert.Equal(ExitCode.CannotJudge, run.Code);
        Assert.Equal("ptecheck: gone\n", run.Error);
    }

    [Theory]
    [InlineData("run --bisect --cases x", ExitCode.InternalError)]
    [InlineData("run --bisect --arch x86-64", ExitCode.BisectSkip)]
    public void Bisect_maps_codes_that_git_would_take_for_a_bad_commit(string line, int code)
    {
        var engine = new FakeEngine { Answer = _ => HandMade.NotApplicable() };
        Assert.Equal(code, CliRun.Of(engine, line.Split(' ')).Code);
    }
}
