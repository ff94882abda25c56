using PteCheck.Checking.Campaigns;
using PteCheck.Cli.Options;
using PteCheck.Reports;
using PteCheck.Reports.Text;

namespace PteCheck.Cli;

/// <summary>What <c>run</c>, <c>gate</c> and <c>replay</c> say of their results, and the reports that they write.</summary>
internal sealed class ResultPrinter
{
    private readonly Session session;
    private readonly Session text;
    private readonly OutputSettings settings;

    /// <summary>Text goes to standard error where a report takes standard output.</summary>
    public ResultPrinter(Session session, OutputSettings settings)
    {
        this.session = session;
        this.settings = settings;
        text = settings.TakesStandardOutput ? session.WithTextOnError() : session;
    }

    /// <summary>Whether seconds are printed, which no two runs share.</summary>
    public bool ShowsTiming => settings.Timing;

    /// <summary>The line of one result.</summary>
    public void PrintLine(CampaignResult result) => Print(SummaryText.Line(result));

    /// <summary>A line that <c>--quiet</c> leaves out.</summary>
    public void Print(string line)
    {
        if (!settings.Quiet)
        {
            text.Out.WriteLine(line);
        }
    }

    /// <summary>The violations in full; those that do not count in a line, and each known finding once.</summary>
    public void PrintViolations(ReportInput input)
    {
        if (settings.Quiet)
        {
            return;
        }

        var writer = new StyledWriter(text.Out, text.Colour);
        var builder = new ViolationText(session.Explainer, TextLayout.Terminal);
        var others = new List<(CampaignResult Result, Violation Violation)>();
        foreach (var result in input.Results)
        {
            var counting = result.Counting(input.Strict, input.FailOnWork).ToHashSet();
            foreach (var violation in input.Shown(result))
            {
                if (counting.Contains(violation))
                {
                    text.Out.WriteLine();
                    writer.Write(builder.Build(result, violation));
                }
                else
                {
                    others.Add((result, violation));
                }
            }
        }

        text.Out.WriteLine();
        foreach (var line in ToleratedText.Lines(others, TextLayout.Terminal.Width))
        {
            text.Out.WriteLine(line);
        }

        if (others.Count > 0)
        {
            text.Out.WriteLine();
        }
    }

    /// <summary>Writes all reports, then the last line; returns the exit code.</summary>
    public int Finish(ReportInput input, string lastLine, int code)
    {
        foreach (var target in settings.Targets)
        {
            target.Save(input, session.Out);
        }

        var isInterrupted = session.Cancel.IsCancellationRequested;
        text.Out.WriteLine(isInterrupted ? $"interrupted; {lastLine}" : lastLine);
        return isInterrupted ? ExitCode.Interrupted : code;
    }

    /// <summary>The input of all reports.</summary>
    public ReportInput Input(string command, IReadOnlyList<CampaignResult> results) =>
        new()
        {
            Command = command,
            Results = settings.Baseline is { } baseline
                ? [.. results.Select(baseline.Mark)]
                : results,
            Explainer = session.Explainer,
            Timing = settings.Timing,
            Strict = settings.Strict,
            FailOnWork = settings.FailOnWork,
        };
}
