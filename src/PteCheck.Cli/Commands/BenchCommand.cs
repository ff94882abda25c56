using System.CommandLine;

namespace PteCheck.Cli.Commands;

/// <summary><c>ptecheck bench</c>: the figures of the project, measured in one run.</summary>
internal static class BenchCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(Session session)
    {
        var command = new Command("bench", "Measure speed and cost, each against its goal");
        command.SetAction(_ =>
        {
            var code = session.Engine.Bench(session.Out, session.Cancel);
            return session.Cancel.IsCancellationRequested ? ExitCode.Interrupted : code;
        });
        return command;
    }
}
