using PteCheck.Checking.Generation;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Kernel.MthpSelect;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;

namespace PteCheck.Properties.MthpSelect;

/// <summary>What is generated is reachable, can be written and read, and costs no allocation; bad lines are refused with what was expected.</summary>
public sealed class MthpTextTests
{
    private static readonly byte Operation = OperationCatalog.IndexOf(MthpSelectOperation.Instance);

    [Theory]
    [InlineData(Architecture.X86)]
    [InlineData(Architecture.Arm64)]
    public void EveryGeneratedStateIsReachableAndReadsBack(Architecture architecture)
    {
        var generator = new ScenarioGenerator();
        var scenario = new Scenario();
        var options = new GeneratorOptions(architecture, false, false, Operation);
        for (var i = 0; i < 4000; i++)
        {
            generator.Fill(scenario, options, (ulong)i, 1 + (i % ScenarioGenerator.MaxSize));
            var broken = Reachability.FirstBroken(scenario);
            Assert.True(broken is null, $"case {i}: {broken?.Rule.Id} {broken?.Rule.Sentence}");
            if (i % 10 == 0)
            {
                var text = ScenarioWriter.Write(scenario);
                var again = ScenarioReader.Read(text, "generated.yaml");
                Assert.True(again.SameAs(scenario), text);
                Assert.Equal(text, ScenarioWriter.Write(again));
            }
        }
    }

    [Theory]
    [InlineData("linear")]
    [InlineData("stack-v17")]
    public void CasesAllocateNothing(string name)
    {
        const int Cases = 4000;
        var implementation = MthpLab.Named(name);
        var options = new GeneratorOptions(Architecture.Arm64, false, false, Operation);
        var worker = new CaseWorker<Arm64>(
            MthpSelectOperation.Instance,
            implementation,
            implementation.Kernel
        );
        var generator = new ScenarioGenerator();
        var scenario = new Scenario();
        Run(0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(Cases);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Cases);

        void Run(int first)
        {
            for (var i = first; i < first + Cases; i++)
            {
                generator.Fill(scenario, options, (ulong)i, 1 + (i % ScenarioGenerator.MaxSize));
                worker.Evaluate(scenario);
            }
        }
    }

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
