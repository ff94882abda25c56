using System.Text.RegularExpressions;

namespace PteCheck.Native;

/// <summary>The functions of a file that the header has as well: within the file, the file's are meant.</summary>
internal sealed partial class OwnNames
{
    private static readonly Lazy<(HashSet<string> Functions, HashSet<string> Macros)> Header = new(
        ReadHeader
    );

    /// <summary>The names, in the order of the file.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>What to give the compiler so that the header's functions are called otherwise; macros only end.</summary>
    public IReadOnlyList<string> Arguments { get; }

    private OwnNames(IReadOnlyList<string> names, IReadOnlyList<string> arguments) =>
        (Names, Arguments) = (names, arguments);

    /// <summary>Reads a file, and the files that it includes from beside it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="undefine">Where to write the lines that the header ends with.</param>
    public static OwnNames Of(string file, string undefine)
    {
        var (functions, macros) = Header.Value;
        var files = new List<string> { Path.GetFullPath(file) };
        for (var i = 0; i < files.Count; i++)
        {
            var folder = Path.GetDirectoryName(files[i])!;
            files.AddRange(
                Include()
                    .Matches(File.ReadAllText(files[i]))
                    .Select(match => Path.GetFullPath(match.Groups["name"].Value, folder))
                    .Where(File.Exists)
                    .Except(files, StringComparer.Ordinal)
                    .ToList()
            );
        }

        var names = files
            .SelectMany(one => DefinedFunctions.In(File.ReadAllText(one)))
            .Distinct(StringComparer.Ordinal)
            .Where(name => functions.Contains(name) || macros.Contains(name))
            .ToList();
        if (names.Count == 0)
        {
            return new(names, []);
        }

        File.WriteAllLines(undefine, names.Select(name => $"#undef {name}"));
        return new(
            names,
            [
                $"-DPTECHECK_OWN=\"{undefine}\"",
                .. names
                    .Where(functions.Contains)
                    .Select(name => $"-D{name}=ptecheck_header_{name}"),
            ]
        );
    }

    private static (HashSet<string> Functions, HashSet<string> Macros) ReadHeader()
    {
        var functions = new HashSet<string>(StringComparer.Ordinal);
        var macros = new HashSet<string>(StringComparer.Ordinal);
        var folder = Path.Combine(SubjectCompiler.HeaderPath, "ptecheck");
        foreach (var file in Directory.EnumerateFiles(folder, "*.h"))
        {
            var text = File.ReadAllText(file);
            functions.UnionWith(
                DefinedFunctions
                    .In(text)
                    .Where(name => !name.StartsWith("ptecheck", StringComparison.OrdinalIgnoreCase))
            );
            macros.UnionWith(
                Macro()
                    .Matches(text)
                    .Select(match => match.Groups["name"].Value)
                    .Where(name => !name.StartsWith("PTECHECK", StringComparison.OrdinalIgnoreCase))
            );
        }

        return (functions, macros);
    }

    [GeneratedRegex(
        """^\s*#\s*include\s*"(?<name>[^"\n]+)["]""",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        1000
    )]
    private static partial Regex Include();

    [GeneratedRegex(
        """^#\s*define\s+(?<name>\w+)""",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        1000
    )]
    private static partial Regex Macro();
}
