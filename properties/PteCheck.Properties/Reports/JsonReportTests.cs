using System.Text.Json;
using System.Text.Json.Nodes;
using PteCheck.Checking.Campaigns;
using PteCheck.Reports.Formats;

namespace PteCheck.Properties.Reports;

public sealed class JsonReportTests
{
    private static readonly CampaignResult[] Everything =
    [
        HandMade.Holds(),
        HandMade.NotApplicable(),
        HandMade.ReferenceViolated(),
        HandMade.Violated(HandMade.WriteGained(), HandMade.Stale(), HandMade.Known()),
        HandMade.Replayed(true),
        HandMade.Replayed(null),
    ];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_document_follows_the_schema(bool timing)
    {
        var document = JsonReport.Write(HandMade.Input(Everything) with { Timing = timing });
        Assert.Empty(JsonSchemaValidator.Validate(JsonReport.Schema(), document));
        Assert.Equal(timing, document.Contains("\"timing\"", StringComparison.Ordinal));
        Assert.Empty(
            JsonSchemaValidator.Validate(JsonReport.Schema(), JsonReport.Write(HandMade.Input()))
        );
    }

    [Fact]
    public void The_schema_refuses_what_is_missing_unknown_or_of_another_type()
    {
        Refuses(document => document.Remove("command"));
        Refuses(document => document["extra"] = 1);
        Refuses(document => document["schema"] = "ptecheck/2");
        Refuses(document => First(document)["verdict"] = "proved");
        Refuses(document => First(document)["cases"] = -1);
        Refuses(document => First(document)["seed"] = "1");
        Refuses(document => First(document)["coverage"]!["cells"]!["batch of 2"] = "many");
        Refuses(document => FirstViolation(document)["rule"] = "PTB1");
        Refuses(document => FirstViolation(document).Remove("where"));
    }

    [Fact]
    public void A_violation_has_the_fields_of_the_contract()
    {
        using var document = JsonDocument.Parse(
            JsonReport.Write(HandMade.Input(HandMade.Violated(HandMade.WriteGained())))
        );
        var result = document.RootElement.GetProperty("results")[0];
        Assert.Equal("mremap/as-posted-v4", result.GetProperty("implementation").GetString());
        Assert.Equal(ulong.MaxValue, result.GetProperty("seed").GetUInt64());
        Assert.Equal(
            [
                "rule",
                "known",
                "oracle",
                "severity",
                "signature",
                "cause",
                "alsoBroken",
                "message",
                "where",
                "reference",
                "candidate",
                "scenario",
                "ptes",
                "interferenceSteps",
                "foundAfterCases",
                "shrinkEvaluations",
                "timing",
            ],
            result.GetProperty("violations")[0].EnumerateObject().Select(property => property.Name)
        );
    }

    private static JsonNode First(JsonObject document) => document["results"]![0]!;

    private static JsonObject FirstViolation(JsonObject document) =>
        First(document)["violations"]![0]!.AsObject();

    private static void Refuses(Action<JsonObject> spoil)
    {
        var result = HandMade.Violated(HandMade.WriteGained()) with
        {
            Coverage = HandMade.Holds().Coverage,
        };
        var document = JsonNode.Parse(JsonReport.Write(HandMade.Input(result)))!.AsObject();
        spoil(document);
        Assert.NotEmpty(JsonSchemaValidator.Validate(JsonReport.Schema(), document.ToJsonString()));
    }
}
