using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;

namespace PteCheck.Properties.Sequences;

/// <summary>Every operation of a run is judged when it returns, in the state that those before it left.</summary>
public sealed class SequenceReplayTests
{
    private const string Unnoted =
        "lazyfree-unmap/batched~merge-keeps-soft-dirty~flush-before-restore~leave-unnoted";

    /// <summary>The folio's first entry goes and the second stays, so that it is not freed.</summary>
    private const string KeptInPart = """
        folios:
          A: { order: 2, kind: lazyfree, locked: true, extra-refs: 1 }
        vmas:
          - { name: a, pages: 1 }
          - { name: b, pages: 1 }
        ptes:
          a+0: A[0]
          b+0: A[1] D
        """;

    [Theory]
    [InlineData("mremap/batched")]
    [InlineData("lazyfree-unmap/batched")]
    [InlineData("zap/batched")]
    [InlineData("wp-fault/per-pte")]
    public void CorrectCodeHoldsFromOneToTheNext(string name)
    {
        var yaml = SequenceLab.File(
            "run: [ 'zap src+1', 'wp-fault src+2', 'mremap src to dst', 'lazyfree-unmap A deferred', 'zap dst' ]"
        );

        Assert.Equal(VerdictKind.Holds, SequenceLab.Replay(yaml, name).Verdict);
    }

    /// <summary>The states that NUMA hinting makes flow on: a scan, a move, reclaim, a fault.</summary>
    [Theory]
    [InlineData("mprotect/per-pte")]
    [InlineData("mremap/batched")]
    [InlineData("lazyfree-unmap/batched")]
    [InlineData("wp-fault/per-pte")]
    public void ScannedEntriesMoveAndAreReclaimed(string name)
    {
        var yaml = SequenceLab.File(
            "run: [ 'mprotect src+0..1 numa', 'mremap src to dst', 'lazyfree-unmap A deferred', 'wp-fault dst+0' ]"
        );

        Assert.Equal(VerdictKind.Holds, SequenceLab.Replay(yaml, name).Verdict);
    }

    /// <summary>The destination has the rights of the source when it moves, and a part of a VMA stays one by itself.</summary>
    [Fact]
    public void RightsThatMprotectGaveGoWithThePages()
    {
        const string Run =
            "run: [ 'mprotect src to r', 'mremap src to dst', 'mprotect dst+1..2 to rw', 'zap dst+1..2', 'zap dst' ]";
        var result = SequenceLab.Replay(SequenceLab.File(Run), "zap/batched");

        Assert.Equal(VerdictKind.NotApplicable, result.Verdict);
        Assert.Equal(
            "operation 5, zap dst, cannot run: its pages lie in several VMAs by now",
            result.Reason
        );
    }

    /// <summary>The store makes the entry writable that the batch then copies on its neighbour.</summary>
    [Fact]
    public void TheFirstOperationThatBreaksARuleIsNamed()
    {
        const string Yaml = """
            folios:
              A: { order: 2, exclusive: [0, 1] }
            vmas:
              - { name: src, pages: 2 }
            ptes:
              src+0..1: A[0..1]
            run: [ 'wp-fault src+0', 'mremap src to dst', 'zap dst' ]
            """;
        var violation = Assert.Single(SequenceLab.Replay(Yaml, "mremap/as-posted-v4").Violations);

        Assert.Equal("PTB001", violation.Rule.Id);
        Assert.Equal("dst+1, operation 2 (mremap src to dst)", violation.Where);
        Assert.Equal("dst+1", violation.Place);
        Assert.StartsWith(
            "operation 2 of 3, mremap src to dst: dst+1: write gained: ",
            violation.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(["ignore-write"], violation.Cause);
    }

    [Fact]
    public void WhatTheCandidateLeavesIsItsOwn()
    {
        const string Yaml = KeptInPart + "\nrun: [ 'lazyfree-unmap A deferred', zap a ]";
        var violation = Assert.Single(SequenceLab.Replay(Yaml, Unnoted).Violations);

        Assert.Equal("PTB202", violation.Rule.Id);
        Assert.Equal("a+0, operation 2 (zap a)", violation.Where);
        Assert.Contains(
            "zap a, by its reference on what the candidate left",
            violation.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(["leave-unnoted"], violation.Cause);
    }

    [Fact]
    public void AloneTheSameOperationHolds()
    {
        const string Yaml = KeptInPart + "\nrun: lazyfree-unmap A deferred";

        Assert.Equal(VerdictKind.Holds, SequenceLab.Replay(Yaml, Unnoted).Verdict);
    }

    /// <summary>The other implementation of the same scenario is run by its reference, and nobody is at fault.</summary>
    [Fact]
    public void OperationsThatAreNotUnderTestRunByTheirReferences()
    {
        const string Yaml = KeptInPart + "\nrun: [ 'lazyfree-unmap A deferred', zap a ]";

        Assert.Equal(VerdictKind.Holds, SequenceLab.Replay(Yaml, "zap/batched~trust-none").Verdict);
    }

    [Theory]
    [InlineData(
        "run: [ zap src, 'lazyfree-unmap A deferred' ]",
        "operation 2, lazyfree-unmap A deferred, cannot run: folio A is no longer mapped"
    )]
    [InlineData(
        "run: [ 'wp-fault src+0', 'lazyfree-unmap A deferred', 'lazyfree-unmap A immediate' ]",
        "operation 3, lazyfree-unmap A immediate, cannot run: folio A is swap-backed by now, and no longer lazyfree"
    )]
    public void AnOperationThatCannotRunAnyMoreIsNotApplicable(string run, string reason)
    {
        var yaml = SequenceLab.File(run);
        var result = SequenceLab.Replay(yaml, "lazyfree-unmap/batched~merge-keeps-soft-dirty");

        Assert.Equal(VerdictKind.NotApplicable, result.Verdict);
        Assert.Equal(reason, result.Reason);
    }

    [Fact]
    public void AnOperationThatIsNotRunIsNotApplicable()
    {
        var result = SequenceLab.Replay(SequenceLab.File("run: zap src"), "mremap/batched");

        Assert.Equal(VerdictKind.NotApplicable, result.Verdict);
        Assert.Equal("the scenario does not run mremap", result.Reason);
    }

    [Fact]
    public void WithoutExpectationsEveryOperationIsJudged()
    {
        var yaml = SequenceLab.File("run: [ zap src+0, 'lazyfree-unmap A immediate' ]");
        var results = Replay.Run(ScenarioReader.Read(yaml, "run.yaml"), []);

        Assert.Equal(
            [
                "zap/batched",
                "lazyfree-unmap/as-posted-v4",
                "lazyfree-unmap/bounded",
                "lazyfree-unmap/batched",
            ],
            results.Select(result => result.Implementation.FullName)
        );
    }

    [Fact]
    public void ExpectationsAreOfTheOperationThatTheyName()
    {
        var yaml = SequenceLab.File(
            "run: [ 'mremap src to dst', zap dst ]",
            "expect: { mremap/batched: holds, zap/batched: violated }"
        );
        var results = Replay.Run(ScenarioReader.Read(yaml, "run.yaml"), []);

        Assert.Equal([true, false], results.Select(result => result.AsExpected));
    }
}
