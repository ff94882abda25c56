using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace PteCheck.Cli;

/// <summary>The help of System.CommandLine, with examples and exit codes below it.</summary>
internal sealed class ExamplesHelpAction : SynchronousCommandLineAction
{
    private const int Width = 96;
    private readonly HelpAction help;
    private readonly IReadOnlyDictionary<string, string[]> examples;

    /// <summary>Adds examples, by the name of the command, to its help.</summary>
    public ExamplesHelpAction(HelpAction help, IReadOnlyDictionary<string, string[]> examples)
    {
        this.help = help;
        this.examples = examples;
        help.MaxWidth = Width;
    }

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var code = help.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        var command = parseResult.CommandResult.Command;
        var name = command is RootCommand ? "ptecheck" : command.Name;
        if (examples.TryGetValue(name, out var lines))
        {
            output.WriteLine("Examples:");
            foreach (var line in lines)
            {
                output.WriteLine($"  {line}");
            }

            output.WriteLine();
        }

        output.WriteLine(
            "Exit codes: 0 holds, 1 violated, 2 bad usage or input, 4 nothing applicable,"
        );
        output.WriteLine("  128 internal error or reference violated, 130 interrupted.");
        return code;
    }
}
