using System.Text;
using PteCheck.Cli.Running;
using PteCheck.Reports;

namespace PteCheck.Cli.Options;

/// <summary>What counts, and where reports go.</summary>
internal sealed record OutputSettings
{
    /// <summary>The reports to write.</summary>
    public required IReadOnlyList<ReportTarget> Targets { get; init; }

    /// <summary>Whether to write times.</summary>
    public bool Timing { get; init; } = true;

    /// <summary>Known findings fail.</summary>
    public bool Strict { get; init; }

    /// <summary>A former run, or null.</summary>
    public Baseline? Baseline { get; init; }

    /// <summary>Wasted work fails.</summary>
    public bool FailOnWork { get; init; } = true;

    /// <summary>Exit codes for git.</summary>
    public bool Bisect { get; init; }

    /// <summary>Only the last line.</summary>
    public bool Quiet { get; init; }

    /// <summary>Whether a report takes standard output, so that text must go elsewhere.</summary>
    public bool TakesStandardOutput => Targets.Any(target => target.IsStandardOutput);
}

/// <summary>One report and its place.</summary>
internal sealed record ReportTarget(string Option, string Path, Func<ReportInput, string> Write)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Whether it goes to standard output.</summary>
    public bool IsStandardOutput => Path == "-";

    /// <summary>A target whose folder exists.</summary>
    /// <exception cref="UsageException">There is no such folder.</exception>
    public static ReportTarget Create(string option, string path, Func<ReportInput, string> write)
    {
        var folder = System.IO.Path.GetDirectoryName(path);
        return
            path.Length == 0
            || Directory.Exists(path)
            || (!string.IsNullOrEmpty(folder) && !Directory.Exists(folder))
            ? throw OptionText.Bad(option, "a file in a folder that exists", path)
            : new(option, path, write);
    }

    /// <summary>Writes the report.</summary>
    /// <exception cref="UsageException">The file cannot be written.</exception>
    public void Save(ReportInput input, TextWriter standardOutput)
    {
        var text = Write(input);
        if (IsStandardOutput)
        {
            standardOutput.Write(text);
            return;
        }

        try
        {
            File.WriteAllText(Path, text, Utf8);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(
                $"{Option}: expected a file that can be written, not '{Path}': {error.Message}",
                error
            );
        }
    }
}
