using System.Text.Json;
using PteCheck.Checking.Campaigns;
using PteCheck.Model.Architectures;
using PteCheck.Reports;
using PteCheck.Reports.Explaining;
using PteCheck.Reports.Formats;

namespace PteCheck.Properties.CollapseAnon;

/// <summary>What a report says of the RFC: three causes by name, each with a small scenario and a list of steps that fits in a mail.</summary>
public sealed class AnonReportTests
{
    private const int MostLines = 12;

    [Theory]
    [InlineData(Architecture.X86)]
    [InlineData(Architecture.Arm64)]
    public void TheRfcHasThreeCausesEachToldInTwelveLines(Architecture architecture)
    {
        var result = AnonCampaigns.Run(
            "rfc-9of12",
            architecture,
            6 * CaseBlock.Cases,
            InterferenceMode.On
        );
        var input = new ReportInput
        {
            Command = "run",
            Results = [result],
            Explainer = ModelExplainer.Instance,
        };
        using var json = JsonDocument.Parse(JsonReport.Write(input));
        var violations = json
            .RootElement.GetProperty("results")[0]
            .GetProperty("violations")
            .EnumerateArray()
            .ToList();
        var causes = violations.Select(violation =>
            Assert.Single(violation.GetProperty("cause").EnumerateArray()).GetString()
        );

        Assert.Equal(
            ["check-first", "copy-before-clear", "no-flush"],
            causes.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
        );
        Assert.All(violations, IsSmall);
        foreach (var violation in result.Violations)
        {
            var told = ModelExplainer.Instance.Explain(result, violation);
            Assert.InRange(Math.Max(told.Interleaved.Lines.Count, told.Steps.Count), 1, MostLines);
        }
    }

    private static void IsSmall(JsonElement violation)
    {
        var scenario = violation.GetProperty("scenario").GetString()!;

        Assert.InRange(violation.GetProperty("ptes").GetInt32(), 1, 2);
        Assert.InRange(violation.GetProperty("interferenceSteps").GetInt32(), 0, 3);
        if (violation.TryGetProperty("steps", out var steps))
        {
            Assert.InRange(steps.GetArrayLength(), 1, MostLines);
        }

        Assert.Contains("slots: 8", scenario, StringComparison.Ordinal);
        Assert.DoesNotContain("order: ", scenario, StringComparison.Ordinal);
    }
}
