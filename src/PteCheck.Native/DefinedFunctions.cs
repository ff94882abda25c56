using System.Text.RegularExpressions;

namespace PteCheck.Native;

/// <summary>
/// Which functions a C file defines. Whoever copies a function with its static helpers brings names that the header has too;
/// the file's own are then the ones meant.
/// </summary>
internal static partial class DefinedFunctions
{
    /// <summary>The names, each once, in the order of the file.</summary>
    public static IReadOnlyList<string> In(string text)
    {
        var names = new List<string>();
        var declarator = new List<string>();
        var depth = 0;
        var code = Unspoken().Replace(text, " ");
        foreach (Match token in Tokens().Matches(code))
        {
            var value = token.Value;
            if (value is "{" or "(")
            {
                if (depth == 0 && value is "{")
                {
                    names.AddRange(declarator.Except(names, StringComparer.Ordinal));
                }

                depth++;
            }
            else if (value is "}" or ")")
            {
                depth--;
            }
            else if (depth == 0 && token.Groups["name"].Success)
            {
                declarator.Add(token.Groups["name"].Value);
            }

            if (depth == 0 && value is "}" or ";" or "=")
            {
                declarator.Clear();
            }
        }

        return names;
    }

    /// <summary>Comments, strings, characters and lines of the preprocessor.</summary>
    [GeneratedRegex(
        """/\*.*?\*/|//[^\n]*|"(\\.|[^"\\\n])*"|'(\\.|[^'\\\n])*'|^[ \t]*#(\\\r?\n|[^\n])*""",
        RegexOptions.CultureInvariant
            | RegexOptions.ExplicitCapture
            | RegexOptions.Singleline
            | RegexOptions.Multiline,
        1000
    )]
    private static partial Regex Unspoken();

    [GeneratedRegex(
        """[{}();=]|\b(?<name>[A-Za-z_]\w*)(?=\s*\()|\b[A-Za-z_]\w*""",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Tokens();
}
