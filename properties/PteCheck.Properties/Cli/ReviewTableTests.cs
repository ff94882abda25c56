using PteCheck.Cli;
using PteCheck.Properties.Reports;

namespace PteCheck.Properties.Cli;

/// <summary>A question with many scenarios becomes a table, small enough for one screen.</summary>
public sealed class ReviewTableTests
{
    private const int ScreenLines = 40;
    private const int ScreenColumns = 80;
    private const string Thread = "regressions/threads/some-thread/";

    private static readonly Lazy<string[]> Lazyfree = new(() =>
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = CliApplication.Run(["review", "lazyfree-batched-unmap-v4"], output, error);
        Assert.Equal(ExitCode.Holds, code);
        return output.ToString().Split('\n');
    });

    [Fact]
    public void The_protnone_question_fits_on_one_screen()
    {
        var table = Lazyfree.Value.TakeWhile(line => line.Length > 0).ToList();

        Assert.StartsWith("D1: ", table[0], StringComparison.Ordinal);
        Assert.InRange(table.Count, 24, ScreenLines);
        Assert.All(Lazyfree.Value, line => Assert.InRange(line.Length, 0, ScreenColumns));
        Assert.Contains("    [4] x86-64 batched~ignore-protnone", table);
    }

    /// <summary>Where a batch that ignored protnone would skip a flush that is needed, or restore the wrong entries.</summary>
    [Fact]
    public void Its_rows_are_violated_exactly_where_they_must_be()
    {
        var rows = Lazyfree
            .Value.Where(line => line.Contains(", pending ", StringComparison.Ordinal))
            .ToList();

        Assert.Equal(24, rows.Count);
        foreach (var row in rows)
        {
            var first = row.Contains("first protnone", StringComparison.Ordinal);
            var skipped = row.Contains("deferred, pending 0, discard", StringComparison.Ordinal);
            var restored = row.Contains("restore", StringComparison.Ordinal);
            var rule =
                first && restored ? "PTB005"
                : first && skipped ? "PTB205"
                : "holds";
            var cells = row.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^4..];
            Assert.Equal(["holds", rule, "holds", rule], cells);
        }
    }

    [Theory]
    [InlineData(6, true, "    as-posted-v4: violated PTB001 write gained", ExitCode.Holds)]
    [InlineData(7, true, "    C1-3.yaml  PTB001", ExitCode.Holds)]
    [InlineData(7, false, "    C1-3.yaml  PTB001!", ExitCode.Violated)]
    public void More_than_six_scenarios_of_a_question_become_rows(
        int scenarios,
        bool asExpected,
        string line,
        int code
    )
    {
        using var folder = new TemporaryRepository([
            .. Enumerable.Range(1, scenarios).Select(i => $"{Thread}C1-{i}.yaml"),
            Thread + "C2-other.yaml",
        ]);
        var engine = new FakeEngine { ReplayAnswer = _ => [HandMade.Replayed(asExpected)] };
        var run = CliRun.Of(engine, folder.Path, CancellationToken.None, "review", "some-thread");

        Assert.Equal(code, run.Code);
        Assert.Contains(line, run.Out.Split('\n'));
        Assert.Contains("C2: C2-other.yaml", run.Out, StringComparison.Ordinal);
    }
}
