using System.CommandLine;
using Microsoft.Extensions.Logging;
using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Scenarios;
using PteCheck.Cli.Options;
using PteCheck.Cli.Running;
using PteCheck.Kernel.Operations;
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
            Description = "Scenario files, or folders of them; - for standard input",
            Arity = ArgumentArity.OneOrMore,
        };
        var implementation = OptionText.Many(
            "--implementation",
            "I",
            "Judge this one (default: those that the file expects something of, or all)"
        );
        var subject = new SubjectOption();
        var output = new OutputOptions();
        var command = new Command("replay", "Judge scenario files") { files, implementation };
        subject.AddTo(command);
        output.AddTo(command);
        command.SetAction(parse =>
            Run(
                session,
                parse.GetValue(files) ?? [],
                parse.GetValue(implementation) ?? [],
                subject.Read(session, parse),
                output.Read(parse)
            )
        );
        return command;
    }

    private static int Run(
        Session session,
        string[] files,
        string[] names,
        IReadOnlyList<Implementation> subjects,
        OutputSettings output
    )
    {
        var printer = new ResultPrinter(session, output);
        var results = new List<CampaignResult>();
        var scenarios = Repository.ScenariosOf(files).Select(session.Engine.Read).ToList();
        var operations = scenarios
            .SelectMany(scenario => scenario.Operations())
            .Distinct()
            .ToList();
        IReadOnlyList<Implementation> implementations =
        [
            .. Selection.ReadAll(names, operations),
            .. subjects,
        ];
        foreach (var scenario in scenarios)
        {
            if (session.Cancel.IsCancellationRequested)
            {
                break;
            }

            session.Log.LogDebug("replaying {File}", scenario.Notes?.File);
            var judged = session.Engine.Replay(scenario, ForOperation(scenario, implementations));
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

    /// <summary>The implementations of a scenario's operation.</summary>
    /// <exception cref="UsageException">A subject has an entry for another operation.</exception>
    private static IReadOnlyList<Implementation> ForOperation(
        Scenario scenario,
        IReadOnlyList<Implementation> implementations
    )
    {
        var operation = OperationCatalog.All[scenario.Run.Operation].Name;
        var other = implementations.FirstOrDefault(known =>
            known.Subject is not null && known.Operation != operation
        );
        return other is null
            ? [.. implementations.Where(known => known.Operation == operation)]
            : throw new UsageException(
                $"--subject: expected a function for {operation}, which the file runs, not one for {other.Operation}"
            );
    }
}
