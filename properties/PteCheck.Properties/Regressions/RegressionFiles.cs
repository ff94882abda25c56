using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;

namespace PteCheck.Properties.Regressions;

/// <summary>The files under <c>regressions/</c>, by paths relative to the root of the repository.</summary>
internal static class RegressionFiles
{
    /// <summary>The folder of the mremap thread, part C of the questions.</summary>
    public const string MremapThread = "regressions/threads/mremap-pte-batching-v4/";

    /// <summary>The folder of the lazyfree thread, part D of the questions.</summary>
    public const string LazyfreeThread = "regressions/threads/lazyfree-batched-unmap-v4/";

    /// <summary>The folder of the mTHP thread, part B of the questions.</summary>
    public const string MthpThread = "regressions/threads/khugepaged-mthp-collapse/";

    /// <summary>The folder of the khugepaged thread about file folios, part A of the questions.</summary>
    public const string CollapseThread =
        "regressions/threads/khugepaged-collapse-pte-mapped-thp-batching-v2/";

    /// <summary>The folder of the thread about anonymous folios, part E of the questions.</summary>
    public const string AnonThread = "regressions/threads/vma-collapse-anon-folio-rfc-9of12/";

    /// <summary>The root: the folder above the test's own that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every pinned scenario, in ordinal order, with <c>/</c> on every system.</summary>
    public static IReadOnlyList<string> Scenarios { get; } =
    [
        .. Directory
            .EnumerateFiles(
                Path.Combine(Root, "regressions"),
                "*.yaml",
                SearchOption.AllDirectories
            )
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => path != "regressions/found/known.yaml")
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Those under a folder.</summary>
    public static IEnumerable<string> Under(string folder) =>
        Scenarios.Where(path => path.StartsWith(folder, StringComparison.Ordinal));

    /// <summary>Reads one; its notes name it by the relative path.</summary>
    public static Scenario Read(string path) =>
        ScenarioReader.ReadBytes(File.ReadAllBytes(Path.Combine(Root, path)), path);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Checker.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName
            ?? throw new InvalidOperationException(
                $"no Checker.sln above {AppContext.BaseDirectory}"
            );
    }
}
