using System.Globalization;
using System.Text;
using System.Xml;
using PteCheck.Checking.Campaigns;
using PteCheck.Reports.Text;

namespace PteCheck.Reports.Formats;

/// <summary>JUnit XML: a test suite for each operation, a test case for each result.</summary>
public static class JUnitReport
{
    private static readonly XmlWriterSettings Settings = new()
    {
        Indent = true,
        NewLineChars = "\n",
        Encoding = new UTF8Encoding(false),
        CheckCharacters = true,
    };

    /// <summary>The document.</summary>
    public static string Write(ReportInput input)
    {
        using var stream = new MemoryStream();
        using (var xml = XmlWriter.Create(stream, Settings))
        {
            xml.WriteStartDocument();
            xml.WriteStartElement("testsuites");
            xml.WriteAttributeString("name", ReportNames.Tool);
            WriteCounts(xml, input, input.Results);
            foreach (
                var suite in input.Results.GroupBy(
                    result => result.Operation.Name,
                    StringComparer.Ordinal
                )
            )
            {
                xml.WriteStartElement("testsuite");
                xml.WriteAttributeString("name", suite.Key);
                WriteCounts(xml, input, [.. suite]);
                foreach (var result in suite)
                {
                    WriteCase(xml, input, result);
                }

                xml.WriteEndElement();
            }

            xml.WriteEndElement();
            xml.WriteEndDocument();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static void WriteCounts(
        XmlWriter xml,
        ReportInput input,
        IReadOnlyList<CampaignResult> results
    )
    {
        Attribute("tests", results.Count);
        Attribute("failures", Count(ResultStatus.Failed));
        Attribute("errors", Count(ResultStatus.ReferenceViolated));
        Attribute("skipped", Count(ResultStatus.Known) + Count(ResultStatus.NotApplicable));
        WriteTime(xml, input, results.Sum(result => result.Seconds));

        int Count(ResultStatus status) => results.Count(result => input.StatusOf(result) == status);

        void Attribute(string name, int value) =>
            xml.WriteAttributeString(name, value.ToString(CultureInfo.InvariantCulture));
    }

    private static void WriteTime(XmlWriter xml, ReportInput input, double seconds)
    {
        if (input.Timing)
        {
            xml.WriteAttributeString("time", seconds.ToString("F3", CultureInfo.InvariantCulture));
        }
    }

    private static void WriteCase(XmlWriter xml, ReportInput input, CampaignResult result)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", $"ptecheck.{result.Operation.Name}");
        xml.WriteAttributeString("name", XmlText.Clean(result.TestName()));
        if (result.Violations.Count > 0 && result.Violations[0].Site is { } site)
        {
            xml.WriteAttributeString("file", XmlText.Clean(site.File));
            xml.WriteAttributeString("line", site.Line.ToString(CultureInfo.InvariantCulture));
        }

        WriteTime(xml, input, result.Seconds);
        switch (input.StatusOf(result))
        {
            case ResultStatus.Known:
                WriteSkipped(xml, SummaryText.RulesOf(result));
                break;
            case ResultStatus.NotApplicable:
                WriteSkipped(xml, result.Reason);
                break;
            case ResultStatus.Failed:
                WriteProblem(xml, "failure", input, result);
                break;
            case ResultStatus.ReferenceViolated:
                WriteProblem(xml, "error", input, result);
                break;
            default:
                break;
        }

        xml.WriteElementString("system-out", XmlText.Clean(SummaryText.Line(result)));
        xml.WriteEndElement();
    }

    private static void WriteSkipped(XmlWriter xml, string message)
    {
        xml.WriteStartElement("skipped");
        xml.WriteAttributeString("message", XmlText.Clean(message));
        xml.WriteEndElement();
    }

    private static void WriteProblem(
        XmlWriter xml,
        string element,
        ReportInput input,
        CampaignResult result
    )
    {
        xml.WriteStartElement(element);
        xml.WriteAttributeString("message", XmlText.Clean(SummaryText.Line(result)));
        xml.WriteAttributeString(
            "type",
            result.Violations.Count > 0 ? result.Violations[0].Rule.Id : "expectation"
        );
        var text = string.Join(
            "\n",
            result.Violations.Select(violation => TextReports.MailOf(input, result, violation))
        );
        xml.WriteString(XmlText.Clean(text));
        xml.WriteEndElement();
    }
}
