using System.Globalization;
using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Lazyfree;
using Xunit.Abstractions;

namespace PteCheck.Properties.Quality;

/// <summary>
/// What <see cref="MinimizerSeedTests"/> asks of mremap, for each known bug of lazyfree-unmap. Ten seeds
/// here; <c>ptecheck bench</c> takes a hundred.
/// </summary>
public sealed class LazyfreeSeedTests(ITestOutputHelper output)
{
    private const ulong Seeds = 10;
    private const long FewCases = 4096;
    private const long CasesToFindIt = 200_000;
    private const int MostEvaluations = 250;

    /// <summary>Each known bug: rule, entries of the minimal scenario, and the decision behind it.</summary>
    public static TheoryData<string, Architecture, string> Bugs =>
        new()
        {
            {
                "as-posted-v4",
                Architecture.X86,
                "PTB001 4 ignore-write-soft-dirty;PTB002 4 ignore-write-soft-dirty;"
                    + "PTB003 4 ignore-write-soft-dirty;PTB009 4 merge-marks-soft-dirty;"
                    + "PTB301 1 unbounded-scan;PTB302 1 unbounded-scan"
            },
            {
                "as-posted-v4",
                Architecture.Arm64,
                "PTB001 4 ignore-write-soft-dirty;PTB002 4 ignore-write-soft-dirty;"
                    + "PTB301 1 unbounded-scan;PTB302 1 unbounded-scan"
            },
            {
                "bounded",
                Architecture.X86,
                "PTB001 2 ignore-write-soft-dirty;PTB002 2 ignore-write-soft-dirty;"
                    + "PTB003 2 ignore-write-soft-dirty;PTB008 4 stale-count;"
                    + "PTB009 2 merge-marks-soft-dirty;PTB606 3 stale-count"
            },
            {
                "bounded",
                Architecture.Arm64,
                "PTB001 2 ignore-write-soft-dirty;PTB002 2 ignore-write-soft-dirty;"
                    + "PTB008 4 stale-count;PTB606 3 stale-count"
            },
            { "batched", Architecture.X86, "PTB009 2 merge-marks-soft-dirty" },
            {
                "batched~ignore-protnone",
                Architecture.X86,
                "PTB005 2 ignore-protnone;PTB009 2 merge-marks-soft-dirty;"
                    + "PTB205 2 ignore-protnone;PTB206 2 ignore-protnone"
            },
            {
                "batched~ignore-protnone",
                Architecture.Arm64,
                "PTB005 2 ignore-protnone;PTB205 2 ignore-protnone;PTB206 2 ignore-protnone"
            },
        };

    [Theory]
    [MemberData(nameof(Bugs))]
    public void Every_seed_ends_at_the_same_minimal_scenario(
        string implementation,
        Architecture architecture,
        string expected
    )
    {
        var rules = expected.Split(';');
        var first = new Dictionary<string, Violation>(StringComparer.Ordinal);
        var most = 0;
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var found = Find(implementation, architecture, seed, rules);
            Assert.Equal(rules, found.Select(Describe));
            foreach (var violation in found)
            {
                first.TryAdd(violation.Rule.Id, violation);
                var minimal = first[violation.Rule.Id].Scenario;
                Assert.True(
                    violation.Scenario.SameAs(minimal),
                    $"seed {seed}: {ScenarioWriter.Write(violation.Scenario)}\nnot {ScenarioWriter.Write(minimal)}"
                );
                Assert.InRange(violation.FoundAfterCases, 1, CasesToFindIt);
                Assert.InRange(violation.ShrinkEvaluations, 1, MostEvaluations);
                most = Math.Max(most, violation.ShrinkEvaluations);
            }
        }

        output.WriteLine($"at most {most} evaluations");
    }

    /// <summary>Violations of one seed that are of a rule looked for: few cases suffice mostly, more are judged where they do not.</summary>
    private static List<Violation> Find(
        string implementation,
        Architecture architecture,
        ulong seed,
        string[] rules
    )
    {
        List<Violation> found = [];
        for (var cases = FewCases; found.Count < rules.Length && cases <= CasesToFindIt; cases *= 4)
        {
            var result = LazyfreeCampaigns.Run(implementation, architecture, cases, seed);
            found =
            [
                .. result.Violations.Where(violation =>
                    rules.Any(rule => rule.StartsWith(violation.Rule.Id, StringComparison.Ordinal))
                ),
            ];
        }

        return found;
    }

    private static string Describe(Violation violation) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{violation.Rule.Id} {violation.Scenario.PteCount} {string.Join(',', violation.Cause)}"
        );
}
