using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Kernel.Mremap;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Quality;

namespace PteCheck.Properties.Campaigns;

/// <summary>A campaign depends on its options alone: not on threads, shards, or how its end was set.</summary>
public sealed class CampaignTests
{
    private const long Cases = (4 * CaseBlock.Cases) - 100;

    private static readonly Coverage NothingCovered = new();

    [Theory]
    [InlineData("as-posted-v4", Architecture.X86)]
    [InlineData("as-posted-v4", Architecture.Arm64)]
    [InlineData("batched-any-arch", Architecture.Arm64)]
    public void Threads_change_nothing(string implementation, Architecture architecture)
    {
        var options = Lab.Options(implementation, architecture, Cases);
        var alone = Run(options);
        Assert.Equal(Cases, alone.Cases);
        AssertSame(alone, Run(options with { Jobs = 2 }));
        AssertSame(alone, Run(options with { Jobs = 3 }));
    }

    [Theory]
    [InlineData("as-posted-v4")]
    [InlineData("batched-any-arch")]
    public void Shards_together_cover_what_the_whole_does(string implementation)
    {
        var options = Lab.Options(implementation, Architecture.X86, Cases);
        var whole = Run(options);
        var shards = Enumerable
            .Range(1, 3)
            .Select(index => Run(options with { Shard = (index, 3) }))
            .ToList();
        Assert.Equal(whole.Cases, shards.Sum(shard => shard.Cases));
        Assert.Equal(whole.Coverage.Batches, shards.Sum(shard => shard.Coverage.Batches));
        Assert.Equal(whole.Coverage.LongestBatch, shards.Max(shard => shard.Coverage.LongestBatch));
        foreach (var cell in whole.Coverage.Cells.Keys)
        {
            Assert.Equal(
                whole.Coverage.Cells[cell],
                shards.Sum(shard => shard.Coverage.Cells[cell])
            );
        }

        Assert.Equal(
            whole.Violations.Select(known => (known.Signature, known.FoundAfterCases)),
            shards
                .SelectMany(shard => shard.Violations)
                .GroupBy(known => known.Signature, StringComparer.Ordinal)
                .Select(group => (group.Key, group.Min(known => known.FoundAfterCases)))
                .OrderBy(pair => pair.Key, StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_number_of_cases_repeats_what_a_time_gave(int jobs)
    {
        var options = Lab.Options("as-posted-v4", Architecture.X86, 0) with
        {
            Cases = null,
            Time = TimeSpan.FromMilliseconds(150),
            Jobs = jobs,
        };
        var timed = Run(options);
        Assert.True(timed.Cases >= CaseBlock.Cases);
        Assert.Equal(0, timed.Cases % CaseBlock.Cases);
        AssertSame(timed, Run(options with { Time = null, Cases = timed.Cases }));
    }

    [Fact]
    public void At_least_one_block_is_judged_whatever_the_time()
    {
        var options = Lab.Options("batched-any-arch", Architecture.X86, 0) with
        {
            Cases = null,
            Time = TimeSpan.Zero,
        };
        Assert.Equal(CaseBlock.Cases, Run(options).Cases);
    }

    [Fact]
    public void A_cancelled_campaign_says_that_it_was_interrupted()
    {
        using var cancel = new CancellationTokenSource();
        var options = Lab.Options("as-posted-v4", Architecture.X86, 1_000_000_000) with
        {
            Jobs = 2,
            Progress = new CancelAtOnce(cancel),
        };
        var result = Campaign.Run(options, cancel.Token);
        Assert.True(result.Interrupted);
        Assert.InRange(result.Cases, 1, 10 * CaseBlock.Cases);
        Assert.Equal(VerdictKind.Violated, result.Verdict);
        Assert.False(Run(Lab.Options("as-posted-v4", Architecture.X86, 64)).Interrupted);
    }

    [Fact]
    public void Batches_that_never_form_are_not_applicable()
    {
        var result = Run(Lab.Options("batched", Architecture.X86, CaseBlock.Cases));
        Assert.Equal(VerdictKind.NotApplicable, result.Verdict);
        Assert.Equal("it never batches here: no batch of 2 or more in 4,096 cases", result.Reason);
        Assert.Equal(0, result.Coverage.Batches);
        var reference = Run(Lab.Options("per-pte", Architecture.X86, 64));
        Assert.Equal(VerdictKind.NotApplicable, reference.Verdict);
        Assert.Equal("the reference handles one entry at a time", reference.Reason);
        var arm64 = Run(Lab.Options("batched", Architecture.Arm64, CaseBlock.Cases));
        Assert.Equal(VerdictKind.Holds, arm64.Verdict);
        Assert.True(arm64.Coverage.LongestBatch > 1);
    }

    [Theory]
    [InlineData("batched-any-arch~skip-flush", "PTB201")]
    [InlineData("batched-any-arch~drop-ref", "PTB104")]
    [InlineData("batched-any-arch~unlock-twice", "PTB607")]
    public void A_fault_of_the_reference_is_not_charged_to_the_candidate(string fault, string rule)
    {
        var options = Lab.Options("batched-any-arch", Architecture.X86, CaseBlock.Cases) with
        {
            Operation = new BrokenReference(Lab.Implementation(fault)),
        };
        var result = Run(options);
        Assert.Equal(VerdictKind.ReferenceViolated, result.Verdict);
        Assert.Equal($"the reference itself breaks {rule}", result.Reason);
        Assert.Equal(rule, Assert.Single(result.Violations).Rule.Id);
        Assert.Contains(fault, result.Violations[0].Signature, StringComparison.Ordinal);
        Assert.InRange(result.Violations[0].Scenario.PteCount, 0, 2);
        Assert.Equal(0, result.Violations[0].Scenario.StepCount);
    }

    [Fact]
    public void A_case_that_throws_ends_the_campaign_and_names_its_scenario()
    {
        var runs = 0;
        var options = Lab.Options("batched-any-arch", Architecture.X86, CaseBlock.Cases) with
        {
            Jobs = 1,
            Operation = new BrokenReference(
                MremapOperation.Instance.Implementations[0],
                () =>
                {
                    runs++;
                    if (runs == 200)
                    {
                        throw new NotSupportedException("nothing left");
                    }
                }
            ),
        };
        var failed = Assert.Throws<CaseFailedException>(() => Run(options));

        Assert.Matches("^NotSupportedException in case [1-9][0-9]*: nothing left$", failed.Message);
        Assert.Equal(
            Architecture.X86,
            ScenarioReader.Read(failed.Scenario, "case.yaml").Architecture
        );
    }

    [Fact]
    public void Progress_counts_cases_and_signatures()
    {
        var progress = new LastProgress();
        Run(
            Lab.Options("as-posted-v4", Architecture.X86, Cases) with
            {
                Interference = InterferenceMode.Off,
                Progress = progress,
            }
        );
        Assert.Equal(
            new("mremap/as-posted-v4 on x86-64", Cases, Cases, Violations: 2),
            progress.Last
        );
    }

    private static CampaignResult Run(CampaignOptions options) =>
        Campaign.Run(options, CancellationToken.None);

    private static void AssertSame(CampaignResult expected, CampaignResult actual)
    {
        Assert.Equal(expected.Violations.Count, actual.Violations.Count);
        foreach (var (left, right) in expected.Violations.Zip(actual.Violations))
        {
            Assert.True(left.Scenario.SameAs(right.Scenario));
            Assert.Equal(left.Cause, right.Cause);
            Assert.Equal(left.AlsoBroken, right.AlsoBroken);
            Assert.Equal(Comparable(left, left.Scenario), Comparable(right, left.Scenario));
        }

        Assert.Equal(expected.Coverage.Cells, actual.Coverage.Cells);
        Assert.Equal(expected.Coverage.KindsBesideABatch, actual.Coverage.KindsBesideABatch);
        Assert.Equal(expected.Coverage.Batches, actual.Coverage.Batches);
        Assert.Equal(expected.Coverage.LongestBatch, actual.Coverage.LongestBatch);
        Assert.Equal(Comparable(expected), Comparable(actual));
    }

    /// <summary>Without what is compared on its own, and without times.</summary>
    private static Violation Comparable(Violation violation, Scenario scenario) =>
        violation with
        {
            Scenario = scenario,
            Cause = [],
            AlsoBroken = [],
            FoundAfterSeconds = 0,
        };

    /// <summary>Without lists, which records compare by reference, and without times.</summary>
    private static CampaignResult Comparable(CampaignResult result) =>
        result with
        {
            Violations = [],
            Coverage = NothingCovered,
            Seconds = 0,
        };

    private sealed class CancelAtOnce(CancellationTokenSource cancel) : IProgress<CampaignProgress>
    {
        public void Report(CampaignProgress value) => cancel.Cancel();
    }

    private sealed class LastProgress : IProgress<CampaignProgress>
    {
        public CampaignProgress? Last { get; private set; }

        public void Report(CampaignProgress value) => Last = value;
    }
}
