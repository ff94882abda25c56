using System.Text.Json;
using PteCheck.Cli;
using PteCheck.Properties.Cli;

namespace PteCheck.Properties.Exhaustive;

public sealed class ExhaustCommandTests
{
    [Fact]
    public void TheScopeAndTheCountsArePrinted()
    {
        var run = CliRun.Of(new FakeEngine(), "exhaust", "--arch", "arm64", "--no-timing");
        Assert.Equal(ExitCode.Holds, run.Code);
        Assert.StartsWith(
            "scope L1: one order-2 lazyfree folio",
            run.Out,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "\n  scope L1, complete: 3 initial states; 1 unreachable ones left out\n",
            run.Out,
            StringComparison.Ordinal
        );
        Assert.EndsWith("\n1 holds\n", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void AnInterleavedScopeCountsInterleavings()
    {
        var run = CliRun.Of(new FakeEngine(), "exhaust", "--scope", "l3", "--arch", "arm64");
        Assert.Contains(
            "scope L3, complete: 3 initial states, 20 interleavings, 5 states visited;",
            run.Out,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void JsonSaysThatTheScopeIsComplete()
    {
        var run = CliRun.Of(new FakeEngine(), "exhaust", "--arch", "arm64", "--json", "-");
        using var json = JsonDocument.Parse(run.Out);
        var result = Assert.Single(json.RootElement.GetProperty("results").EnumerateArray());
        Assert.True(result.GetProperty("complete").GetBoolean());
    }

    [Theory]
    [InlineData("exhaust --scope L9", "--scope: expected L1, L3, M1, M2, not 'L9'")]
    [InlineData("exhaust --operation mremap", "--operation: expected lazyfree-unmap")]
    [InlineData("exhaust --implementation mremap/batched", "--implementation: expected one of")]
    [InlineData("exhaust --arch mips", "--arch: expected x86-64 or arm64, not 'mips'")]
    [InlineData("exhaust --jobs 0", "--jobs: expected a whole number from 1 to 1024, not '0'")]
    public void BadUsageGivesOneLine(string line, string message)
    {
        var run = CliRun.Of(new FakeEngine(), line.Split(' '));
        Assert.Equal(ExitCode.BadUsage, run.Code);
        Assert.StartsWith($"ptecheck: {message}", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
    }
}
