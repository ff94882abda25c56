using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Minimizing;
using PteCheck.Checking.Oracles;
using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Model.Architectures;

namespace PteCheck.Properties.Quality;

/// <summary>What a minimal scenario is: a fixed point, the same after its text form, and a failing one.</summary>
public sealed class MinimizerTests
{
    private const long Cases = CaseBlock.Cases;

    public static TheoryData<string, Architecture, bool> Implementations =>
        new()
        {
            { "as-posted-v4", Architecture.X86, false },
            { "as-posted-v4", Architecture.Arm64, false },
            { "sketch-split-no-clear", Architecture.X86, false },
            { "sketch-split-no-clear", Architecture.Arm64, false },
            { "batched-any-arch", Architecture.X86, true },
            { "batched-any-arch~skip-flush", Architecture.Arm64, false },
            { "batched-any-arch~convert-without-tlbi", Architecture.Arm64, false },
        };

    [Theory]
    [MemberData(nameof(Implementations))]
    public void A_minimal_scenario_is_a_fixed_point(
        string implementation,
        Architecture architecture,
        bool shadowStack
    )
    {
        var candidate = Lab.Implementation(implementation);
        foreach (var violation in Violations(implementation, architecture, shadowStack))
        {
            var again = Minimizer.Minimize(violation.Scenario, candidate)!;
            Assert.True(again.Scenario.SameAs(violation.Scenario));
            Assert.Equal(violation.Rule, again.Violation.Rule);
            Assert.Equal(violation.Cause, again.Violation.Cause);
            Assert.Equal(violation.Message, again.Violation.Message);
        }
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public void Its_text_form_replays_to_the_same_verdict(
        string implementation,
        Architecture architecture,
        bool shadowStack
    )
    {
        var candidate = Lab.Implementation(implementation);
        foreach (var violation in Violations(implementation, architecture, shadowStack))
        {
            var text = ScenarioWriter.Write(violation.Scenario);
            var read = ScenarioReader.Read(text, "minimal.yaml");
            var replayed = Replay.Run(read, [candidate]).Single();
            Assert.Equal(VerdictKind.Violated, replayed.Verdict);
            var same = Assert.Single(replayed.Violations);
            Assert.Equal(violation.Signature, same.Signature);
            Assert.Equal(violation.Cause, same.Cause);
            Assert.Equal(violation.AlsoBroken, same.AlsoBroken);
            Assert.Equal(violation.Message, same.Message);
            Assert.Equal(violation.Where, same.Where);
        }
    }

    [Fact]
    public void A_scenario_that_does_not_fail_is_not_shrunk()
    {
        var violation = Violations("as-posted-v4", Architecture.X86, shadowStack: false)[0];
        var worker = Lab.Worker("batched-any-arch", Architecture.X86);
        var key = SignatureKey.Of(violation.Finding);
        var thrown = Assert.Throws<InvalidOperationException>(() =>
            Minimizer.Shrink(worker, violation.Scenario, key)
        );
        Assert.Contains(violation.Rule.Id, thrown.Message, StringComparison.Ordinal);
        Assert.Null(Minimizer.Minimize(violation.Scenario, Lab.Implementation("batched-any-arch")));
    }

    [Fact]
    public void Another_rule_is_not_taken_for_the_one_that_was_found()
    {
        var violation = Violations("as-posted-v4", Architecture.X86, shadowStack: false)[0];
        var worker = Lab.Worker("as-posted-v4", Architecture.X86);
        var other = new SignatureKey(Rules.Payload.Id, PlaceRole.Destination);
        Assert.Throws<InvalidOperationException>(() =>
            Minimizer.Shrink(worker, violation.Scenario, other)
        );
    }

    private static IReadOnlyList<Violation> Violations(
        string implementation,
        Architecture architecture,
        bool shadowStack
    )
    {
        var result = Lab.Campaign(implementation, architecture, Cases, 7, shadowStack);
        Assert.NotEmpty(result.Violations);
        return result.Violations;
    }
}
