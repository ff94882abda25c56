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
                    .Where(IsScenario)
                    .Order(StringComparer.Ordinal),
            ]
            : [];

    /// <summary>The files that a user names: each of them, and of a folder its scenario files; lists of findings left out.</summary>
    /// <exception cref="UsageException">Nothing is left of what a name stands for.</exception>
    public static IReadOnlyList<string> ScenariosOf(IEnumerable<string> names)
    {
        var files = new List<string>();
        foreach (var name in names)
        {
            if (!Directory.Exists(name))
            {
                files.Add(name);
                continue;
            }

            var inside = Scenarios(name);
            if (inside.Count == 0)
            {
                throw new UsageException(
                    $"{name}: expected scenario files (*.yaml) in this folder"
                );
            }

            files.AddRange(inside.Select(Display));
        }

        files.RemoveAll(file => !IsScenario(file));
        return files.Count > 0
            ? files
            : throw new UsageException("known.yaml: expected a scenario, not a list of findings");
    }

    /// <summary>A path as reports show it: relative to the current folder where it lies below, with slashes.</summary>
    public static string Display(string path)
    {
        var relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), path);
        return (relative.StartsWith("..", StringComparison.Ordinal) ? path : relative).Replace(
            '\\',
            '/'
        );
    }

    private static bool IsScenario(string path) => Path.GetFileName(path) != "known.yaml";

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
