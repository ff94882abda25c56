using System.CommandLine;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;

namespace PteCheck.Cli.Commands;

/// <summary><c>ptecheck list</c>: operations, implementations, decisions, architectures.</summary>
internal static class ListCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(Session session)
    {
        var command = new Command(
            "list",
            "Operations, implementations, decisions and architectures"
        );
        command.SetAction(_ => Run(session.Out));
        return command;
    }

    private static int Run(TextWriter output)
    {
        foreach (var operation in OperationCatalog.All)
        {
            output.WriteLine($"{operation.Name} (kernel function {operation.KernelFunction})");
            output.WriteLine();
            output.WriteLine("  implementations");
            TextTable.Write(
                output,
                [
                    .. operation.Implementations.Select(known =>
                        new[]
                        {
                            known.FullName,
                            known.Kernel.Name(),
                            known.Models + (known.IsReference ? " (the reference)" : ""),
                        }
                    ),
                ]
            );
            output.WriteLine();
            output.WriteLine("  decisions: ~TAKEN / ~MENDED (a fault where not said otherwise)");
            TextTable.Write(
                output,
                [
                    .. operation.Decisions.Select(decision =>
                        new[] { $"{decision.Name} / {decision.Mend}", Meaning(decision) }
                    ),
                ]
            );
            output.WriteLine();
        }

        output.WriteLine(
            $"architectures: {string.Join(", ", ArchitectureNames.All.Select(known => known.Name()))}"
        );
        output.WriteLine(
            $"kernels: {string.Join(", ", KernelVersionNames.All.Select(known => known.Name()))}"
        );
        return ExitCode.Holds;
    }

    private static string Meaning(Decision decision) =>
        decision.Kind switch
        {
            DecisionKind.Scope => $"{decision.Meaning} (scope)",
            DecisionKind.Shape => $"{decision.Meaning} (shape)",
            _ => decision.Meaning,
        };
}
