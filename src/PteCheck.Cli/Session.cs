using Microsoft.Extensions.Logging;
using PteCheck.Checking.Campaigns;
using PteCheck.Cli.Running;
using PteCheck.Native;
using PteCheck.Reports.Explaining;

namespace PteCheck.Cli;

/// <summary>What a command works with: the checker, the two outputs, and whether somebody watches.</summary>
public sealed record Session
{
    /// <summary>The checker.</summary>
    public required IEngine Engine { get; init; }

    /// <summary>Shows scenarios in words and pictures.</summary>
    public required IExplainer Explainer { get; init; }

    /// <summary>Standard output: results.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Standard error: messages and progress.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>The log.</summary>
    public required ILogger Log { get; init; }

    /// <summary>Compiles C subjects, and ends the processes that run them.</summary>
    public SubjectCompiler Subjects { get; init; } = new();

    /// <summary>Standard output may be coloured.</summary>
    public bool Colour { get; init; }

    /// <summary>Standard error is a terminal, so that progress can be shown.</summary>
    public bool ShowProgress { get; init; }

    /// <summary>The repository with its <c>regressions</c>; null where there is none.</summary>
    public string? Root { get; init; }

    /// <summary>Set by the first Ctrl-C.</summary>
    public CancellationToken Cancel { get; init; }

    /// <summary>The list of known findings, or null.</summary>
    public string? KnownFile
    {
        get
        {
            var path = Root is null
                ? null
                : Path.Combine(Root, "regressions", "found", "known.yaml");
            return File.Exists(path) ? path : null;
        }
    }

    /// <summary>The result with the numbers of known findings, and with the recipes of pinned states.</summary>
    public CampaignResult Mark(CampaignResult result)
    {
        if (result.Violations.Count == 0 || Repository.Find() is not { } root)
        {
            return result;
        }

        var known = KnownFile is { } file ? Engine.MarkKnown([result], file)[0] : result;
        return PinnedStates.Load(Engine, root).Annotate(known);
    }

    /// <summary>The same session with all text on standard error.</summary>
    public Session WithTextOnError() => this with { Out = Error, Colour = false };
}
