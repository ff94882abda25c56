using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;

namespace PteCheck.Properties.Scenarios;

/// <summary>Steps of interference that mean nothing are refused at the place of the mistake.</summary>
public sealed class StepErrorTests
{
    /// <summary>Where a step begins on its line: <c>interference: [ '</c> comes before it.</summary>
    private const int FirstColumn = 18;

    [Theory]
    [InlineData("", 0, "expected 'cpu'")]
    [InlineData("disk load src+0 at end", 0, "expected 'cpu'")]
    [InlineData("cpu load src+0 at end", 3, "expected CPU, a number from 0 to 3")]
    [InlineData("cpu0 load src+0 at end", 0, "expected 'device' or cpu1 to cpu2; cpu0 runs the")]
    [InlineData("cpu3 load src+0 at end", 0, "expected 'device' or cpu1 to cpu2")]
    [InlineData("cpu4 load src+0 at end", 3, "a number from 0 to 3")]
    [InlineData("cpu1 laod src+0 at end", 5, "unknown step 'laod'; did you mean 'load'?")]
    [InlineData("cpu1", 4, "unknown step ''")]
    [InlineData("device gup-read src+0 at end", 7, "unknown step 'gup-read'")]
    [InlineData("cpu1 load", 9, "")]
    [InlineData("cpu1 load at end", 10, "unknown VMA 'at'")]
    [InlineData("cpu1 load src at end", 13, "expected '+'")]
    [InlineData("cpu1 load dts+0 at end", 10, "did you mean 'dst'?")]
    [InlineData("cpu1 load src+8 at end", 14, "page of src, a number from 0 to 7")]
    [InlineData("cpu1 load src+0..1 at end", 5, "'load' concerns one page, such as a+1")]
    [InlineData("cpu1 zap src+6..8 at end", 16, "a number from 6 to 7")]
    [InlineData("cpu1 load src+0", 15, "expected 'after' or 'before' and an event")]
    [InlineData("cpu1 load src+0 during flush", 16, "expected 'after' or 'before' and an event")]
    [InlineData("cpu1 gup-read src+0 fresh at end", 20, "expected 'after' or 'before'")]
    [InlineData("cpu1 load src+0 at once", 19, "expected 'at start' or 'at end'")]
    [InlineData("cpu1 load src+0 at end #2", 23, "'#2' too much; expected nothing more")]
    [InlineData("cpu1 load src+0 after flsh", 22, "unknown anchor 'flsh'; did you mean 'flush'?")]
    [InlineData("cpu1 load src+0 after lock", 22, "unknown anchor 'lock'")]
    [InlineData("cpu1 load src+0 after clear", 27, "")]
    [InlineData("cpu1 load src+0 after clear src+9", 32, "page of src, a number from 0 to 7")]
    [InlineData("cpu1 load src+0 after set src+0..1", 34, "expected one page, such as a+1")]
    [InlineData("cpu1 load src+0 after flush src+0", 28, "too much; expected a count such as #2")]
    [InlineData("cpu1 load src+0 after flush #0", 29, "a number from 1 to 255")]
    [InlineData("cpu1 load src+0 after flush #256", 29, "a number from 1 to 255")]
    public void Each_bad_step_is_refused_at_its_place(string step, int offset, string message) =>
        AssertRefused($"interference: [ '{step}' ]", FirstColumn + offset, message);

    [Fact]
    public void More_steps_than_a_scenario_has_room_for_are_refused()
    {
        var steps = Enumerable.Repeat("cpu1 load src+0 at end", Scenario.MaxSteps + 1).ToList();
        var first = steps.Take(Scenario.MaxSteps).Sum(step => step.Length + 2);

        AssertRefused(
            $"interference: [ {string.Join(", ", steps)} ]",
            "interference: [ ".Length + 1 + first,
            $"more than {Scenario.MaxSteps} steps"
        );
    }

    [Theory]
    [InlineData("interference: cpu1 load src+0 at end", 15, "a list")]
    [InlineData("interference: [ [ x ] ]", 17, "a step such as 'cpu1 load a+1 after clear a+0'")]
    public void What_is_no_list_of_steps_is_refused(string line, int column, string message) =>
        AssertRefused(line, column, message);

    private static void AssertRefused(string line, int column, string message)
    {
        var text = ScenarioTexts.With("cpus: 3", line);
        var error = Assert.Throws<ScenarioException>(() => ScenarioReader.Read(text, "bad.yaml"));

        Assert.StartsWith($"bad.yaml:7:{column}: error: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
