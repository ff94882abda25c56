using System.CommandLine;
using System.Globalization;
using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Exhaustive;
using PteCheck.Cli.Options;
using PteCheck.Cli.Running;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Reports.Text;

namespace PteCheck.Cli.Commands;

/// <summary><c>ptecheck exhaust</c>: enumerate a small scope completely and print the certified count.</summary>
internal static class ExhaustCommand
{
    private const int Width = 96;

    /// <summary>Creates the command.</summary>
    public static Command Create(Session session)
    {
        var scope = new ExhaustScopeOptions();
        var output = new OutputOptions();
        var command = new Command(
            "exhaust",
            "Judge every state of a small scope, and print how many there are"
        );
        scope.AddTo(command);
        output.AddTo(command);
        command.SetAction(parse => Run(session, scope.Read(parse), output.Read(parse)));
        return command;
    }

    private static int Run(Session session, ExhaustSettings settings, OutputSettings output)
    {
        var printer = new ResultPrinter(session, output);
        var text = $"scope {settings.Scope.Name}: {settings.Scope.Text}";
        foreach (var line in Wrapping.Wrap(text, Width, 2))
        {
            printer.Print(line);
        }

        var results = new List<CampaignResult>();
        foreach (var implementation in settings.Implementations)
        {
            foreach (var architecture in settings.Architectures)
            {
                if (!session.Cancel.IsCancellationRequested)
                {
                    results.Add(Search(session, settings, implementation, architecture, printer));
                }
            }
        }

        var input = printer.Input("exhaust", results);
        printer.PrintViolations(input);
        return printer.Finish(input, SummaryText.Total(input), ExitCode.Of(input));
    }

    private static CampaignResult Search(
        Session session,
        ExhaustSettings settings,
        Implementation implementation,
        Architecture architecture,
        ResultPrinter printer
    )
    {
        using var progress = session.ShowProgress ? new ProgressLine(session.Error) : null;
        var found = session.Engine.Exhaust(
            new()
            {
                Scope = settings.Scope,
                Implementation = implementation,
                Architecture = architecture,
                Jobs = settings.Jobs,
                StopAtFirst = settings.StopAtFirst,
                Progress = progress,
            },
            session.Cancel
        );
        progress?.Dispose();
        var result = session.Mark(found.Result);
        printer.PrintLine(result);
        printer.Print($"  {Certificate(found, printer.ShowsTiming)}");
        return result;
    }

    /// <summary>What was counted, and in how many seconds.</summary>
    private static string Certificate(ExhaustResult found, bool timing)
    {
        var seconds = timing
            ? string.Create(CultureInfo.InvariantCulture, $", {found.Result.Seconds:F1} s")
            : "";
        return found.Text + seconds;
    }
}
