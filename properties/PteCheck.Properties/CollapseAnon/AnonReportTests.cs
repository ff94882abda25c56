using System.Text.Json;
using PteCheck.Checking.Campaigns;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Reports;
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
    public void TheRfcHasThreeCausesInJson(Architecture architecture)
    {
        var result = AnonCampaigns.Run(
            "rfc-9of12",
            architecture,
            6 * CaseBlock.Cases,
            InterferenceMode.On
        );
        using var json = JsonDocument.Parse(JsonReport.Write(HandMade.Input(result)));
        var violations = json.RootElement.GetProperty("results")[0].GetProperty("violations");
        var causes = violations
            .EnumerateArray()
            .Select(violation => Assert.Single(violation.GetProperty("cause").EnumerateArray()))
            .Select(cause => cause.GetString());

        Assert.Equal(
            ["check-first", "copy-before-clear", "no-flush"],
            causes.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
        );
        Assert.All(
            violations.EnumerateArray(),
            violation =>
            {
                Assert.InRange(violation.GetProperty("ptes").GetInt32(), 1, 2);
                Assert.InRange(violation.GetProperty("interferenceSteps").GetInt32(), 0, 3);
                Assert.Contains(
                    "slots: 8",
                    violation.GetProperty("scenario").GetString()!,
                    StringComparison.Ordinal
                );
            }
        );
    }

    [Theory]
    [InlineData(Architecture.X86)]
    [InlineData(Architecture.Arm64)]
    public void EachIsToldInTwelveLines(Architecture architecture)
    {
        var result = AnonCampaigns.Run(
            "rfc-9of12",
            architecture,
            6 * CaseBlock.Cases,
            InterferenceMode.On
        );
        foreach (var violation in result.Violations)
        {
            var explanation = ModelExplainer.Instance.Explain(result, violation);
            var lines = explanation.Interleaved.Lines.Count;
            lines = lines == 0 ? explanation.Steps.Count : lines;

            Assert.InRange(lines, 1, MostLines);
        }
    }
}
