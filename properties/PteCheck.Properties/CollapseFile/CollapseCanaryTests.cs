using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Oracles;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.CollapseFile;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Campaigns;
using PteCheck.Properties.Quality;
using PteCheck.Properties.Regressions;

namespace PteCheck.Properties.CollapseFile;

/// <summary>Every fault of collapse-file is found and named as the cause, and what only has another shape is not.</summary>
public sealed class CollapseCanaryTests
{
    private const string Thread = RegressionFiles.CollapseThread;

    /// <summary>The rules that no other operation breaks, with what breaks them here.</summary>
    public static IEnumerable<string> Guarded =>
        Faults
            .Select(row => (string)row[1])
            .Where(rule =>
                rule is "PTB010" or "PTB011" or "PTB107" or "PTB210" or "PTB609" or "PTB610"
            )
            .Append("PTB010")
            .Append("PTB011")
            .Append("PTB405")
            .Distinct(StringComparer.Ordinal);

    /// <summary>Every fault that random cases meet, and the rule that must find it.</summary>
    public static TheoryData<string, string> Faults =>
        new()
        {
            { "folio-before-check", "PTB601" },
            { "unbounded-batch", "PTB301" },
            { "rmap-once", "PTB008" },
            { "count-once", "PTB008" },
            { "clear-one-by-one", "PTB502" },
            { "keep-entries", "PTB610" },
            { "trust-first-scan", "PTB606" },
            { "trust-pmd", "PTB610" },
            { "late-pmd-lock", "PTB610" },
            { "no-notifier", "PTB204" },
            { "flush-cursor", "PTB210" },
            { "no-pmd-flush", "PTB202" },
            { "no-abort-flush", "PTB202" },
            { "no-folio-lock", "PTB209" },
            { "free-at-once", "PTB609" },
            { "keep-nr-ptes", "PTB107" },
            { "install-blindly", "PTB202" },
        };

    [Theory]
    [MemberData(nameof(Faults))]
    public void EveryFaultIsFoundWithItsCause(string decision, string rule)
    {
        foreach (var architecture in ArchitectureNames.All)
        {
            // Only x86-64 frees a table under MADV_DONTNEED, which is what the comparison of the PMD entry is for.
            if (decision == "trust-pmd" && architecture == Architecture.Arm64)
            {
                continue;
            }

            // These two need one step of another at one place of the run.
            var rare = decision is "no-folio-lock" or "install-blindly";
            var result = CollapseCampaigns.Run(
                $"batched~{decision}",
                architecture,
                10 * CaseBlock.Cases,
                rare ? InterferenceMode.Only : InterferenceMode.On
            );
            var violation = Assert.Single(result.Violations, known => known.Rule.Id == rule);

            Assert.Equal([decision], violation.Cause);
            Assert.InRange(violation.ShrinkEvaluations, 1, 1000);
        }
    }

    [Theory]
    [InlineData("refs-before-flush")]
    [InlineData("ignore-protnone")]
    public void WhatHasOnlyAnotherShapeHolds(string decision)
    {
        foreach (var architecture in ArchitectureNames.All)
        {
            var result = CollapseCampaigns.Run(
                $"batched~{decision}",
                architecture,
                4 * CaseBlock.Cases,
                InterferenceMode.On
            );

            Assert.Equal(VerdictKind.Holds, result.Verdict);
        }
    }

    /// <summary>A flush after the last folio_put takes a copy between the scans and a truncation after the unlock to matter.</summary>
    [Fact]
    public void AFlushAfterThePutIsFoundInItsScenario()
    {
        var scenario = RegressionFiles.Read(Thread + "A10-truncate-after-the-unlock.yaml");
        var worker = Worker("batched~flush-after-put");
        worker.Evaluate(scenario);

        Assert.Equal(["PTB205"], Lab.RuleIds(worker.Candidate));
    }

    [Fact]
    public void EveryDecisionHasARow()
    {
        var rows = Faults.Select(row => (string)row[0]);

        Assert.Equal(
            ["flush-after-put", "refs-before-flush", "ignore-protnone"],
            CollapseFileDecisions
                .All.Select(known => known.Name)
                .Except(rows, StringComparer.Ordinal)
        );
    }

    /// <summary>PTB405: dirty goes with the entries, whatever the version.</summary>
    [Fact]
    public void DirtyOfACleanFolioIsMissed()
    {
        var worker = Worker("batched");
        var scenario = RegressionFiles.Read(Thread + "A7-clean-folio.yaml");
        worker.Evaluate(scenario);
        Assert.Equal(["PTB405"], Lab.RuleIds(worker.Candidate));

        scenario.Folios[0].Dirty = true;
        worker.Evaluate(scenario);
        Assert.Empty(Lab.RuleIds(worker.Candidate));
    }

    /// <summary>PTB010 and PTB011: another PMD entry in the end, and another result.</summary>
    [Theory]
    [InlineData(true, "PTB010")]
    [InlineData(false, "PTB011")]
    public void AnotherEndIsSeen(bool pmd, string rule)
    {
        var worker = CampaignLab.Worker<X86_64>(CollapseCampaigns.Named("batched"));
        worker.Evaluate(RegressionFiles.Read(Thread + "A1-whole-folio.yaml"));
        Assert.Empty(Lab.RuleIds(worker.Candidate));
        var side = worker.Run.CandidateSide;
        if (pmd)
        {
            side.Machine.Pmds[0].Entry = worker.Run.Initial.Pmds[0].Entry;
        }
        else
        {
            Assert.True(
                side.Trace.Add(
                    new() { Op = Model.Traces.Primitive.ScanResult, A = (ulong)ScanResult.Fail }
                )
            );
        }

        var findings = new FindingList();
        new StateOracle<X86_64>(worker.Run).Judge(findings);
        Assert.Equal([rule], Lab.RuleIds(findings));
    }

    private static ICaseWorker Worker(string name) =>
        CampaignLab.Worker(CollapseCampaigns.Named(name), Architecture.X86);
}
