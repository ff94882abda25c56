using System.CommandLine;
using System.CommandLine.Parsing;

namespace PteCheck.Cli;

/// <summary>Makes one line out of what the parser complains about.</summary>
internal static class UsageErrors
{
    private const int FarthestGuess = 3;

    /// <summary>The first complaint: which option or word, and what was expected.</summary>
    public static string Describe(ParseResult parse)
    {
        var command = parse.CommandResult.Command;
        var isRoot = command is RootCommand;
        if (parse.UnmatchedTokens is [var token, ..])
        {
            var isOption = token.StartsWith('-');
            var known =
                isOption ? OptionsOf(parse)
                : isRoot ? command.Subcommands.Select(known => known.Name)
                : [];
            var where = isRoot ? "" : $" of {command.Name}";
            var what =
                isOption ? "option"
                : isRoot ? "command"
                : "argument";
            return $"no {what} '{token}'{where}{Guess(token, [.. known])}";
        }

        var error = parse.Errors[0];
        return error.SymbolResult switch
        {
            OptionResult { Tokens.Count: 0, Option.Arity.MinimumNumberOfValues: > 0 } option =>
                $"{option.Option.Name}: expected {option.Option.HelpName ?? "a value"} ({option.Option.Description})",
            OptionResult { Option.Arity.MaximumNumberOfValues: 1 } option =>
                $"{option.Option.Name}: expected once, with one value",
            OptionResult option => $"{option.Option.Name}: {error.Message}",
            ArgumentResult { Tokens.Count: 0 } argument =>
                $"{command.Name}: expected {argument.Argument.Name} ({argument.Argument.Description})",
            CommandResult when !isRoot && MissingArgument(parse) is { } argument =>
                $"{command.Name}: expected {argument.Name} ({argument.Description})",
            _ => error.Message.ReplaceLineEndings(" "),
        };
    }

    private static Argument? MissingArgument(ParseResult parse) =>
        parse.CommandResult.Command.Arguments.FirstOrDefault(argument =>
            argument.Arity.MinimumNumberOfValues > 0
            && parse.GetResult(argument) is null or { Tokens.Count: 0 }
        );

    private static IEnumerable<string> OptionsOf(ParseResult parse) =>
        parse
            .CommandResult.Command.Options.Concat(parse.RootCommandResult.Command.Options)
            .Select(option => option.Name)
            .Distinct(StringComparer.Ordinal);

    private static string Guess(string word, IReadOnlyList<string> known)
    {
        var best = known
            .Select(name => (name, Distance: Distance(word, name)))
            .OrderBy(pair => pair.Distance)
            .FirstOrDefault((name: "", Distance: int.MaxValue));
        return best.Distance <= Math.Min(FarthestGuess, Math.Max(2, word.Length / 3))
                ? $"; did you mean '{best.name}'?"
            : word.StartsWith('-') ? "; --help lists them"
            : known.Count > 0 ? $"; there are: {string.Join(", ", known)}"
            : "";
    }

    /// <summary>Levenshtein distance.</summary>
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var above = row[j];
                var replace = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                row[j] = Math.Min(replace, Math.Min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }

        return row[^1];
    }
}
