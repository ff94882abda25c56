using System.Net;
using System.Text;
using PteCheck.Reports.Text;

namespace PteCheck.Reports.Formats;

/// <summary>One HTML page that needs nothing else: no scripts, no fonts, no pictures.</summary>
public static class HtmlReport
{
    private const string Head = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>PteCheck</title>
        <style>
        body { font-family: sans-serif; margin: 2em auto; max-width: 60em; padding: 0 1em; }
        pre { background: #f5f5f5; border: 1px solid #ddd; overflow-x: auto; padding: 1em; }
        td { border-bottom: 1px solid #ddd; padding: 0.2em 1em 0.2em 0; vertical-align: top; }
        .mark, .failed { color: #b00020; font-weight: bold; }
        .title { font-weight: bold; }
        .cause { color: #8a5000; }
        @media (prefers-color-scheme: dark) {
          body { background: #181818; color: #ddd; }
          pre { background: #222; border-color: #444; }
          .mark, .failed { color: #ff7a85; }
          .cause { color: #f0b860; }
        }
        </style>
        </head>
        <body>
        <h1>PteCheck</h1>

        """;

    /// <summary>The page.</summary>
    public static string Write(ReportInput input)
    {
        var html = new StringBuilder(Head);
        html.Append("<p>").Append(Encode(SummaryText.Total(input))).Append("</p>\n<table>\n");
        foreach (var result in input.Results)
        {
            var isBad =
                input.StatusOf(result) is ResultStatus.Failed or ResultStatus.ReferenceViolated;
            html.Append(isBad ? "<tr><td class=\"failed\">" : "<tr><td>")
                .Append(Encode(SummaryText.Line(result)))
                .Append("</td></tr>\n");
        }

        html.Append("</table>\n");
        var builder = new ViolationText(input.Explainer, TextLayout.Page);
        foreach (var result in input.Results)
        {
            foreach (var violation in input.Shown(result))
            {
                html.Append("<h2>")
                    .Append(Encode($"{result.Subject()}: {violation.Headline()}"))
                    .Append("</h2>\n<pre>");
                foreach (var line in builder.Build(result, violation))
                {
                    AppendLine(html, line);
                }

                html.Append("</pre>\n");
            }
        }

        return html.Append("</body>\n</html>\n").ToString();
    }

    private static void AppendLine(StringBuilder html, TextLine line)
    {
        var style = line.Style switch
        {
            LineStyle.Title => "title",
            LineStyle.Mark => "mark",
            LineStyle.Cause => "cause",
            _ => null,
        };
        html.Append(style is null ? "" : $"<span class=\"{style}\">")
            .Append(Encode(line.Text))
            .Append(style is null ? "" : "</span>")
            .Append('\n');
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
