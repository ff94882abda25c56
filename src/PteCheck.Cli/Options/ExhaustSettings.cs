using System.CommandLine;
using PteCheck.Checking.Exhaustive;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;

namespace PteCheck.Cli.Options;

/// <summary>Which scope to search, for whom.</summary>
/// <param name="Scope">The scope.</param>
/// <param name="Implementations">Whom to judge.</param>
/// <param name="Architectures">On which architectures.</param>
/// <param name="Jobs">Threads.</param>
/// <param name="StopAtFirst">Stop at the first initial state that breaks a rule.</param>
internal sealed record ExhaustSettings(
    ExhaustiveScope Scope,
    IReadOnlyList<Implementation> Implementations,
    IReadOnlyList<Architecture> Architectures,
    int Jobs,
    bool StopAtFirst
);

/// <summary>The options of <c>exhaust</c> that say what to judge.</summary>
internal sealed class ExhaustScopeOptions
{
    private static readonly string Names = string.Join(
        ", ",
        ExhaustiveScopes.All.Select(known => known.Name)
    );

    private readonly Option<string?> scope = OptionText.One(
        "--scope",
        "S",
        $"{Names} (default: {ExhaustiveScopes.All[0].Name})"
    );
    private readonly Option<string[]> operation = OptionText.Many(
        "--operation",
        "O",
        "The scope's operation; without --scope the first scope of that operation"
    );
    private readonly Option<string[]> implementation = OptionText.Many(
        "--implementation",
        "I",
        "An implementation: as-posted-v4, batched~ignore-protnone (default: batched)"
    );
    private readonly Option<string[]> arch = OptionText.Many(
        "--arch",
        "A",
        "x86-64 or arm64 (default: both)"
    );
    private readonly Option<string?> jobs = OptionText.One(
        "--jobs",
        "N",
        "Threads (default: the processors)"
    );
    private readonly Option<bool> first = OptionText.Flag(
        "--first",
        "Stop at the first initial state that breaks a rule; the search is then not complete"
    );

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        Option[] all = [scope, operation, implementation, arch, jobs, first];
        foreach (var option in all)
        {
            command.Add(option);
        }
    }

    /// <summary>The first scope of the operations named, the first of all where they have none.</summary>
    private static string FirstOf(string[] operations) =>
        ExhaustiveScopes
            .All.FirstOrDefault(
                known => operations.Contains(known.Operation.Name, StringComparer.Ordinal),
                ExhaustiveScopes.All[0]
            )
            .Name;

    /// <summary>Reads them.</summary>
    /// <exception cref="UsageException">A value is not what it should be.</exception>
    public ExhaustSettings Read(ParseResult parse)
    {
        var operations = parse.GetValue(operation) ?? [];
        var name = parse.GetValue(scope) ?? FirstOf(operations);
        var chosen = ExhaustiveScopes.Find(name) ?? throw OptionText.Bad("--scope", Names, name);
        foreach (var other in operations)
        {
            if (other != chosen.Operation.Name)
            {
                throw OptionText.Bad(
                    "--operation",
                    $"{chosen.Operation.Name}, the operation of scope {chosen.Name}",
                    other
                );
            }
        }

        return new(
            chosen,
            Selection.Read([chosen.Operation.Name], parse.GetValue(implementation) ?? []),
            Selection.ReadArchitectures(parse.GetValue(arch) ?? []),
            OptionText.Jobs(parse.GetValue(jobs)),
            parse.GetValue(first)
        );
    }
}
