using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;

namespace PteCheck.Properties.Sequences;

/// <summary>How files write a run of several operations, and what is refused.</summary>
public sealed class SequenceTextTests
{
    private const string Run =
        "run: [ 'zap src+1', 'mremap src+2..3 to dst', 'lazyfree-unmap A deferred', 'wp-fault dst+0' ]";

    [Fact]
    public void AListIsReadInItsOrder()
    {
        var scenario = ScenarioReader.Read(SequenceLab.File(Run), "run.yaml");

        Assert.Equal(
            "zap src+1; mremap src+2..3 to dst; lazyfree-unmap A deferred; wp-fault dst+0",
            SequenceLab.RunOf(scenario)
        );
    }

    [Fact]
    public void WhatIsWrittenReadsBack()
    {
        var scenario = ScenarioReader.Read(SequenceLab.File(Run), "run.yaml");
        var text = ScenarioWriter.Write(scenario);
        var read = ScenarioReader.Read(text, "again.yaml");

        Assert.True(read.SameAs(scenario));
        Assert.Equal(text, ScenarioWriter.Write(read));
    }

    [Fact]
    public void AListOfOneIsThatOperation()
    {
        var list = ScenarioReader.Read(SequenceLab.File("run: [ 'zap src' ]"), "run.yaml");
        var one = ScenarioReader.Read(SequenceLab.File("run: zap src"), "run.yaml");

        Assert.True(list.SameAs(one));
        Assert.Contains("\nrun: zap src\n", ScenarioWriter.Write(list), StringComparison.Ordinal);
    }

    [Fact]
    public void MovedPagesMoveOn()
    {
        var scenario = ScenarioReader.Read(
            SequenceLab.File("run: [ 'mremap src to mid', 'mremap mid+1..2 to end', 'zap end+1' ]"),
            "run.yaml"
        );
        var read = ScenarioReader.Read(ScenarioWriter.Write(scenario), "again.yaml");

        Assert.True(read.SameAs(scenario));
    }

    [Theory]
    [InlineData("run: []", "7:6", "0 operations; expected 1 to 5")]
    [InlineData(
        "run: [ zap src, zap src, zap src, zap src, zap src, zap src ]",
        "7:6",
        "6 operations; expected 1 to 5"
    )]
    [InlineData("run: [ [ zap src ] ]", "7:8", "expected an operation, not a list or map")]
    [InlineData("run: [ zap src, 'munmap src' ]", "7:18", "unknown operation 'munmap'")]
    [InlineData("run: [ zap dst, 'mremap src to dst' ]", "7:12", "unknown VMA 'dst'")]
    [InlineData("run: [ 'mremap src to dst', zap src+2 ]", "7:29", "RS17")]
    [InlineData("run: [ 'mremap src to dst', 'mremap dst to dst' ]", "7:37", "moves onto itself")]
    [InlineData("run: [ 'mremap src+0 to dst', 'mremap src+1 to dst' ]", "7:8", "RS10")]
    [InlineData("run: [ zap src, 'lazyfree-unmap B deferred' ]", "7:33", "unknown folio 'B'")]
    [InlineData("run: [ 'mprotect src to none', 'mprotect src numa' ]", "7:32", "RS70")]
    [InlineData("run: [ zap src, wp-fault src ]", "7:26", "wp-fault is for one page")]
    public void WhatMeansNothingIsRefusedAtItsPlace(string run, string place, string message) =>
        AssertRefused(SequenceLab.File(run), place, message);

    [Fact]
    public void AVmaThatIsMadeLaterIsNotThereYet() =>
        AssertRefused(
            SequenceLab
                .File("run: [ zap dst, 'mremap src to dst' ]")
                .Replace(
                    "  - { name: src, pages: 4 }",
                    "  - { name: src, pages: 4 }\n  - { name: dst, pages: 4 }",
                    StringComparison.Ordinal
                ),
            "8:8",
            "RS10"
        );

    [Fact]
    public void OthersActInARunOfOneOperationAlone() =>
        AssertRefused(
            SequenceLab.File(
                "run: [ zap src, zap src ]",
                "interference: [ 'cpu1 load src+0 at end' ]"
            ),
            "8:15",
            "steps of others in a run of several operations; expected none"
        );

    [Theory]
    [InlineData("batched", "'batched' is ambiguous; say one of: mremap/batched, zap/batched")]
    [InlineData(
        "lazyfree-unmap/batched",
        "is of an operation that is not run; there are: mremap, zap"
    )]
    [InlineData("bounded", "no implementation 'bounded'")]
    public void AnExpectationNamesOneOfTheOperations(string name, string message) =>
        AssertRefused(
            SequenceLab.File(
                "run: [ 'mremap src to dst', zap dst ]",
                $"expect: {{ {name}: holds }}"
            ),
            "8:11",
            message
        );

    [Fact]
    public void ABareNameOfOneOfThemIsEnough()
    {
        var scenario = ScenarioReader.Read(
            SequenceLab.File(
                "run: [ zap src+0, 'mremap src+1..3 to dst' ]",
                "expect: { as-posted-v4: holds, zap/batched: holds, mremap/per-pte: holds }"
            ),
            "run.yaml"
        );

        Assert.Equal(3, scenario.Notes!.Expectations.Count);
    }

    private static void AssertRefused(string text, string place, string message)
    {
        var error = Assert.Throws<ScenarioException>(() => ScenarioReader.Read(text, "bad.yaml"));

        Assert.StartsWith($"bad.yaml:{place}: error: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
