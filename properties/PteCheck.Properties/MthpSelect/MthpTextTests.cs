using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Kernel.MthpSelect;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Campaigns;
using PteCheck.Properties.Generation;

namespace PteCheck.Properties.MthpSelect;

/// <summary>What is generated is reachable, can be written and read, and costs no allocation; bad lines are refused with what was expected.</summary>
public sealed class MthpTextTests
{
    [Theory]
    [InlineData(Architecture.X86)]
    [InlineData(Architecture.Arm64)]
    public void EveryGeneratedStateIsReachableAndReadsBack(Architecture architecture) =>
        GeneratorLab.AssertReachableAndReadBack(
            GeneratorLab.Options(MthpSelectOperation.Instance, architecture),
            4000
        );

    [Theory]
    [InlineData("linear")]
    [InlineData("stack-v17")]
    public void CasesAllocateNothing(string name) =>
        GeneratorLab.AssertNothingAllocated(
            CampaignLab.Worker(MthpLab.Named(name), Architecture.Arm64),
            GeneratorLab.Options(MthpSelectOperation.Instance, Architecture.Arm64),
            4000
        );

    [Theory]
    [InlineData("orders 5", "expected an order, or none, a number from 2 to 4")]
    [InlineData("orders 1", "expected an order, or none, a number from 2 to 4")]
    [InlineData("order 2", "did you mean 'orders'?")]
    [InlineData("max-ptes-none 16", "expected max-ptes-none, a number from 0 to 15")]
    [InlineData("max-ptes-swap x", "expected max-ptes-swap, a number from 0 to 16")]
    [InlineData("scans 0", "expected scans, a number from 1 to 8")]
    [InlineData("scans 1 scans 2", "'scans' a second time")]
    [InlineData("madvise orders 2", "'orders' beside 'madvise'")]
    [InlineData("results maybe", "expected success, retry, mapped-huge, alloc-fail, stop")]
    [InlineData("results retry, a+2..5 success", "no window of the table")]
    [InlineData("results retry, a+0..1 success", "no window of the table")]
    [InlineData("results retry, b+0..3 success", "unknown VMA 'b'")]
    [InlineData("results retry, a+0..3 retry", "a window that needs no result")]
    [InlineData("results retry, a+0..3 stop, a+0..3 stop", "a window that needs no result")]
    public void BadLinesAreRefused(string words, string expected)
    {
        var error = Assert.Throws<ScenarioException>(() => Read(16, $"mthp-select a {words}"));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("f:4:", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("table: { slots: 16 }\nvmas:\n  - { name: a, pages: 15 }", "a", "RS18")]
    [InlineData("table: { slots: 16 }\nvmas:\n  - { name: a, pages: 32 }", "a+8..23", "RS18")]
    [InlineData("table: { slots: 16 }\nvmas:\n  - { name: a, at: 8, pages: 16 }", "a", "RS18")]
    [InlineData(
        "table: { slots: 16 }\nvmas:\n  - { name: a, pages: 16, flags: rws, file: shmem }",
        "a",
        "RS73"
    )]
    public void TablesThatKhugepagedDoesNotScanAreRefused(string head, string range, string rule)
    {
        var error = Assert.Throws<ScenarioException>(() =>
            ScenarioReader.Read($"{head}\nrun: mthp-select {range}", "f")
        );

        Assert.Contains(rule, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ResultsOfAnotherOperationAreRefused()
    {
        var scenario = Read(16, "mthp-select a results retry, a+0..3 stop");
        scenario.Run = new() { Operation = 0, Pages = 16 };
        scenario.Windows[0].Order = 3;

        Assert.Equal("RS19", Reachability.FirstBroken(scenario)?.Rule.Id);
    }

    [Fact]
    public void TheShortFormLeavesDefaultsOut()
    {
        var scenario = Read(
            512,
            "mthp-select a orders 2..9 max-ptes-none 511 max-ptes-swap 64 scans 1 results success"
        );

        Assert.EndsWith(
            "run: mthp-select a max-ptes-none 511\n",
            ScenarioWriter.Write(scenario),
            StringComparison.Ordinal
        );
    }

    private static Scenario Read(int slots, string run) =>
        ScenarioReader.Read(
            $"table: {{ slots: {slots} }}\nvmas:\n  - {{ name: a, pages: {slots} }}\nrun: {run}",
            "f"
        );
}
