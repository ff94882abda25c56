using PteCheck.Checking.Campaigns;
using PteCheck.Reports.Explaining;
using PteCheck.Reports.Text;

namespace PteCheck.Properties.Reports;

public sealed class ViolationTextTests
{
    private static List<string> Build(
        TextLayout layout,
        Violation violation,
        IExplainer? explainer = null,
        CampaignResult? result = null
    ) =>
        [
            .. new ViolationText(explainer ?? new FixedExplainer(), layout)
                .Build(result ?? HandMade.Violated(violation), violation)
                .Select(line => line.Text),
        ];

    [Fact]
    public void A_violation_reads_from_the_title_to_the_command()
    {
        Assert.Equal(
            [
                "mremap/as-posted-v4, x86-64, kernel 6.15: violated PTB001 write gained",
                "  (error)",
                "",
                "              src+0     src+1   dst+0      dst+1",
                "before        A[0] WDY  A[1] Y  none       none",
                "per-PTE       none      none    A[0] WDYS  A[1] YS",
                "as-posted-v4  none      none    A[0] WDYS  A[1] WDYS",
                "                                           ^^^^^^^^^",
                "",
                "dst+1: write gained: per-PTE leaves A[1] Y, the candidate A[1] WDY",
                "rule: An entry is writable only if the one-PTE loop leaves it writable.",
                "cause: ignore-write  (mended by: respect-write)",
                "also broken: PTB101 writable but shared",
                "",
                "scripts/ptecheck replay --implementation mremap/as-posted-v4 - <<'EOF'",
                "arch: x86-64",
                "folios:",
                "  A: { order: 2, kind: anon, exclusive: [0] }",
                "run: mremap src to dst",
                "EOF",
            ],
            Build(TextLayout.Mail, HandMade.WriteGained())
        );
    }

