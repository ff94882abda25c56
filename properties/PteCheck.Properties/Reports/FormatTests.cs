using System.Text.Json;
using System.Xml.Linq;
using PteCheck.Checking.Oracles;
using PteCheck.Reports;
using PteCheck.Reports.Formats;

namespace PteCheck.Properties.Reports;

public sealed class FormatTests
{
    private static readonly ReportInput Everything = HandMade.Input(
        HandMade.Holds(),
        HandMade.NotApplicable(),
        HandMade.Violated(HandMade.Known()),
        HandMade.Violated(HandMade.WriteGained()),
        HandMade.ReferenceViolated(),
        HandMade.Replayed(true, "odd\u0001#name.yaml"),
        HandMade.Replayed(false)
    );

    [Fact]
    public void JUnit_has_a_suite_an_operation_and_a_case_a_result()
    {
        var root = XDocument.Parse(JUnitReport.Write(Everything)).Root!;
        var suite = Assert.Single(root.Elements("testsuite"));
        Assert.Equal("mremap", suite.Attribute("name")!.Value);
        Assert.Equal("7", suite.Attribute("tests")!.Value);
        Assert.Equal("2", suite.Attribute("failures")!.Value);
        Assert.Equal("1", suite.Attribute("errors")!.Value);
        Assert.Equal("2", suite.Attribute("skipped")!.Value);
        var cases = suite.Elements("testcase").ToList();
        Assert.Equal(7, cases.Count);
        Assert.Equal(
            "known F1: PTB001 write gained",
            cases[2].Element("skipped")!.Attribute("message")!.Value
        );
        Assert.Contains("dst+1", cases[3].Element("failure")!.Value, StringComparison.Ordinal);
        Assert.NotNull(cases[4].Element("error"));
        Assert.Null(cases[5].Element("failure"));
    }

    [Fact]
    public void JUnit_without_timing_has_no_times() =>
        Assert.DoesNotContain(
            " time=",
            JUnitReport.Write(Everything with { Timing = false }),
            StringComparison.Ordinal
        );

    [Fact]
    public void Ktap_has_a_plan_and_a_line_for_each_result()
    {
        var lines = KtapReport.Write(Everything).Split('\n');
        Assert.Equal("KTAP version 1", lines[0]);
        Assert.Equal("1..7", lines[1]);
        var tests = lines.Skip(2).Where(line => line.Length > 0 && !line.StartsWith('#')).ToList();
        Assert.Equal("ok 1 mremap/batched, arm64, kernel 7.2", tests[0]);
        Assert.EndsWith(
            " # SKIP no batch of 2 or more was formed",
            tests[1],
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            " # SKIP known F1: PTB001 write gained",
            tests[2],
            StringComparison.Ordinal
        );
        Assert.StartsWith("not ok 4 ", tests[3], StringComparison.Ordinal);
        Assert.StartsWith("not ok 5 ", tests[4], StringComparison.Ordinal);
        Assert.DoesNotContain("#", tests[5], StringComparison.Ordinal);
        Assert.Equal(7, tests.Count);
    }

    [Fact]
    public void Mail_is_72_columns_wide() =>
        Assert.All(
            TextReports.Mail(Everything).Split('\n'),
            line => Assert.True(line.Length <= 72, line)
        );

    [Fact]
    public void Markdown_closes_every_fence_and_quotes_names()
    {
        var lines = TextReports.Markdown(Everything).Split('\n');
        Assert.Equal(0, lines.Count(line => line.StartsWith("```", StringComparison.Ordinal)) % 2);
        Assert.Contains(lines, line => line.Contains("odd\u0001\\#name", StringComparison.Ordinal));
        Assert.Contains("EOF", lines);
    }

    [Fact]
    public void Sarif_names_every_rule_and_every_violation()
    {
        using var document = JsonDocument.Parse(SarifReport.Write(Everything));
        Assert.Equal("2.1.0", document.RootElement.GetProperty("version").GetString());
        var run = document.RootElement.GetProperty("runs")[0];
        var rules = run.GetProperty("tool").GetProperty("driver").GetProperty("rules");
        Assert.Equal(Rules.All.Count, rules.GetArrayLength());
        var results = run.GetProperty("results");
        Assert.Equal(4, results.GetArrayLength());
        Assert.Equal("note", results[0].GetProperty("level").GetString());
        Assert.Equal("error", results[1].GetProperty("level").GetString());
    }

    [Fact]
    public void Html_is_one_page_without_scripts_in_which_nothing_is_left_unescaped()
    {
        var html = HtmlReport.Write(
            HandMade.Input(
                HandMade.Violated(
                    HandMade.WriteGained() with
                    {
                        Message = "<script>alert(1)</script>",
                    }
                )
            )
        );
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("src=\"", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);
    }
}
