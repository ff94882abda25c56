using System.CommandLine;
using System.CommandLine.Help;
using PteCheck.Cli.Commands;
using PteCheck.Cli.Options;
using PteCheck.Native;

namespace PteCheck.Cli;

/// <summary>All commands, with their help.</summary>
internal static class CommandTree
{
    private static readonly Dictionary<string, string[]> Examples = new(StringComparer.Ordinal)
    {
        ["ptecheck"] =
        [
            "ptecheck run",
            "ptecheck run --implementation mremap/as-posted-v4 --arch x86-64",
            "ptecheck replay my-question.yaml",
            "ptecheck gate --junit results.xml",
        ],
        ["run"] =
        [
            "ptecheck run",
            "ptecheck run --implementation mremap/batched~ignore-write --time 30s",
            "ptecheck run --operation mremap --cases 1000000 --seed 7 --json - --no-timing",
            "ptecheck run --implementation batched-any-arch --config shadow-stack=on",
            "ptecheck run --subject my_move.c",
        ],
        ["gate"] =
        [
            "ptecheck gate",
            "ptecheck gate --profile nightly --baseline former.json --fail-on error",
        ],
        ["replay"] =
        [
            "ptecheck replay regressions/bugs/*.yaml",
            "ptecheck replay --implementation mremap/as-posted-v4 --mail answer.txt - <question.yaml",
            "git bisect run ptecheck replay --bisect case.yaml",
        ],
        ["review"] = ["ptecheck review", "ptecheck review mremap-pte-batching-v4"],
        ["exhaust"] =
        [
            "ptecheck exhaust",
            "ptecheck exhaust --scope L3 --arch x86-64",
            "ptecheck exhaust --implementation lazyfree-unmap/as-posted-v4 --json -",
            "ptecheck exhaust --scope L3 --implementation batched~refcount-before-clear --first",
        ],
        ["subject"] = ["ptecheck subject new mremap >my_move.c"],
        ["minimize"] = ["ptecheck minimize --implementation mremap/as-posted-v4 large.yaml"],
    };

    /// <summary>Creates the root command.</summary>
    public static RootCommand Create(Session session)
    {
        var root = new RootCommand(
            "Checks batched page-table code of the Linux kernel against the loop that handles one PTE at a time."
        )
        {
            RunCommand.Create(session),
            GateCommand.Create(session),
            ReplayCommand.Create(session),
            ReviewCommand.Create(session),
            MinimizeCommand.Create(session),
            ExhaustCommand.Create(session),
            ListCommand.Create(session),
            RulesCommand.Create(session),
            BenchCommand.Create(session),
            SubjectCommand.Create(session),
        };
        var verbose = OptionText.Flag("--verbose", "Log more to standard error");
        verbose.Recursive = true;
        root.Add(verbose);
        var headerPath = OptionText.Flag(
            "--header-path",
            "Print the folder of <ptecheck/ptecheck.h>"
        );
        root.Add(headerPath);
        var names = string.Join(", ", root.Subcommands.Select(command => command.Name));
        root.SetAction(parse =>
        {
            if (parse.GetValue(headerPath))
            {
                session.Out.WriteLine(SubjectCompiler.HeaderPath);
                return ExitCode.Holds;
            }

            session.Error.WriteLine(
                $"ptecheck: expected a command: {names}; ptecheck --help says more"
            );
            return ExitCode.BadUsage;
        });
        foreach (var option in root.Options.OfType<HelpOption>())
        {
            option.Action = new ExamplesHelpAction((HelpAction)option.Action!, Examples);
        }

        return root;
    }
}
