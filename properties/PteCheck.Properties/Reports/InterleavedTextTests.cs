using System.Text.Json;
using System.Text.RegularExpressions;
using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Reports;
using PteCheck.Reports.Explaining;
using PteCheck.Reports.Formats;
using PteCheck.Reports.Text;

namespace PteCheck.Properties.Reports;

/// <summary>Violations with interference as people read them: one list of who did what, and a sentence that uses its numbers.</summary>
public sealed partial class InterleavedTextTests
{
    private static readonly string[] Pin =
    [
        "cpu1 gup-read a+0 after refcheck",
        "cpu1 gup-grab a+0 after refcheck",
        "cpu1 gup-recheck a+0 after refcheck",
    ];

    private static readonly string[] Dma =
    [
        "device store a+0 after dirtycheck",
        "cpu1 mark-dirty a+0 after dirtycheck",
        "cpu1 unpin a+0 after dirtycheck",
    ];

    [Fact]
    public void A_write_by_a_device_that_is_lost_is_told_from_the_flush_to_the_free()
    {
        var (_, violation, explanation) = Violated("immediate", "dirty-before-refcount", Dma, 1);

        Assert.Equal(
            [
                "cpu0: get_and_clear_full_ptes a+0",
                "cpu0: flush_tlb_range a+0",
                "cpu0: folio_test_dirty A: no",
                "device: writes to A[0], pinned at a+0",
                "cpu1: the user of the pin marks A dirty",
                "cpu1: unpins A[0]",
                "cpu0: folio_ref_count A: 2",
                "cpu0: folio_mapcount A: 1",
                "cpu0: folio_remove_rmap_pte A",
                "cpu0: folio_put A, 1",
                "cpu0: folio_ref_freeze A at 1, of 1",
                "cpu0: free_unref_folios A",
            ],
            explanation.Interleaved.Lines.Select(line => line.Text)
        );
        Assert.Equal(
            "a+0 reads as zero, the newest write is what the device wrote in step 4",
            violation.Message
        );
        Assert.Equal(
            ("a+0", "what the device wrote in step 4", "zero"),
            (violation.Where, violation.Reference, violation.Candidate)
        );
    }

    [Fact]
    public void A_load_from_a_freed_page_names_the_step_of_the_free()
    {
        var (_, violation, explanation) = Violated(
            "deferred",
            "free-before-flush",
            ["cpu1 load a+0 after folio-free"],
            0
        );

        Assert.Equal(
            "cpu1: loads a+0 through a stale translation: freed page A[0]",
            explanation.Interleaved.Lines[^1].Text
        );
        Assert.Equal(
            "a+0: cpu1 reads A[0] in step 12, which was freed in step 11",
            violation.Message
        );
    }

