using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Exhaustive;
using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Operations;

namespace PteCheck.Cli.Running;

/// <summary>All that the commands need of the checker; tests put their own in its place.</summary>
public interface IEngine
{
    /// <summary>Judges one implementation on generated cases; when cancelled, returns what it has.</summary>
    CampaignResult Run(CampaignOptions options, CancellationToken cancel);

    /// <summary>Judges one implementation over a whole scope; when cancelled, returns what it has.</summary>
    ExhaustResult Exhaust(ExhaustOptions options, CancellationToken cancel);

    /// <summary>Reads a scenario file, or standard input for <c>-</c>.</summary>
    /// <exception cref="ScenarioException">The file is no scenario.</exception>
    Scenario Read(string path);

    /// <summary>Judges implementations in one scenario; without any, those that the file expects something of, or all.</summary>
    IReadOnlyList<CampaignResult> Replay(
        Scenario scenario,
        IReadOnlyList<Implementation> implementations
    );

    /// <summary>Shrinks a scenario; null when nothing is violated in it.</summary>
    (string Yaml, Violation Violation, int Evaluations)? Minimize(
        Scenario scenario,
        Implementation implementation
    );

    /// <summary>Marks the violations that a <c>known.yaml</c> lists.</summary>
    IReadOnlyList<CampaignResult> MarkKnown(
        IReadOnlyList<CampaignResult> results,
        string knownFile
    );

    /// <summary>Measures the figures of the project; returns an exit code.</summary>
    int Bench(TextWriter output, CancellationToken cancel);
}
