using System.CommandLine;
using Microsoft.Extensions.Logging;
using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Scenarios;
using PteCheck.Cli.Options;
using PteCheck.Reports.Text;

namespace PteCheck.Cli.Commands;

/// <summary><c>ptecheck replay</c>: judge scenario files.</summary>
internal static class ReplayCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(Session session)
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Scenario files; - for standard input",
            Arity = ArgumentArity.OneOrMore,
        };
        var implementation = OptionText.Many(
            "--implementation",
            "I",
            "Judge this one (default: those that the file expects something of, or all)"
        );
        var output = new OutputOptions();
        var command = new Command("replay", "Judge scenario files") { files, implementation };
        output.AddTo(command);
        command.SetAction(parse =>
            Run(
                session,
                parse.GetValue(files) ?? [],
                parse.GetValue(implementation) ?? [],
                output.Read(parse)
            )
        );
        return command;
    }

    private static int Run(Session session, string[] files, string[] names, OutputSettings output)
    {
        var printer = new ResultPrinter(session, output);
        var results = new List<CampaignResult>();
        var scenarios = files.Select(session.Engine.Read).ToList();
        var operations = scenarios
            .SelectMany(scenario => scenario.Operations())
            .Distinct()
            .ToList();
        var implementations = Selection.ReadAll(names, operations);
        foreach (var scenario in scenarios)
        {
            if (session.Cancel.IsCancellationRequested)
            {
                break;
            }

            session.Log.LogDebug("replaying {File}", scenario.Notes?.File);
            var judged = session.Engine.Replay(scenario, implementations);
            results.AddRange(
                session.KnownFile is { } known ? session.Engine.MarkKnown(judged, known) : judged
            );
        }

        var input = printer.Input("replay", results);
        foreach (var result in input.Results)
        {
            printer.PrintLine(result);
        }

        printer.PrintViolations(input);
        return printer.Finish(input, SummaryText.Total(input), ExitCode.Of(input));
    }
}