    [Fact]
    public void GUP_fast_is_told_in_its_three_steps()
    {
        var (_, violation, explanation) = Violated("immediate", "refcount-before-clear", Pin, 0);

        Assert.Equal(
            [
                "cpu0: folio_ref_count A: 2",
                "cpu1: GUP-fast reads a+0: A[0] WY",
                "cpu1: GUP-fast takes a reference on A",
                "cpu1: GUP-fast reads a+0 again, unchanged: A[0] is pinned",
                "cpu0: folio_mapcount A: 1",
            ],
            explanation.Interleaved.Lines.Take(5).Select(line => line.Text)
        );
        Assert.StartsWith(
            "a+0: A[0], pinned in step 4, is no longer the page that is mapped",
            violation.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Numbers_in_the_sentence_are_those_of_the_list_in_every_layout()
    {
        foreach (var (result, violation, explanation) in All())
        {
            Assert.InRange(explanation.Interleaved.Lines.Count, 1, 12);
            foreach (var layout in new[] { TextLayout.Terminal, TextLayout.Mail, TextLayout.Page })
            {
                var lines = new ViolationText(ModelExplainer.Instance, layout)
                    .Build(result, violation)
                    .Select(line => line.Text)
                    .ToList();
                var shown = lines.Where(line => Numbered().IsMatch(line)).ToList();

                Assert.True(lines.Count <= layout.MaxLines, string.Join('\n', lines));
                Assert.All(lines, line => Assert.True(line.Length <= layout.Width, line));
                Assert.Contains(lines, line => line.StartsWith("arch: ", StringComparison.Ordinal));
                for (var i = 0; i < explanation.Interleaved.Lines.Count; i++)
                {
                    var line = explanation.Interleaved.Lines[i];
                    var text = $"{i + 1, 3}. {line.Text}";
                    var isOwn = line.Text.StartsWith("cpu0: ", StringComparison.Ordinal);
                    Assert.True(shown.Contains(text) || (isOwn && layout == TextLayout.Mail), text);
                }
            }
        }
    }

    [Fact]
    public void All_formats_say_it()
    {
        foreach (var (result, violation, explanation) in All())
        {
            var input = new ReportInput
            {
                Command = "replay",
                Results = [result],
                Explainer = ModelExplainer.Instance,
            };
            using var json = JsonDocument.Parse(JsonReport.Write(input));
            var found = json.RootElement.GetProperty("results")[0].GetProperty("violations")[0];

            Assert.Equal(violation.Message, found.GetProperty("message").GetString());
            Assert.Equal(
                explanation.Interleaved.Lines.Select(line => line.Text),
                found.GetProperty("steps").EnumerateArray().Select(step => step.GetString())
            );
            Assert.Empty(
                JsonSchemaValidator.Validate(JsonReport.Schema(), JsonReport.Write(input))
            );
            Assert.Contains("cpu1: ", TextReports.Mail(input), StringComparison.Ordinal);
            Assert.Contains("  1. cpu0: ", TextReports.Markdown(input), StringComparison.Ordinal);
            Assert.Contains("  1. cpu0: ", HtmlReport.Write(input), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_step_that_waits_for_a_lock_is_told_where_it_happened()
    {
        var (_, _, explanation) = Violated(
            "deferred",
            "free-before-flush",
            ["cpu1 load a+0 fresh after clear a+0", "cpu1 load a+0 after folio-free"],
            0
        );
        var lines = explanation.Interleaved.Lines.Select(line => line.Text).ToList();
        var waited = lines.FindIndex(line =>
            line.Contains("waits for a lock", StringComparison.Ordinal)
        );

        Assert.Equal(
            "cpu1: waits for a lock, then loads a+0 after a page fault: the zero page",
            lines[waited]
        );
        Assert.StartsWith("cpu0: unlock", lines[waited - 1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_that_write_back_misses_is_named_with_both_steps()
    {
        const string Text = """
            cpus: 3
            folios:
              A: { kind: file, dirty: true }
            vmas:
              - { name: src, pages: 1, flags: rw shared, file: regular }
            ptes:
              src+0: A[0] WDY
            run: mremap src to dst
            interference:
              - cpu1 mkclean src+0 after unlock ptl
              - cpu1 write-out src+0 after unlock ptl
              - 'cpu2 store src+0 after unlock ptl #2'
            """;
        var result = Assert.Single(
            Replay.Run(
                ScenarioReader.Read(Text, "case.yaml"),
                [HandMade.Named("mremap/batched-any-arch~flush-after-unlock")]
            )
        );

        Assert.Equal(
            "folio A: what cpu2 stored in step 9, after the write-out in step 8, never reaches the file: neither the folio nor an entry is dirty",
            Assert.Single(result.Violations).Message
        );
    }

    [Fact]
    public void A_step_whose_anchor_is_never_reached_makes_the_question_not_applicable()
    {
        var result = Replayed(
            "immediate",
            "batched",
            ["cpu1 load a+0 at start", "cpu1 load a+0 after mark-dirty #2"],
            0,
            "expect: { batched: not-applicable }"
        );

        Assert.Equal(VerdictKind.NotApplicable, result.Verdict);
        Assert.Equal("anchor 'after mark-dirty #2' of step 2 is never reached", result.Reason);
        Assert.True(result.AsExpected);
    }

    private static IEnumerable<(CampaignResult, Violation, Explanation)> All() =>
        [
            Violated("immediate", "dirty-before-refcount", Dma, 1),
            Violated("deferred", "free-before-flush", ["cpu1 load a+0 after folio-free"], 0),
            Violated("immediate", "refcount-before-clear", Pin, 0),
        ];

    private static (CampaignResult Result, Violation Violation, Explanation Explanation) Violated(
        string flush,
        string decision,
        string[] steps,
        int pins
    )
    {
        var result = Replayed(flush, $"batched~{decision}", steps, pins);
        var violation = Assert.Single(result.Violations);
        return (result, violation, ModelExplainer.Instance.Explain(result, violation));
    }

    private static CampaignResult Replayed(
        string flush,
        string implementation,
        string[] steps,
        int pins,
        params string[] more
    )
    {
        string[] lines =
        [
            "folios:",
            FormattableString.Invariant(
                $"  A: {{ kind: lazyfree, locked: true, extra-refs: 1, pins: {pins}, exclusive: all }}"
            ),
            "vmas: [ { name: a, pages: 1 } ]",
            "ptes: { a+0: 'A[0] WY' }",
            $"run: lazyfree-unmap A {flush}",
            "interference:",
            .. steps.Select(step => $"  - '{step}'"),
            .. more,
        ];
        var scenario = ScenarioReader.Read(string.Join('\n', lines), "case.yaml");
        return Assert.Single(
            Replay.Run(scenario, [HandMade.Named($"lazyfree-unmap/{implementation}")])
        );
    }

    [GeneratedRegex(@"^ *\d+\. \w", RegexOptions.None, 1000)]
    private static partial Regex Numbered();
}
