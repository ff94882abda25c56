namespace PteCheck.Cli.Running;

/// <summary>Finds the repository that a command belongs to.</summary>
public static class Repository
{
    private const string Mark = "Checker.sln";

    /// <summary>The folder with <c>Checker.sln</c> at or above the current folder, else at or above the program; null for none.</summary>
    public static string? Find() =>
        FindFrom(Directory.GetCurrentDirectory()) ?? FindFrom(AppContext.BaseDirectory);

    /// <summary>The scenario files below a folder, by ordinal order of their paths; lists of findings left out.</summary>
    public static IReadOnlyList<string> Scenarios(string folder) =>
        Directory.Exists(folder)
            ?
            [
                .. Directory
                    .EnumerateFiles(folder, "*.yaml", SearchOption.AllDirectories)
                    .Where(path => Path.GetFileName(path) != "known.yaml")
                    .Order(StringComparer.Ordinal),
            ]
            : [];

    /// <summary>A path as reports show it: relative to the current folder where it lies below, with slashes.</summary>
    public static string Display(string path)
    {
        var relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), path);
        return (relative.StartsWith("..", StringComparison.Ordinal) ? path : relative).Replace(
            '\\',
            '/'
        );
    }

    private static string? FindFrom(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, Mark)))
            {
                return at.FullName;
            }
        }

        return null;
    }
}
