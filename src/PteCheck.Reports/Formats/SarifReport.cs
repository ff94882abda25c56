using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Oracles;

namespace PteCheck.Reports.Formats;

/// <summary>SARIF 2.1.0: every rule, and a result for each violation.</summary>
public static class SarifReport
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The document.</summary>
    public static string Write(ReportInput input)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            json.WriteString("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
            json.WriteString("version", "2.1.0");
            json.WriteStartArray("runs");
            json.WriteStartObject();
            WriteTool(json);
            json.WriteStartArray("results");
            foreach (var result in input.Results)
            {
                foreach (var violation in input.Shown(result))
                {
                    WriteResult(json, input, result, violation);
                }
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static void WriteTool(Utf8JsonWriter json)
    {
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", ReportNames.Tool);
        json.WriteString("version", ReportNames.Version);
        json.WriteStartArray("rules");
        foreach (var rule in Rules.All)
        {
            json.WriteStartObject();
            json.WriteString("id", rule.Id);
            WriteText(json, "shortDescription", rule.Title);
            WriteText(json, "fullDescription", rule.Sentence);
            WriteText(json, "help", $"Source: {rule.Source}");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteResult(
        Utf8JsonWriter json,
        ReportInput input,
        CampaignResult result,
        Violation violation
    )
    {
        json.WriteStartObject();
        json.WriteString("ruleId", violation.Rule.Id);
        var isNew = input.Strict || violation.Known is null;
        json.WriteString(
            "level",
            !isNew ? "note"
                : violation.Rule.Severity == Severity.Error ? "error"
                : "warning"
        );
        WriteText(json, "message", TextReports.MailOf(input, result, violation));
        json.WriteStartArray("locations");
        json.WriteStartObject();
        if (result.File() is { } file and not "-")
        {
            json.WriteStartObject("physicalLocation");
            json.WriteStartObject("artifactLocation");
            json.WriteString("uri", Uri.EscapeDataString(file).Replace("%2F", "/"));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteStartArray("logicalLocations");
        json.WriteStartObject();
        json.WriteString("fullyQualifiedName", result.Implementation.FullName);
        json.WriteString("kind", "function");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartObject("partialFingerprints");
        json.WriteString("signature/v1", $"{result.Subject()}: {violation.Signature}");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string text)
    {
        json.WriteStartObject(name);
        json.WriteString("text", text);
        json.WriteEndObject();
    }
}
