using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Generation;
using PteCheck.Checking.Oracles;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Mremap;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Campaigns;

namespace PteCheck.Properties.Quality;

/// <summary>What the tests of generator, oracles, minimizer and campaign share.</summary>
internal static class Lab
{
    /// <summary>Both architectures.</summary>
    public static readonly Architecture[] Architectures = [Architecture.X86, Architecture.Arm64];

    /// <summary>The implementation of a name such as <c>batched-any-arch~ignore-write</c>.</summary>
    public static Implementation Implementation(string name) =>
        CampaignLab.Named(name, MremapOperation.Instance);

    /// <summary>Options of a campaign of mremap, on one core.</summary>
    public static CampaignOptions Options(
        string implementation,
        Architecture architecture,
        long cases,
        ulong seed = 1,
        bool shadowStack = false
    ) =>
        CampaignLab.Options(Implementation(implementation), architecture, cases, seed) with
        {
            ShadowStack = shadowStack,
            Jobs = 1,
        };

    /// <summary>A campaign of mremap.</summary>
    public static CampaignResult Campaign(
        string implementation,
        Architecture architecture,
        long cases,
        ulong seed = 1,
        bool shadowStack = false
    ) => CampaignLab.Run(Options(implementation, architecture, cases, seed, shadowStack));

    /// <summary>A worker that judges single scenarios.</summary>
    public static ICaseWorker Worker(string implementation, Architecture architecture) =>
        CampaignLab.Worker(Implementation(implementation), architecture);

    /// <summary>Fills a scenario for one seed; sizes go round from 1 to the largest.</summary>
    public static void Fill(
        this ScenarioGenerator generator,
        Scenario scenario,
        in GeneratorOptions options,
        int number
    ) =>
        generator.Fill(
            scenario,
            options,
            SeededRandom.Mix((ulong)number),
            1 + (number % ScenarioGenerator.MaxSize)
        );

    /// <summary>The ids of the rules that a candidate breaks, each once, in order.</summary>
    public static IReadOnlyList<string> RuleIds(FindingList findings)
    {
        var ids = new SortedSet<string>(StringComparer.Ordinal);
        foreach (ref readonly var finding in findings.All)
        {
            ids.Add(finding.Rule.Id);
        }

        return [.. ids];
    }
}
