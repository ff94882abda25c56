using PteCheck.Checking.Campaigns;
using PteCheck.Kernel.Interference;
using PteCheck.Kernel.MadviseDontneed;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Interference;

namespace PteCheck.Properties.MadviseDontneed;

/// <summary>Every decision of MADV_DONTNEED of leaves is found on both architectures, named as the cause, and shrinks to one leaf.</summary>
public sealed class MadviseDontneedCanaryTests
{
    private const long Cases = 16384;

    /// <summary>Every fault, the rule that must find it, and the steps of others that it needs.</summary>
    public static TheoryData<string, string, int> Faults =>
        new()
        {
            { "trust-first-look", "PTB606", 1 },
            { "forget-flush", "PTB202", 0 },
            { "rss-once", "PTB008", 0 },
            { "leave-deposit", "PTB010", 0 },
        };

    [Theory]
    [MemberData(nameof(Faults))]
    public void EveryFaultShrinksToOneLeaf(string decision, string rule, int steps)
    {
        foreach (var architecture in ArchitectureNames.All)
        {
            for (var seed = 1ul; seed <= 4; seed++)
            {
                var result = InterleavedCampaigns.Run(
                    $"madvise-dontneed/per-pmd~{decision}",
                    architecture,
                    Cases,
                    seed,
                    steps == 0 ? InterferenceMode.Off : InterferenceMode.Only
                );
                var violation = Assert.Single(result.Violations, one => one.Rule.Id == rule);

                Assert.Equal([decision], violation.Cause);
                Assert.Equal(8, violation.Scenario.Slots);
                Assert.Equal(8, violation.Scenario.PteCount);
                Assert.Equal(steps, violation.InterferenceSteps);
                Assert.InRange(violation.ShrinkEvaluations, 1, 250);
            }
        }
    }

    [Fact]
    public void EveryFaultHasARow() =>
        Assert.Equal(
            MadviseDontneedDecisions
                .All.Select(decision => decision.Name)
                .Order(StringComparer.Ordinal),
            Faults.Select(row => (string)row[0]).Order(StringComparer.Ordinal)
        );

    [Fact]
    public void ADepositThatIsLeftIsSaidToBe()
    {
        var violation = Assert.Single(
            InterleavedCampaigns
                .Run(
                    "madvise-dontneed/per-pmd~leave-deposit",
                    Architecture.X86,
                    Cases,
                    mode: InterferenceMode.Off
                )
                .Violations
        );

        Assert.Contains("PTB107", violation.AlsoBroken);
        Assert.EndsWith(
            "per-PTE leaves none and no deposited table, the candidate none and a deposited table",
            violation.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void ALeafThatAnotherZapHasTakenIsTakenTwice()
    {
        var result = InterleavedCampaigns.Run(
            "madvise-dontneed/per-pmd~trust-first-look",
            Architecture.X86,
            Cases
        );

        Assert.All(
            result.Violations,
            violation => Assert.Equal(StepVerb.Zap, violation.Scenario.Steps[0].Verb)
        );
    }
}
