using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Scenarios;
using PteCheck.Model.Architectures;

namespace PteCheck.Reports.Formats;

/// <summary>The document <c>ptecheck/1</c>; its schema is <c>schema/ptecheck-1.json</c>.</summary>
public static class JsonReport
{
    /// <summary>The name of the schema, in every document.</summary>
    public const string SchemaName = "ptecheck/1";

    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The text of the JSON Schema.</summary>
    public static string Schema()
    {
        using var stream =
            typeof(JsonReport).Assembly.GetManifestResourceStream("schema/ptecheck-1.json")
            ?? throw new InvalidOperationException("the schema is not part of the assembly");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>The document, with a line end.</summary>
    public static string Write(ReportInput input)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            json.WriteString("schema", SchemaName);
            json.WriteStartObject("tool");
            json.WriteString("name", ReportNames.Tool);
            json.WriteString("version", ReportNames.Version);
            json.WriteEndObject();
            json.WriteString("command", input.Command);
            json.WriteStartArray("results");
            foreach (var result in input.Results)
            {
                WriteResult(json, input, result);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static void WriteResult(Utf8JsonWriter json, ReportInput input, CampaignResult result)
    {
        json.WriteStartObject();
        json.WriteString("operation", result.Operation.Name);
        json.WriteString("implementation", result.Implementation.FullName);
        json.WriteString("architecture", result.Architecture.Name());
        json.WriteString("kernel", result.Kernel.Name());
        json.WriteString("verdict", result.Verdict.Name());
        json.WriteString("reason", ReasonOf(result));
        json.WriteNumber("cases", result.Cases);
        json.WriteBoolean("complete", result.Complete);
        if (result.Seed is { } seed)
        {
            json.WriteNumber("seed", seed);
        }
        else
        {
            json.WriteNull("seed");
        }

        WriteCoverage(json, result.Coverage);
        json.WriteStartArray("violations");
        foreach (var violation in result.Violations)
        {
            WriteViolation(json, input, result, violation);
        }

        json.WriteEndArray();
        if (input.Timing)
        {
            json.WriteStartObject("timing");
            json.WriteNumber("seconds", Math.Round(result.Seconds, 3));
            json.WriteNumber(
                "casesPerSecond",
                result.Seconds > 0 ? Math.Round(result.Cases / result.Seconds) : 0
            );
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>The reason; of a replay also the file, and what it expected.</summary>
    private static string ReasonOf(CampaignResult result)
    {
        if (result.File() is not { } file)
        {
            return result.Reason;
        }

        var parts = new List<string> { file };
        if (result.Reason.Length > 0)
        {
            parts.Add(result.Reason);
        }

        if (result.AsExpected is { } met)
        {
            parts.Add($"{(met ? "as expected" : "NOT as expected")}: {result.Expected}");
        }

        return string.Join("; ", parts);
    }

    private static void WriteCoverage(Utf8JsonWriter json, Coverage coverage)
    {
        json.WriteStartObject("coverage");
        json.WriteNumber("batches", coverage.Batches);
        json.WriteNumber("longestBatch", coverage.LongestBatch);
        json.WriteNumber("aborts", coverage.Aborts);
        json.WriteNumber("interleaved", coverage.Interleaved);
        WriteStrings(json, "kindsBesideABatch", coverage.KindsBesideABatch);
        json.WriteStartObject("cells");
        foreach (var cell in coverage.Cells.OrderBy(cell => cell.Key, StringComparer.Ordinal))
        {
            json.WriteNumber(cell.Key, cell.Value);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteViolation(
        Utf8JsonWriter json,
        ReportInput input,
        CampaignResult result,
        Violation violation
    )
    {
        json.WriteStartObject();
        json.WriteString("rule", violation.Rule.Id);
        json.WriteString("known", violation.Known);
        json.WriteString("oracle", violation.Rule.Oracle.Name());
        json.WriteString("severity", violation.Rule.Severity.Name());
        json.WriteString("signature", violation.Signature);
        WriteStrings(json, "cause", violation.Cause);
        WriteStrings(json, "alsoBroken", violation.AlsoBroken);
        json.WriteString("message", violation.Message);
        json.WriteString("where", violation.Where);
        if (violation.Site is { } site)
        {
            json.WriteString("site", site.ToString());
        }

        json.WriteString("reference", violation.Reference);
        json.WriteString("candidate", violation.Candidate);
        json.WriteString("scenario", input.Explainer.Yaml(result, violation));
        json.WriteNumber("ptes", violation.Scenario.PteCount);
        json.WriteNumber("interferenceSteps", violation.InterferenceSteps);
        if (violation.Scenario.StepCount > 0)
        {
            var steps = input.Explainer.Explain(result, violation).Interleaved;
            WriteStrings(json, "steps", [.. steps.Lines.Select(line => line.Text)]);
        }

        json.WriteNumber("foundAfterCases", violation.FoundAfterCases);
        json.WriteNumber("shrinkEvaluations", violation.ShrinkEvaluations);
        if (input.Timing)
        {
            json.WriteStartObject("timing");
            json.WriteNumber("foundAfterSeconds", Math.Round(violation.FoundAfterSeconds, 3));
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
