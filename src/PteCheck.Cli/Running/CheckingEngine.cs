using PteCheck.Benchmarks;
using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Exhaustive;
using PteCheck.Checking.Minimizing;
using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Kernel.Operations;

namespace PteCheck.Cli.Running;

/// <summary>The checker itself. The one place of the command line that names its entry points.</summary>
public sealed class CheckingEngine : IEngine
{
    private KnownFindings? known;

    /// <inheritdoc/>
    public CampaignResult Run(CampaignOptions options, CancellationToken cancel) =>
        Campaign.Run(options, cancel);

    /// <inheritdoc/>
    public ExhaustResult Exhaust(ExhaustOptions options, CancellationToken cancel) =>
        Exhaustion.Run(options, cancel);

    /// <inheritdoc/>
    public Scenario Read(string path) => ScenarioReader.ReadFile(path);

    /// <inheritdoc/>
    public IReadOnlyList<CampaignResult> Replay(
        Scenario scenario,
        IReadOnlyList<Implementation> implementations
    ) => Checking.Campaigns.Replay.Run(scenario, implementations);

    /// <inheritdoc/>
    public (string Yaml, Violation Violation, int Evaluations)? Minimize(
        Scenario scenario,
        Implementation implementation
    )
    {
        if (Minimizer.Minimize(scenario, implementation) is not { } minimized)
        {
            return null;
        }

        return (
            ScenarioWriter.Write(minimized.Scenario),
            minimized.Violation,
            minimized.Evaluations
        );
    }

    /// <inheritdoc/>
    public IReadOnlyList<CampaignResult> MarkKnown(
        IReadOnlyList<CampaignResult> results,
        string knownFile
    )
    {
        known ??= KnownFindings.Load(knownFile, DateOnly.FromDateTime(DateTime.UtcNow));
        return [.. results.Select(known.Mark)];
    }

    /// <inheritdoc/>
    public int Bench(TextWriter output, CancellationToken cancel) => Figures.Run(output, cancel);
}
