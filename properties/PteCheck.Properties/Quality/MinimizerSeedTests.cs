using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Model.Architectures;
using Xunit.Abstractions;

namespace PteCheck.Properties.Quality;

/// <summary>
/// Shrinking is a product with a quality of its own: whatever case a bug is met in, its minimal
/// scenario is the same, small, and found with few evaluations.
/// </summary>
public sealed class MinimizerSeedTests(ITestOutputHelper output)
{
    private const ulong Seeds = 100;
    private const long FewCases = 512;
    private const long CasesToFindIt = 200_000;
    private const int MostEvaluations = 250;

    [Theory]
    [InlineData(
        "as-posted-v4",
        Architecture.X86,
        false,
        2,
        "PTB001 ignore-write;PTB002 ignore-write"
    )]
    [InlineData(
        "as-posted-v4",
        Architecture.Arm64,
        false,
        2,
        "PTB001 ignore-write;PTB002 ignore-write"
    )]
    [InlineData(
        "sketch-split",
        Architecture.X86,
        false,
        2,
        "PTB001 ignore-write;PTB002 ignore-write"
    )]
    [InlineData(
        "sketch-split",
        Architecture.Arm64,
        false,
        2,
        "PTB001 ignore-write;PTB002 ignore-write"
    )]
    [InlineData("sketch-split-no-clear", Architecture.X86, false, 1, "PTB006 no-clear")]
    [InlineData("sketch-split-no-clear", Architecture.Arm64, false, 1, "PTB006 no-clear")]
    [InlineData(
        "batched-any-arch",
        Architecture.X86,
        true,
        2,
        "PTB001 compare-raw-write;PTB002 compare-raw-write"
    )]
    public void Every_seed_ends_at_the_same_minimal_scenario(
        string implementation,
        Architecture architecture,
        bool shadowStack,
        int entries,
        string expected
    )
    {
        var rules = expected.Split(';');
        var first = new Dictionary<string, Violation>(StringComparer.Ordinal);
        var most = 0;
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var found = Find(implementation, architecture, seed, shadowStack, rules.Length);
            Assert.Equal(
                rules,
                found.Select(known => $"{known.Rule.Id} {string.Join(",", known.Cause)}")
            );
            foreach (var violation in found)
            {
                first.TryAdd(violation.Rule.Id, violation);
                var minimal = first[violation.Rule.Id].Scenario;
                Assert.True(
                    violation.Scenario.SameAs(minimal),
                    $"seed {seed}: {ScenarioWriter.Write(violation.Scenario)}\nnot {ScenarioWriter.Write(minimal)}"
                );
                Assert.True(violation.FoundAfterCases <= CasesToFindIt);
                Assert.True(violation.ShrinkEvaluations <= MostEvaluations, $"seed {seed}");
                most = Math.Max(most, violation.ShrinkEvaluations);
            }
        }

        foreach (var violation in first.Values)
        {
            Assert.Equal(entries, violation.Scenario.PteCount);
            Assert.True(entries == 1 || violation.Scenario is { FolioCount: 1 });
            Assert.True(entries == 1 || violation.Scenario.Folios[0] is { Order: 2, IsAnon: true });
        }

        output.WriteLine($"at most {most} evaluations");
    }

    [Theory]
    [InlineData(Architecture.X86)]
    [InlineData(Architecture.Arm64)]
    public void The_sketch_is_violated_exactly_as_the_patch_that_it_is_for(
        Architecture architecture
    )
    {
        var patch = Find("as-posted-v4", architecture, 1, shadowStack: false, expected: 2);
        var sketch = Find("sketch-split", architecture, 1, shadowStack: false, expected: 2);
        Assert.Equal(patch.Count, sketch.Count);
        foreach (var (left, right) in patch.Zip(sketch))
        {
            Assert.Equal(left.Rule, right.Rule);
            Assert.Equal(left.Finding.Role, right.Finding.Role);
            Assert.Equal(left.Cause, right.Cause);
            Assert.Equal(left.AlsoBroken, right.AlsoBroken);
            Assert.Equal(left.FoundAfterCases, right.FoundAfterCases);
            Assert.True(left.Scenario.SameAs(right.Scenario));
        }
    }

    /// <summary>Violations of one seed: few cases suffice mostly, more are judged where they do not.</summary>
    private static IReadOnlyList<Violation> Find(
        string implementation,
        Architecture architecture,
        ulong seed,
        bool shadowStack,
        int expected
    )
    {
        IReadOnlyList<Violation> found = [];
        for (var cases = FewCases; found.Count < expected && cases <= CasesToFindIt; cases *= 4)
        {
            found = Lab.Campaign(implementation, architecture, cases, seed, shadowStack).Violations;
        }

        return found;
    }
}
