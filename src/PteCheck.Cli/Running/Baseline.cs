using System.Text.Json;
using PteCheck.Checking.Campaigns;
using PteCheck.Model.Architectures;
using PteCheck.Reports;
using PteCheck.Reports.Formats;

namespace PteCheck.Cli.Running;

/// <summary>The violations of a former run, which are not counted again.</summary>
public sealed class Baseline
{
    private readonly HashSet<(string Implementation, string Architecture, string Signature)> seen =
    [];

    private Baseline() { }

    /// <summary>Reads a document that <c>--json</c> wrote.</summary>
    /// <exception cref="UsageException">There is no such file, or it is no such document.</exception>
    public static Baseline Load(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = document.RootElement;
            if (root.GetProperty("schema").GetString() != JsonReport.SchemaName)
            {
                throw new UsageException(Message(path, "it has another schema"));
            }

            var baseline = new Baseline();
            foreach (var result in root.GetProperty("results").EnumerateArray())
            {
                baseline.Add(result);
            }

            return baseline;
        }
        catch (Exception error)
            when (error
                    is IOException
                        or UnauthorizedAccessException
                        or JsonException
                        or KeyNotFoundException
                        or InvalidOperationException
            )
        {
            throw new UsageException(Message(path, error.Message), error);
        }
    }

    /// <summary>The result with every violation marked that the baseline has.</summary>
    public CampaignResult Mark(CampaignResult result) =>
        result with
        {
            Violations =
            [
                .. result.Violations.Select(violation =>
                    violation.Known is null && Has(result, violation)
                        ? violation with
                        {
                            Known = ResultStatuses.Baseline,
                        }
                        : violation
                ),
            ],
        };

    private bool Has(CampaignResult result, Violation violation) =>
        seen.Contains(
            (result.Implementation.FullName, result.Architecture.Name(), violation.Signature)
        );

    private void Add(JsonElement result)
    {
        foreach (var violation in result.GetProperty("violations").EnumerateArray())
        {
            seen.Add(
                (
                    result.GetProperty("implementation").GetString() ?? "",
                    result.GetProperty("architecture").GetString() ?? "",
                    violation.GetProperty("signature").GetString() ?? ""
                )
            );
        }
    }

    private static string Message(string path, string why) =>
        $"--baseline: expected a file that --json wrote, and '{path}' is none: {why.ReplaceLineEndings(" ")}";
}
