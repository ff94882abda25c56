using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Oracles;
using PteCheck.Kernel.Mremap;
using PteCheck.Kernel.Operations;
using PteCheck.Properties.BatchHelper;
using PteCheck.Properties.CollapseAnon;
using PteCheck.Properties.CollapseFile;
using PteCheck.Properties.Interference;
using PteCheck.Properties.Lazyfree;
using PteCheck.Properties.MthpSelect;
using PteCheck.Properties.Quality;
using PteCheck.Properties.Subjects;
using PteCheck.Properties.Zap;

namespace PteCheck.Properties.Oracles;

/// <summary>An oracle that never fires proves nothing: each must find the fault that was made for it.</summary>
public sealed class CanaryTests(CanaryCampaigns campaigns) : IClassFixture<CanaryCampaigns>
{
    public static TheoryData<int> Rows => [.. Enumerable.Range(0, Canaries.All.Count)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_rule_finds_the_fault_with_its_cause(int row)
    {
        var canary = Canaries.All[row];
        var violation = ViolationOf(canary);
        Assert.Equal([canary.Decision], violation.Cause);
        Assert.Equal(canary.AlsoBroken, violation.AlsoBroken);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void With_the_rule_off_nothing_is_left_but_what_the_row_says(int row)
    {
        var canary = Canaries.All[row];
        var scenario = ViolationOf(canary).Scenario;
        var worker = Lab.Worker(canary.Candidate, canary.Architecture);
        worker.Candidate.Off = Rules.Find(canary.Rule);
        worker.Evaluate(scenario);
        Assert.Equal(canary.AlsoBroken, Lab.RuleIds(worker.Candidate));
        worker.Candidate.Off = null;
        worker.Evaluate(scenario);
        Assert.Equal(canary.Rule, worker.Candidate.Primary!.Value.Rule.Id);
        Assert.Equal(0, worker.Reference.Count);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void With_the_fault_mended_the_scenario_holds(int row)
    {
        var canary = Canaries.All[row];
        var scenario = ViolationOf(canary).Scenario;
        var decision = MremapDecisions.All.Single(known => known.Name == canary.Decision);
        var candidate = Lab.Implementation(canary.Candidate);
        var mended = candidate.WithDecisions(
            MremapOperation.Instance,
            candidate.Decisions.Without(decision.Set)
        );
        var worker = Lab.Worker(mended.Name, canary.Architecture);
        worker.Evaluate(scenario);
        Assert.Empty(Lab.RuleIds(worker.Candidate));
    }

    [Fact]
    public void Every_rule_has_a_canary()
    {
        // PTB009: every entry that mremap moves becomes soft-dirty, none can gain it. PTB205 and PTB206:
        // nothing is freed and no flush deferred there. PTB207 and PTB208: no mapping goes, no page is copied.
        // The memory rules judge interleaved cases alone. What is about PMD entries and tables, collapse-file breaks.
        var guarded = Canaries.All.Concat(Canaries.Absolute).Select(canary => canary.Rule);
        Assert.Equal(
            LazyfreeCanaryTests
                .Rules.Concat(ZapCanaryTests.Rules)
                .Concat(MthpCanaryTests.Rules)
                .Concat(BatchCanaryTests.Rules)
                .Select(row => (string)row[0])
                .Concat(MemoryCanaryTests.Guarded)
                .Concat(CollapseCanaryTests.Guarded)
                .Concat(AnonCanaryTests.Guarded)
                .Concat(HostileSubjectTests.Guarded)
                .Order(StringComparer.Ordinal),
            Rules
                .All.Select(rule => rule.Id)
                .Except(guarded, StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Every_fault_is_found_by_some_rule()
    {
        var found = Canaries.All.Select(canary => canary.Decision);

        // Tables move whole only where a file says that there is none at the destination: BB-36.
        Assert.Equal(
            ["decide-before-lock"],
            MremapDecisions
                .All.Where(decision => decision.Kind == DecisionKind.Fault)
                .Select(decision => decision.Name)
                .Except(found, StringComparer.Ordinal)
        );
    }

    private Violation ViolationOf(Canary canary)
    {
        var result = campaigns.Of(canary);
        var found = result.Violations.Where(known => known.Rule.Id == canary.Rule).ToList();
        Assert.True(found.Count == 1, $"{canary}: found {found.Count} times");
        return found[0];
    }
}
