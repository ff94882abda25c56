using PteCheck.Cli;
using PteCheck.Properties.Reports;
using PteCheck.Reports.Formats;

namespace PteCheck.Properties.Cli;

/// <summary>The whole way with the checker itself: from the arguments to what is printed.</summary>
public sealed class EndToEndTests
{
    private const string Question = """
        title: First PTE of a batch writable, the second not
        arch: x86-64
        folios:
          A: { order: 2, kind: anon, exclusive: [0] }
        vmas:
          - { name: src, pages: 2, flags: rw }
        ptes:
          src+0: A[0] WDY
          src+1: A[1] Y
        run: mremap src to dst
        """;

    private static CliRun Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = CliApplication.Run(args, output, error);
        return new(code, output.ToString(), error.ToString());
    }

    [Fact]
    public void A_run_gives_the_same_bytes_whatever_the_threads()
    {
        string[] args =
        [
            "run",
            .. "--implementation mremap/as-posted-v4 --cases 8192 --json - --no-timing".Split(' '),
        ];
        var one = Run([.. args, "--jobs", "1"]);
        var three = Run([.. args, "--jobs", "3"]);
        Assert.Equal(ExitCode.Violated, one.Code);
        Assert.Equal(one.Out, three.Out);
        Assert.Empty(JsonSchemaValidator.Validate(JsonReport.Schema(), one.Out));
    }

    [Fact]
    public void A_reference_that_stands_alone_is_judged_by_itself()
    {
        var run = Run("run", "--operation", "wp-fault", "--cases", "4096");
        Assert.Equal(ExitCode.Holds, run.Code);
        Assert.Contains(
            "wp-fault/per-pte, arm64, kernel 7.2: holds over 4,096 random cases (seed 1), nothing to batch",
            run.Out,
            StringComparison.Ordinal
        );
        var broken = Run("run", "--implementation", "wp-fault/per-pte~no-copy", "--cases", "4096");
        Assert.Equal(ExitCode.Violated, broken.Code);
    }

    [Fact]
    public void A_printed_scenario_replays_with_the_same_verdict()
    {
        using var folder = new TemporaryRepository();
        var file = folder.PathOf("question.yaml");
        File.WriteAllText(file, Question);
        var mail = folder.PathOf("mail.txt");
        var first = Run("replay", file, "--implementation", "as-posted-v4", "--mail", mail);
        Assert.Equal(ExitCode.Violated, first.Code);

        var printed = File.ReadAllLines(mail)
            .SkipWhile(line => !line.EndsWith("<<'EOF'", StringComparison.Ordinal))
            .Skip(1)
            .TakeWhile(line => line != "EOF");
        File.WriteAllLines(file, printed);
        var again = Run(
            "replay",
            file,
            "--implementation",
            "mremap/as-posted-v4",
            "--mail",
            mail + "2"
        );
        Assert.Equal(ExitCode.Violated, again.Code);
        Assert.Equal(File.ReadAllText(mail), File.ReadAllText(mail + "2"));
    }

    [Fact]
    public void A_stale_translation_is_shown_with_the_steps_that_led_there()
    {
        using var folder = new TemporaryRepository();
        var file = folder.PathOf("question.yaml");
        File.WriteAllText(file, Question);
        var run = Run("replay", file, "--implementation", "batched-any-arch~flush-after-unlock");
        Assert.Equal(ExitCode.Violated, run.Code);
        Assert.Contains("PTB201", run.Out, StringComparison.Ordinal);
        Assert.Contains("get_and_clear_full_ptes src+0", run.Out, StringComparison.Ordinal);
        Assert.Contains("unlock the page-table lock of dst", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scenario_shrinks_to_what_it_shows()
    {
        using var folder = new TemporaryRepository();
        var file = folder.PathOf("question.yaml");
        File.WriteAllText(file, Question.Replace("pages: 2", "pages: 6", StringComparison.Ordinal));
        var run = Run("minimize", file, "--implementation", "as-posted-v4");
        Assert.Equal(ExitCode.Holds, run.Code);
        Assert.Contains("{ name: src, pages: 2 }", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "D",
            run.Out.Split("ptes:")[1].Split("run:")[0],
            StringComparison.Ordinal
        );
    }
}
