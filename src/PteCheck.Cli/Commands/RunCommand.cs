using System.CommandLine;
using PteCheck.Cli.Options;
using PteCheck.Cli.Running;
using PteCheck.Reports.Text;

namespace PteCheck.Cli.Commands;

/// <summary><c>ptecheck run</c>: generate, run, judge, minimize.</summary>
internal static class RunCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(Session session)
    {
        var judge = new JudgeOptions();
        var output = new OutputOptions();
        var command = new Command(
            "run",
            "Judge implementations on generated page tables (default: every operation's batched)"
        );
        judge.AddTo(command);
        output.AddTo(command);
        command.SetAction(parse => Run(session, judge.Read(parse, session), output.Read(parse)));
        return command;
    }

    private static int Run(Session session, CampaignSettings settings, OutputSettings output)
    {
        var printer = new ResultPrinter(session, output);
        var results = new CampaignSeries(session).Run(
            settings,
            result =>
            {
                printer.PrintLine(result);
                if (settings.Time is not null)
                {
                    printer.Print($"  to repeat it: --seed {settings.Seed} --cases {result.Cases}");
                }
            }
        );
        var input = printer.Input("run", results);
        printer.PrintViolations(input);
        return printer.Finish(input, SummaryText.Total(input), ExitCode.Of(input));
    }
}
