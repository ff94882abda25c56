using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.MthpSelect;
using PteCheck.Kernel.Operations;

namespace PteCheck.Properties.MthpSelect;

/// <summary>The counts and differences that answers of the review thread state.</summary>
public sealed class MthpClaimTests
{
    [Fact]
    public void B1TheWastedAttemptsAreCounted()
    {
        var scenario = MthpLab.Pinned("B1-armed-with-a-hole.yaml");
        var before = scenario.Clone();
        before.Run.Orders = (ushort)(1 << Windows.PmdOrder(scenario.Slots));
        var answer = scenario.Notes!.Answer!;

        Assert.Contains(Row("before mTHP", before, "linear"), answer, StringComparison.Ordinal);
        Assert.Contains(
            Row("with a flag kept", scenario, "linear~remember-armed"),
            answer,
            StringComparison.Ordinal
        );
        foreach (var walk in MthpLab.Walks)
        {
            Assert.Contains(
                Row("v17, v19, newest", scenario, walk),
                answer,
                StringComparison.Ordinal
            );
        }
    }

    /// <summary>The documented differences: by policy the versions try other windows, and none of them breaks a rule.</summary>
    [Theory]
    [InlineData("B10-mapped-huge.yaml", 4, 2)]
    [InlineData("B10-stop.yaml", 2, 1)]
    [InlineData("B5-other-threshold.yaml", 0, 2)]
    public void V17AndV19DifferByDesign(string file, int inV17, int inV19)
    {
        var scenario = MthpLab.Pinned(file);

        Assert.Equal(inV17, MthpLab.Attempts(scenario, "stack-v17").Count);
        Assert.Equal(inV19, MthpLab.Attempts(scenario, "linear-v19").Count);
        Assert.All(
            scenario.Notes!.Expectations,
            expected => Assert.Equal(VerdictKind.Holds, expected.Verdict)
        );
    }

    [Fact]
    public void B9NothingBelowOrder2IsTried() =>
        Assert.Equal(
            [16, 8, 4],
            MthpLab
                .Attempts(MthpLab.Pinned("B9-smallest-order.yaml"), "linear")
                .Select(attempt => attempt.Pages)
        );

    [Fact]
    public void B9MadviseTriesTheWholeTableAlone() =>
        Assert.Equal(
            [16],
            MthpLab
                .Attempts(MthpLab.Pinned("B9-madvise.yaml"), "linear")
                .Select(attempt => attempt.Pages)
        );

    [Theory]
    [InlineData("B7-swapped-out.yaml", ScanResult.ExceedSwapPte)]
    [InlineData("B7-shared.yaml", ScanResult.ExceedSharedPte)]
    public void B7RefusedWindowsAreNamed(string file, ScanResult result)
    {
        var attempts = MthpLab.Attempts(MthpLab.Pinned(file), "linear");

        Assert.Equal(result, attempts[0].Result);
        Assert.All(attempts.Skip(1), other => Assert.Equal(ScanResult.Succeed, other.Result));
    }

    private static string Row(string name, Scenario scenario, string implementation)
    {
        var attempts = MthpLab.Attempts(scenario, implementation);
        var doomed = attempts.Count(attempt => attempt.Result == ScanResult.ExceedNonePte);
        var done = attempts.Count(attempt => attempt.Result == ScanResult.Succeed);
        return $"{name, -19}{attempts.Count, 14}{doomed, 17}{done, 20}";
    }
}
