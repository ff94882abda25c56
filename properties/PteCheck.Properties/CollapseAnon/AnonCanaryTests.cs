using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Kernel.CollapseAnon;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Quality;

namespace PteCheck.Properties.CollapseAnon;

/// <summary>Every fault of collapse-anon is found and named as the cause, and what only has another shape is not.</summary>
public sealed class AnonCanaryTests
{
    private const string Rfc = "rfc-9of12~clear-before-copy~flush~check-after-clear";

    /// <summary>What collapse-anon alone breaks, of all that is tested here.</summary>
    public static IEnumerable<string> Guarded =>
        Faults.Select(row => (string)row[2]).Where(rule => rule == "PTB108");

    /// <summary>Every fault, what it is a fault of, and the rule that must find it.</summary>
    public static TheoryData<string, string, string> Faults =>
        new()
        {
            { "copy-before-clear", "batched", "PTB208" },
            { "no-flush", "batched", "PTB202" },
            { "check-first", "batched", "PTB404" },
            { "late-flush", "batched", "PTB205" },
            { "no-refcheck", "batched", "PTB404" },
            { "no-ipi", "batched", "PTB609" },
            { "publish-before-copy", "batched", "PTB401" },
            { "relink-before-copy", "batched", "PTB208" },
            { "no-zero-fill", "batched", "PTB401" },
            { "batch-to-table-end", "batched", "PTB302" },
            { "rmap-once", "batched", "PTB008" },
            { "put-once", "batched", "PTB008" },
            { "count-window", "batched", "PTB008" },
            { "no-notifier", "batched", "PTB204" },
            { "ignore-armed", "batched", "PTB011" },
            { "ignore-uffd-wp", "batched", "PTB011" },
            { "no-trylock", "batched", "PTB011" },
            { "lock-sleeps", "batched", "PTB603" },
            { "keep-isolated", "batched", "PTB008" },
            { "no-relink", "batched", "PTB010" },
            { "restore-batch", Rfc, "PTB001" },
            { "mmap-read", "batched", "PTB610" },
            { "no-vma-start-write", "batched", "PTB610" },
            { "drop-ptl", Rfc, "PTB604" },
            { "no-anon-vma-lock", "batched", "PTB108" },
        };

    [Theory]
    [MemberData(nameof(Faults))]
    public void EveryFaultIsFoundWithItsCause(string decision, string of, string rule)
    {
        foreach (var architecture in ArchitectureNames.All)
        {
            var result = AnonCampaigns.Run(
                $"{of}~{decision}",
                architecture,
                6 * CaseBlock.Cases,
                InterferenceMode.On
            );
            var violation = result.Violations.FirstOrDefault(known => known.Rule.Id == rule);
            var found = string.Join(' ', result.Violations.Select(known => known.Rule.Id));

            Assert.True(violation is not null, $"{architecture}: {found}");
            Assert.Equal([decision], violation.Cause);
            Assert.InRange(violation.ShrinkEvaluations, 1, 1000);
        }
    }

    /// <summary>It takes a page that is swapped in last, and a table that goes just then.</summary>
    [Fact]
    public void ATableThatGoesAfterTheSwapInIsFoundInItsScenario()
    {
        const string Text = """
            arch: x86-64
            table: { slots: 8 }
            vmas: [{ name: a, pages: 8 }]
            ptes: { a+7: swap 1 }
            run: collapse-anon a
            interference: [cpu1 zap-table a+0 after set a+7]
            """;
        var scenario = ScenarioReader.Read(Text, "canary.yaml");
        var worker = AnonCampaigns.Worker("batched~trust-pmd");
        worker.Evaluate(scenario);
        Assert.Equal(["PTB610"], Lab.RuleIds(worker.Candidate));

        worker = AnonCampaigns.Worker("batched");
        worker.Evaluate(scenario);
        Assert.Empty(Lab.RuleIds(worker.Candidate));
    }

    [Theory]
    [InlineData("set-detached")]
    [InlineData("clear-one-by-one")]
    [InlineData("one-level")]
    [InlineData("check-before-flush")]
    [InlineData("check-last")]
    public void WhatHasOnlyAnotherShapeHolds(string decision)
    {
        foreach (var architecture in ArchitectureNames.All)
        {
            var result = AnonCampaigns.Run(
                $"batched~{decision}",
                architecture,
                4 * CaseBlock.Cases,
                InterferenceMode.On
            );

            Assert.Equal(VerdictKind.Holds, result.Verdict);
        }
    }

    [Fact]
    public void EveryDecisionHasARow() =>
        Assert.Equal(
            [
                "one-level",
                "clear-one-by-one",
                "set-detached",
                "check-before-flush",
                "check-last",
                "trust-pmd",
            ],
            CollapseAnonDecisions
                .All.Select(known => known.Name)
                .Except(Faults.Select(row => (string)row[0]), StringComparer.Ordinal)
        );
}
