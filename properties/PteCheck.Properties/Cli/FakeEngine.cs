using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Exhaustive;
using PteCheck.Checking.Scenarios;
using PteCheck.Cli.Running;
using PteCheck.Kernel.Operations;
using PteCheck.Properties.Reports;

namespace PteCheck.Properties.Cli;

/// <summary>A checker whose answers a test chooses.</summary>
internal sealed class FakeEngine : IEngine
{
    public List<CampaignOptions> Asked { get; } = [];

    public Func<CampaignOptions, CampaignResult> Answer { get; init; } = _ => HandMade.Holds();

    public Func<Scenario, IReadOnlyList<CampaignResult>> ReplayAnswer { get; init; } =
        _ => [HandMade.Replayed(true)];

    public CampaignResult Run(CampaignOptions options, CancellationToken cancel)
    {
        Asked.Add(options);
        options.Progress?.Report(new("mremap/batched", 10, 20, 1));
        return Answer(options) with
        {
            Implementation = options.Implementation,
            Architecture = options.Architecture,
        };
    }

    public ExhaustResult Exhaust(ExhaustOptions options, CancellationToken cancel)
    {
        var result = HandMade.Holds() with
        {
            Implementation = options.Implementation,
            Architecture = options.Architecture,
            Complete = true,
        };
        return new(options.Scope, result, new(3, 1, 20, 5));
    }

    public Scenario Read(string path) =>
        File.Exists(path)
            ? new()
            {
                Notes = new() { File = path, Title = Path.GetFileName(path) },
            }
            : throw new ScenarioException(path, 1, 1, "expected a file");

    public IReadOnlyList<CampaignResult> Replay(
        Scenario scenario,
        IReadOnlyList<Implementation> implementations
    ) => ReplayAnswer(scenario);

    public (string Yaml, Violation Violation, int Evaluations)? Minimize(
        Scenario scenario,
        Implementation implementation
    ) =>
        implementation.Name == "batched"
            ? null
            : ("run: mremap src to dst\n", HandMade.WriteGained(), 7);

    public IReadOnlyList<CampaignResult> MarkKnown(
        IReadOnlyList<CampaignResult> results,
        string knownFile
    ) =>
        [
            .. results.Select(result =>
                result with
                {
                    Violations = [.. result.Violations.Select(one => one with { Known = "F9" })],
                }
            ),
        ];

    public int Bench(TextWriter output, CancellationToken cancel)
    {
        output.WriteLine("figures");
        return 0;
    }
}
