using PteCheck.Reports;
using PteCheck.Reports.Text;

namespace PteCheck.Properties.Reports;

public sealed class SummaryTextTests
{
    [Fact]
    public void Holds_names_cases_batches_longest_batch_and_kernel() =>
        Assert.Equal(
            "mremap/batched, arm64, kernel 7.2: holds over 200,000 random cases (seed 1), 543,210 batches, longest batch 512",
            SummaryText.Line(HandMade.Holds() with { Seed = 1 })
        );

    [Fact]
    public void Not_applicable_gives_the_reason() =>
        Assert.Equal(
            "mremap/batched, x86-64, kernel 7.2: not-applicable: no batch of 2 or more was formed",
            SummaryText.Line(HandMade.NotApplicable())
        );

    [Fact]
    public void A_replay_says_whether_it_is_as_expected()
    {
        Assert.EndsWith(
            ": violated PTB001 write gained, as expected",
            SummaryText.Line(HandMade.Replayed(true)),
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            "NOT as expected (violated PTB001)",
            SummaryText.Line(HandMade.Replayed(false)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_total_counts_each_kind() =>
        Assert.Equal(
            "1 as expected, 1 NOT as expected, 2 hold, 1 with known or tolerated findings alone, 1 violated, 1 not applicable, 1 reference-violated",
            SummaryText.Total(
                HandMade.Input(
                    HandMade.Holds(),
                    HandMade.Holds(),
                    HandMade.NotApplicable(),
                    HandMade.Violated(HandMade.Known()),
                    HandMade.Violated(HandMade.WriteGained(), HandMade.Known()),
                    HandMade.ReferenceViolated(),
                    HandMade.Replayed(true),
                    HandMade.Replayed(false)
                )
            )
        );

    [Theory]
    [InlineData(false, true, ResultStatus.Known)]
    [InlineData(true, true, ResultStatus.Failed)]
    public void Known_findings_count_only_when_strict(
        bool strict,
        bool failOnWork,
        ResultStatus status
    ) => Assert.Equal(status, HandMade.Violated(HandMade.Known()).Status(strict, failOnWork));

    [Theory]
    [InlineData(true, ResultStatus.Failed)]
    [InlineData(false, ResultStatus.Known)]
    public void Wasted_work_counts_unless_told_otherwise(bool failOnWork, ResultStatus status) =>
        Assert.Equal(
            status,
            HandMade.Violated(HandMade.WastedWork()).Status(strict: false, failOnWork)
        );

    [Fact]
    public void What_the_baseline_has_never_counts() =>
        Assert.Equal(
            ResultStatus.Known,
            HandMade
                .Violated(HandMade.WriteGained() with { Known = ResultStatuses.Baseline })
                .Status(strict: true)
        );
}
