using PteCheck.Checking.Exhaustive;
using PteCheck.Checking.Scenarios;
using PteCheck.Model.Architectures;

namespace PteCheck.Properties.Exhaustive;

/// <summary>A scope is searched to its end, the count is the same every time, and what is wrong is found.</summary>
public sealed class ExhaustionTests
{
    private const string Sound = "batched~merge-keeps-soft-dirty~flush-before-restore";

    [Theory]
    [InlineData(Architecture.X86)]
    [InlineData(Architecture.Arm64)]
    public void CorrectCodeHoldsInTheWholeScope(Architecture architecture)
    {
        var found = SmallScopes.Search(SmallScopes.TwoPages, Sound, architecture);
        Assert.Equal(VerdictKind.Holds, found.Result.Verdict);
        Assert.True(found.Result.Complete);
        Assert.True(found.Counts.Interleavings > 100_000);
        Assert.Equal(found.Counts.InitialStates + found.Counts.Interleavings, found.Result.Cases);
    }

    [Theory]
    [InlineData(Architecture.X86)]
    [InlineData(Architecture.Arm64)]
    public void TheReferenceHoldsInTheWholeScope(Architecture architecture)
    {
        var found = SmallScopes.Search(SmallScopes.OnePage, "per-pte", architecture);
        Assert.Equal(VerdictKind.Holds, found.Result.Verdict);
    }

    [Theory]
    [InlineData("refcount-before-clear", "PTB404")]
    [InlineData("dirty-before-refcount", "PTB401")]
    [InlineData("free-before-flush", "PTB205")]
    [InlineData("forget-flush", "PTB205")]
    [InlineData("drop-pinned", "PTB404")]
    public void ASeededBugIsFound(string decision, string rule)
    {
        var found = SmallScopes.Search(SmallScopes.OnePage, $"{Sound}~{decision}");
        var violation = Assert.Single(found.Result.Violations, known => known.Rule.Id == rule);
        Assert.Contains(decision, violation.Cause);
    }

    [Fact]
    public void AProtnoneFirstEntryThatStandsForOthersIsFound()
    {
        var found = SmallScopes.Search(SmallScopes.TwoPages, $"{Sound}~ignore-protnone");
        Assert.Contains(found.Result.Violations, known => known.Rule.Id == "PTB205");
    }

    /// <summary>In 6.15.0 a batch is the whole folio and ends the walk, so a count that is kept cannot hurt; in 6.15.7 it can.</summary>
    [Fact]
    public void AKeptCountHurtsBoundedAlone()
    {
        var posted = SmallScopes.Search(SmallScopes.Alone, "as-posted-v4~stale-count");
        var bounded = SmallScopes.Search(SmallScopes.Alone, "bounded");
        Assert.True(posted.Result.Complete);
        Assert.DoesNotContain("stale-count", Causes(posted));
        Assert.Contains("unbounded-scan", Causes(posted));
        Assert.Contains("stale-count", Causes(bounded));
    }

    [Fact]
    public void TheResultDoesNotDependOnThreads()
    {
        var one = SmallScopes.Search(SmallScopes.OnePage, "batched~forget-flush", jobs: 1);
        var two = SmallScopes.Search(SmallScopes.OnePage, "batched~forget-flush", jobs: 2);
        Assert.Equal(one.Counts, two.Counts);
        Assert.Equal(Scenarios(one), Scenarios(two));
    }

    [Fact]
    public void StoppingAtTheFirstIsNotCompleteAndJustAsStable()
    {
        var one = SmallScopes.Search(
            SmallScopes.OnePage,
            "batched~forget-flush",
            jobs: 1,
            first: true
        );
        var two = SmallScopes.Search(
            SmallScopes.OnePage,
            "batched~forget-flush",
            jobs: 2,
            first: true
        );
        Assert.False(one.Result.Complete);
        Assert.Equal(one.Counts, two.Counts);
        Assert.Equal(Scenarios(one), Scenarios(two));
    }

    /// <summary>What is found where a state is visited once is what is found where it is visited every time.</summary>
    [Theory]
    [InlineData(Architecture.X86, Sound)]
    [InlineData(Architecture.Arm64, Sound)]
    [InlineData(Architecture.X86, "batched~refcount-before-clear")]
    [InlineData(Architecture.X86, "batched~dirty-before-refcount~free-before-flush")]
    [InlineData(Architecture.Arm64, "batched~forget-flush~no-notifier")]
    [InlineData(Architecture.X86, "batched~drop-pinned~drop-dirty")]
    public void VisitingStatesOnceLosesNothing(Architecture architecture, string name)
    {
        var once = SmallScopes.Search(SmallScopes.OnePage, name, architecture);
        var again = SmallScopes.Search(SmallScopes.OnePage, name, architecture, revisit: true);
        Assert.Equal(Signatures(again), Signatures(once));
        Assert.Equal(once.Counts.StatesVisited, again.Counts.StatesVisited);
        Assert.True(once.Counts.Interleavings * 2 < again.Counts.Interleavings);
    }

    private static IEnumerable<string> Causes(ExhaustResult found) =>
        found.Result.Violations.SelectMany(violation => violation.Cause);

    private static IEnumerable<string> Signatures(ExhaustResult found) =>
        found.Result.Violations.Select(violation => violation.Signature);

    private static IEnumerable<string> Scenarios(ExhaustResult found) =>
        found.Result.Violations.Select(violation =>
            Checking.Scenarios.Text.ScenarioWriter.Write(violation.Scenario)
        );
}
