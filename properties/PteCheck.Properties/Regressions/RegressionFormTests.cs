using System.Text.RegularExpressions;
using PteCheck.Checking.Scenarios;

namespace PteCheck.Properties.Regressions;

/// <summary>What every pinned scenario says beside the scenario itself, and how it is named.</summary>
public sealed partial class RegressionFormTests
{
    private const string Threads = "regressions/threads/";
    private const string Bugs = "regressions/bugs/";
    private const string Found = "regressions/found/";
    private const string Relaxed = "regressions/relaxations/";

    [Fact]
    public void FileNamesAreAnIdAndWords()
    {
        var bad = RegressionFiles.Scenarios.Where(file => !NameRule(file).IsMatch(file));

        Assert.Empty(bad);
    }

    [Theory]
    [InlineData(RegressionFiles.MremapThread, "C1 C2 C3 C4 C5 C6 C7 C8 C9 C10 C11 C12")]
    [InlineData(RegressionFiles.MthpThread, "B1 B2 B3 B4 B5 B6 B7 B8 B9 B10")]
    [InlineData(RegressionFiles.LazyfreeThread, "D1 D2 D3 D4 D5 D6 D7")]
    [InlineData(RegressionFiles.CollapseThread, "A1 A2 A3 A4 A5 A6 A7 A8 A9 A10")]
    [InlineData(RegressionFiles.AnonThread, "E1 E2 E3 E4 E5 E6 E7 E8")]
    public void EveryQuestionHasAFile(string thread, string questions)
    {
        var answered = RegressionFiles
            .Under(thread)
            .Select(file => Path.GetFileName(file).Split('-')[0])
            .ToHashSet(StringComparer.Ordinal);
        var open = questions.Split(' ').Except(answered, StringComparer.Ordinal);

        Assert.Empty(open);
    }

    [Fact]
    public void EveryScenarioHasTitleExpectationsAndReach() =>
        Check(
            RegressionFiles.Scenarios,
            (_, notes) =>
                notes.Title.Length > 0 && notes.Expectations.Count > 0 && notes.Reach.Count > 0
        );

    [Fact]
    public void EveryThreadScenarioAsksAndAnswers() =>
        Check(
            RegressionFiles.Under(Threads),
            (file, notes) =>
                notes.Thread == file[Threads.Length..].Split('/')[0]
                && !string.IsNullOrEmpty(notes.Question)
                && AnswerRule().IsMatch(notes.Answer ?? "")
        );

    /// <summary>Each of R2 to R4 and R7 has a scenario that needs it, and one step beyond it is a violation.</summary>
    [Theory]
    [InlineData("R2")]
    [InlineData("R3")]
    [InlineData("R4")]
    [InlineData("R7")]
    public void EveryRelaxationIsNeededAndEnds(string relaxation)
    {
        var verdicts = RegressionFiles
            .Under($"{Relaxed}{relaxation}-")
            .SelectMany(file => RegressionFiles.Read(file).Notes!.Expectations)
            .Select(expected => expected.Verdict)
            .ToHashSet();

        Assert.Contains(VerdictKind.Holds, verdicts);
        Assert.Contains(VerdictKind.Violated, verdicts);
    }

    [Fact]
    public void EveryBugHasItsFixAndFailsSomewhere() =>
        Check(
            RegressionFiles.Under(Bugs),
            (_, notes) =>
                FixRule().IsMatch(notes.Fix ?? "")
                && notes.Expectations.Any(expected => expected.Verdict == VerdictKind.Violated)
                && notes.Expectations.Any(expected => expected.Verdict == VerdictKind.Holds)
        );

    private static void Check(IEnumerable<string> files, Func<string, ScenarioNotes, bool> good)
    {
        var bad = files.Where(file =>
            RegressionFiles.Read(file).Notes is not { } notes || !good(file, notes)
        );

        Assert.Empty(bad);
    }

    private static Regex NameRule(string file) =>
        file.StartsWith(Bugs, StringComparison.Ordinal) ? BugName()
        : file.StartsWith(Found, StringComparison.Ordinal) ? FoundName()
        : file.StartsWith(Relaxed, StringComparison.Ordinal) ? RelaxationName()
        : ThreadName();

    [GeneratedRegex("^regressions/bugs/BB-[0-9]{2}(-[a-z0-9]+)+[.]yaml$")]
    private static partial Regex BugName();

    [GeneratedRegex("^regressions/found/F[0-9]+(-[a-z0-9]+)+[.]yaml$")]
    private static partial Regex FoundName();

    [GeneratedRegex("^regressions/relaxations/R[0-9]+(-[a-z0-9]+)+[.]yaml$")]
    private static partial Regex RelaxationName();

    [GeneratedRegex("^regressions/threads/[a-z0-9-]+/[A-Z][0-9]+(-[a-z0-9]+)+[.]yaml$")]
    private static partial Regex ThreadName();

    [GeneratedRegex("^(confirmed|refuted|depends)\\b.")]
    private static partial Regex AnswerRule();

    [GeneratedRegex("^[0-9a-f]{12}([0-9a-f]{28})?, [a-z]")]
    private static partial Regex FixRule();
}