    [Fact]
    public void Steps_are_shown_on_a_terminal_and_in_a_mail_only_for_rules_about_steps()
    {
        Assert.Contains("  2. set_ptes dst+0..1", Build(TextLayout.Terminal, HandMade.Stale()));
        Assert.Contains("  2. set_ptes dst+0..1", Build(TextLayout.Mail, HandMade.Stale()));
        Assert.Contains(
            "  2. set_ptes dst+0..1",
            Build(TextLayout.Terminal, HandMade.WriteGained())
        );
        Assert.DoesNotContain(
            Build(TextLayout.Mail, HandMade.WriteGained()),
            line => line.StartsWith("steps", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void The_recipe_is_shown_where_the_file_has_one()
    {
        var violation = HandMade.WriteGained();
        violation.Scenario.Notes = new()
        {
            Reach =
            [
                ["mmap 64K", "fork"],
                ["mmap shared"],
            ],
        };
        var replayed = HandMade.Violated(violation) with { Replayed = violation.Scenario };
        var lines = Build(TextLayout.Mail, violation, result: replayed);
        Assert.Contains("reached by: mmap 64K; fork", lines);
        Assert.Contains("or by: mmap shared", lines);
        Assert.Contains(
            "reached, young and dirty aside, by: mmap 64K; fork",
            Build(TextLayout.Mail, violation)
        );
    }

    [Fact]
    public void A_mail_has_at_most_25_lines_of_72_columns() =>
        Assert.Equal((25, 72), (TextLayout.Mail.MaxLines, TextLayout.Mail.Width));

    [Fact]
    public void Known_and_unreachable_stand_in_the_first_line()
    {
        var violation = HandMade.Known();
        violation.Scenario.Unreachable = true;
        Assert.StartsWith(
            "unreachable state: mremap/as-posted-v4",
            Build(TextLayout.Page, violation)[0],
            StringComparison.Ordinal
        );
        Assert.Contains(
            "known F1: violated PTB001",
            Build(TextLayout.Page, violation)[0],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_replayed_file_is_named_on_a_terminal_and_quoted_in_a_mail()
    {
        var result = HandMade.Replayed(asExpected: null);
        var violation = result.Violations[0];
        Assert.Equal(
            "scripts/ptecheck replay --implementation mremap/as-posted-v4 a/case.yaml",
            Build(TextLayout.Terminal, violation, result: result)[^1]
        );
        Assert.Equal("EOF", Build(TextLayout.Mail, violation, result: result)[^1]);
    }

    [Fact]
    public void A_scenario_that_does_not_fit_is_found_again_by_its_seed()
    {
        var explainer = new FixedExplainer
        {
            Text = string.Concat(
                Enumerable.Range(0, 40).Select(page => $"  src+{page}: A[{page}]\n")
            ),
        };
        var lines = Build(TextLayout.Mail, HandMade.WriteGained(), explainer);
        Assert.Contains(
            "--seed 18446744073709551615",
            string.Concat(lines),
            StringComparison.Ordinal
        );
        Assert.Contains("--cases 200000", string.Concat(lines), StringComparison.Ordinal);
        Assert.Contains(
            "  src+39: A[39]",
            Build(TextLayout.Page, HandMade.WriteGained(), explainer)
        );
    }

    [Theory]
    [InlineData("mremap/as-posted-v4", 2)]
    [InlineData("mremap/as-posted-v4", 16)]
    [InlineData("mremap/sketch-split-respect-write~ignore-write~flush-after-unlock~no-clear", 512)]
    public void No_report_is_longer_or_wider_than_its_layout(string implementation, int pages)
    {
        var explainer = new FixedExplainer
        {
            Slots =
            [
                .. Enumerable
                    .Range(0, pages)
                    .Select(page => new SlotView($"src+{page}", $"A[{page}] WDYS", "none", "none")),
                .. Enumerable
                    .Range(0, pages)
                    .Select(page => new SlotView(
                        $"dst+{page}",
                        "none",
                        $"A[{page}] YS",
                        page % 2 == 0 ? $"A[{page}] YS" : $"A[{page}] WDYS"
                    )),
            ],
            Steps =
            [
                .. Enumerable.Range(0, 30).Select(step => $"set_ptes {new string('x', 90)} {step}"),
            ],
            Text = string.Concat(
                Enumerable.Range(0, pages).Select(page => $"  src+{page}: A[{page}] WDYS\n")
            ),
        };
        foreach (var layout in new[] { TextLayout.Terminal, TextLayout.Mail })
        {
            foreach (var violation in new[] { HandMade.WriteGained(), HandMade.Stale() })
            {
                var result = HandMade.Violated(violation) with
                {
                    Implementation = HandMade.Named(implementation),
                };
                var lines = Build(layout, violation, explainer, result);
                Assert.True(lines.Count <= layout.MaxLines, string.Join('\n', lines));
                // A word of a command stays whole: it is copied.
                Assert.All(
                    lines,
                    line =>
                        Assert.True(
                            line.Length <= layout.Width
                                || !line.Trim(' ', '\\').Contains(' ', StringComparison.Ordinal),
                            line
                        )
                );
            }
        }
    }

    [Fact]
    public void A_long_range_is_folded_and_the_place_itself_is_shown()
    {
        var slots = Enumerable
            .Range(0, 512)
            .Select(page => new SlotView(
                $"dst+{page}",
                "none",
                "A[0]",
                page == 300 ? "A[1]" : "A[0]"
            ))
            .ToList();
        var lines = StripPicture.Draw(slots, "batched", "dst+300", 60);
        Assert.Contains("..", lines[0].Text, StringComparison.Ordinal);
        Assert.Contains("dst+300", lines[0].Text, StringComparison.Ordinal);
        Assert.Equal("^^^^", lines[^1].Text.Trim());
        Assert.Equal(
            lines[0].Text.IndexOf("dst+300", StringComparison.Ordinal),
            lines[^1].Text.IndexOf('^', StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_command_is_broken_where_a_shell_goes_on()
    {
        var lines = Wrapping.WrapCommand(
            "scripts/ptecheck replay --implementation some/name file.yaml",
            40
        );
        Assert.Equal("scripts/ptecheck replay \\", lines[0]);
        Assert.All(lines, line => Assert.True(line.Length <= 40, line));
    }

    [Fact]
    public void A_path_that_is_longer_than_a_line_stays_whole_in_a_command()
    {
        var path = $"regressions/threads/{new string('x', 40)}.yaml";
        var lines = Wrapping.WrapCommand($"scripts/ptecheck replay {path}", 40);

        Assert.Equal(["scripts/ptecheck replay \\", "    " + path], lines);
    }
}
