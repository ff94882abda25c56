using System.Text;
using PteCheck.Checking.Campaigns;
using PteCheck.Reports.Text;

namespace PteCheck.Reports.Formats;

/// <summary>Reports for people: mail and Markdown.</summary>
public static class TextReports
{
    /// <summary>Plain text of 72 columns: the violations, each in at most 25 lines, then a line for each result.</summary>
    public static string Mail(ReportInput input)
    {
        var text = new StringBuilder();
        var builder = new ViolationText(input.Explainer, TextLayout.Mail);
        foreach (var result in input.Results)
        {
            foreach (var violation in input.Shown(result))
            {
                foreach (var line in builder.Build(result, violation))
                {
                    text.Append(line.Text).Append('\n');
                }

                text.Append('\n');
            }
        }

        string[] lines = [.. input.Results.Select(SummaryText.Line), SummaryText.Total(input)];
        foreach (
            var part in lines.SelectMany(line => Wrapping.Wrap(line, TextLayout.Mail.Width, 2))
        )
        {
            text.Append(part).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>One violation as in a mail.</summary>
    public static string MailOf(ReportInput input, CampaignResult result, Violation violation) =>
        string.Concat(
            new ViolationText(input.Explainer, TextLayout.Mail)
                .Build(result, violation)
                .Select(line => line.Text + "\n")
        );

    /// <summary>Markdown: a list of results, then a section for each violation.</summary>
    public static string Markdown(ReportInput input)
    {
        var text = new StringBuilder("# PteCheck\n\n");
        foreach (var result in input.Results)
        {
            text.Append("- ").Append(Escape(SummaryText.Line(result))).Append('\n');
        }

        text.Append('\n').Append(Escape(SummaryText.Total(input))).Append('\n');
        var builder = new ViolationText(input.Explainer, TextLayout.Page);
        foreach (var result in input.Results)
        {
            foreach (var violation in input.Shown(result))
            {
                AppendSection(text, result, violation, builder);
            }
        }

        return text.ToString();
    }

    private static void AppendSection(
        StringBuilder text,
        CampaignResult result,
        Violation violation,
        ViolationText builder
    )
    {
        text.Append($"\n## {Escape($"{result.Subject()}: {violation.Headline()}")}\n\n```text\n");
        var lines = builder.Build(result, violation);
        var end = FirstOfEnding(lines);
        foreach (var line in lines.Take(end))
        {
            text.Append(line.Text).Append('\n');
        }

        text.Append("```\n\n```sh\n");
        foreach (var line in lines.Skip(end).SkipWhile(line => line.Text.Length == 0))
        {
            text.Append(line.Text).Append('\n');
        }

        text.Append("```\n");
    }

    private static int FirstOfEnding(IReadOnlyList<TextLine> lines)
    {
        var index = 0;
        while (
            index < lines.Count
            && lines[index].Style is not (LineStyle.Command or LineStyle.Scenario)
        )
        {
            index++;
        }

        while (index > 0 && lines[index - 1].Text.Length == 0)
        {
            index--;
        }

        return index;
    }

    /// <summary>Text in which nothing is taken for markup.</summary>
    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            if (
                letter is '\\' or '`' or '*' or '_' or '~' or '[' or ']' or '<' or '>' or '#' or '|'
            )
            {
                escaped.Append('\\');
            }

            escaped.Append(letter);
        }

        return escaped.ToString();
    }
}
