using System.CommandLine;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;

namespace PteCheck.Cli.Commands;

/// <summary><c>ptecheck list</c>: operations, implementations, decisions, steps of interference, architectures.</summary>
internal static class ListCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(Session session)
    {
        var command = new Command(
            "list",
            "Operations, implementations, decisions, steps of interference and architectures"
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

        WriteSteps(output);
        output.WriteLine(
            $"architectures: {string.Join(", ", ArchitectureNames.All.Select(known => known.Name()))}"
        );
        output.WriteLine(
            $"kernels: {string.Join(", ", KernelVersionNames.All.Select(known => known.Name()))}"
        );
        return ExitCode.Holds;
    }

    /// <summary>The language of <c>interference:</c> in scenario files.</summary>
    private static void WriteSteps(TextWriter output)
    {
        output.WriteLine(
            "steps of interference: ACTOR VERB PAGE [fresh] ANCHOR, in a file's interference:"
        );
        output.WriteLine();
        output.WriteLine("  verbs");
        TextTable.Write(
            output,
            [.. StepHelp.Verbs.Select(verb => new[] { $"{verb.Actor} {verb.Name}", verb.Meaning })]
        );
        output.WriteLine();
        output.WriteLine(
            "  anchors: after EVENT, before EVENT, EVENT #2 for the second; at start, at end"
        );
        TextTable.Write(
            output,
            [.. StepHelp.Events.Select(known => new[] { known.Name, known.Meaning })]
        );
        output.WriteLine();
    }

    private static string Meaning(Decision decision) =>
        decision.Kind switch
        {
            DecisionKind.Scope => $"{decision.Meaning} (scope)",
            DecisionKind.Policy => $"{decision.Meaning} (policy)",
            DecisionKind.Shape => $"{decision.Meaning} (shape)",
            _ => decision.Meaning,
        };
}
