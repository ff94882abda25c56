using System.CommandLine;
using PteCheck.Cli.Running;
using PteCheck.Reports;
using PteCheck.Reports.Formats;

namespace PteCheck.Cli.Options;

/// <summary>The options of <c>run</c>, <c>gate</c> and <c>replay</c> that say what counts and where reports go.</summary>
internal sealed class OutputOptions
{
    private static readonly (string Name, string Help, Func<ReportInput, string> Write)[] Formats =
    [
        ("--json", "Write JSON (schema ptecheck/1); - for standard output", JsonReport.Write),
        ("--junit", "Write JUnit XML", JUnitReport.Write),
        ("--ktap", "Write KTAP", KtapReport.Write),
        ("--mail", "Write plain text of 72 columns, for a mail", TextReports.Mail),
        ("--markdown", "Write Markdown", TextReports.Markdown),
        ("--sarif", "Write SARIF 2.1.0", SarifReport.Write),
        ("--html", "Write one HTML page", HtmlReport.Write),
    ];

    private readonly Option<string?>[] files =
    [
        .. Formats.Select(format => OptionText.One(format.Name, "FILE", format.Help)),
    ];
    private readonly Option<bool> noTiming = OptionText.Flag(
        "--no-timing",
        "Leave times out of reports, so that two runs give the same bytes"
    );
    private readonly Option<bool> strict = OptionText.Flag("--strict", "Known findings fail, too");
    private readonly Option<string?> baseline = OptionText.One(
        "--baseline",
        "FILE",
        "Do not fail on what this former --json has"
    );
    private readonly Option<string?> failOn = OptionText.One(
        "--fail-on",
        "SEVERITY",
        "error: wasted work does not fail; work: it does (default)"
    );
    private readonly Option<bool> bisect = OptionText.Flag(
        "--bisect",
        "Exit codes for git bisect run: 128 for 2, 125 for 4"
    );
    private readonly Option<bool> quiet = OptionText.Flag("--quiet", "The last line alone");

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in files)
        {
            command.Add(option);
        }

        Option[] all = [noTiming, strict, baseline, failOn, bisect, quiet];
        foreach (var option in all)
        {
            command.Add(option);
        }
    }

    /// <summary>Reads them.</summary>
    /// <exception cref="UsageException">A value is not what it should be.</exception>
    public OutputSettings Read(ParseResult parse)
    {
        var targets = new List<ReportTarget>();
        for (var i = 0; i < Formats.Length; i++)
        {
            if (parse.GetValue(files[i]) is { } path)
            {
                targets.Add(ReportTarget.Create(Formats[i].Name, path, Formats[i].Write));
            }
        }

        if (targets.Count(target => target.IsStandardOutput) > 1)
        {
            throw new UsageException(
                $"{targets.Last(target => target.IsStandardOutput).Option}: expected a file, for one report alone can go to standard output"
            );
        }

        return new()
        {
            Targets = targets,
            Timing = !parse.GetValue(noTiming),
            Strict = parse.GetValue(strict),
            Baseline = parse.GetValue(baseline) is { } former ? Baseline.Load(former) : null,
            FailOnWork =
                OptionText.Word("--fail-on", parse.GetValue(failOn) ?? "work", "error", "work")
                == "work",
            Bisect = parse.GetValue(bisect),
            Quiet = parse.GetValue(quiet),
        };
    }
}
