using System.CommandLine;
using PteCheck.Checking.Oracles;
using PteCheck.Reports;

namespace PteCheck.Cli.Commands;

/// <summary><c>ptecheck rules</c>: rules and relaxations.</summary>
internal static class RulesCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(Session session)
    {
        var command = new Command("rules", "Rules and relaxations, each with its source");
        command.SetAction(_ => Run(session.Out));
        return command;
    }

    private static int Run(TextWriter output)
    {
        output.WriteLine("rules");
        TextTable.Write(
            output,
            [
                .. Rules.All.SelectMany(rule =>
                    new[]
                    {
                        new[] { rule.Id, rule.Oracle.Name(), $"{rule.Title}: {rule.Sentence}" },
                        ["", "", $"source: {rule.Source}"],
                    }
                ),
            ]
        );
        output.WriteLine();
        output.WriteLine("relaxations: differences that the kernel accepts");
        TextTable.Write(
            output,
            [
                .. Relaxations.All.SelectMany(relaxation =>
                    new[]
                    {
                        new[] { relaxation.Id, $"{relaxation.Title}: {relaxation.Bound}" },
                        ["", $"source: {relaxation.Source}"],
                    }
                ),
            ]
        );
        return ExitCode.Holds;
    }
}
