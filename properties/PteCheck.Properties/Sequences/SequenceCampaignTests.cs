using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Model.Architectures;

namespace PteCheck.Properties.Sequences;

/// <summary>Campaigns of sequences: silent on correct code, and a bug that one operation alone never shows.</summary>
public sealed class SequenceCampaignTests
{
    /// <summary>Upstream with all known findings mended, and a deferral that nobody is told of.</summary>
    private const string Unnoted =
        "lazyfree-unmap/batched~merge-keeps-soft-dirty~flush-before-restore~unfold-first~leave-unnoted";

    private const long ReferenceCases = 20_480;
    private const long CanaryCases = 8192;
    private const ulong Seeds = 8;
    private const int MostEvaluations = 250;

    public static TheoryData<string, Architecture> Operations => SequenceLab.Operations;

    /// <summary>Historical bugs and canaries, each of one operation alone.</summary>
    public static TheoryData<string> OfOneOperation =>
        [
            "mremap/as-posted-v4",
            "mremap/sketch-split-no-clear",
            "mremap/batched-any-arch~trust-none",
            "mremap/batched-any-arch~keep-uffd",
            "lazyfree-unmap/as-posted-v4",
            "lazyfree-unmap/batched",
            "zap/batched~rmap-once",
            "zap/batched~ignore-uffd",
        ];

    /// <summary>Every operation on two architectures: 20,480 sequences each.</summary>
    [Theory]
    [MemberData(nameof(Operations))]
    public void ReferencesKeepEveryRuleInSequences(string operation, Architecture architecture)
    {
        var result = SequenceLab.Run($"{operation}/per-pte", architecture, ReferenceCases);

        Assert.Empty(result.Violations);
        Assert.NotEqual(VerdictKind.ReferenceViolated, result.Verdict);
        Assert.Equal(ReferenceCases, result.Coverage.Sequences);
    }

    [Theory]
    [InlineData("mremap/batched-any-arch", Architecture.X86)]
    [InlineData("mremap/batched", Architecture.Arm64)]
    [InlineData("zap/batched", Architecture.X86)]
    [InlineData("zap/batched", Architecture.Arm64)]
    [InlineData(
        "lazyfree-unmap/batched~merge-keeps-soft-dirty~flush-before-restore~unfold-first",
        Architecture.X86
    )]
    [InlineData(
        "lazyfree-unmap/batched~merge-keeps-soft-dirty~flush-before-restore~unfold-first",
        Architecture.Arm64
    )]
    public void CorrectBatchesHoldInSequences(string name, Architecture architecture)
    {
        var result = SequenceLab.Run(name, architecture, ReferenceCases);

        Assert.Equal(VerdictKind.Holds, result.Verdict);
    }

    [Theory]
    [InlineData(Architecture.X86)]
    [InlineData(Architecture.Arm64)]
    public void ABugOfTwoOperationsIsFoundBySequencesAlone(Architecture architecture)
    {
        var alone = SequenceLab.Run(Unnoted, architecture, CanaryCases, mode: SequenceMode.Off);
        var violation = Assert.Single(
            SequenceLab.Run(Unnoted, architecture, CanaryCases).Violations
        );

        Assert.Equal(VerdictKind.Holds, alone.Verdict);
        Assert.Equal("PTB202", violation.Rule.Id);
        Assert.Equal(["leave-unnoted"], violation.Cause);
        Assert.Equal("a+0, operation 2 (zap a)", violation.Where);
    }

    [Theory]
    [InlineData(Architecture.X86)]
    [InlineData(Architecture.Arm64)]
    public void EverySeedEndsAtTheSameTwoOperations(Architecture architecture)
    {
        const string Minimal = """
              A: { order: 2, kind: lazyfree, locked: true, extra-refs: 1 }
            vmas:
              - { name: a, pages: 1 }
              - { name: b, pages: 1 }
            ptes:
              a+0: A[0]
              b+0: A[1] D
            run:
              - lazyfree-unmap A deferred
              - zap a
            """;
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var violation = Assert.Single(
                SequenceLab.Run(Unnoted, architecture, CanaryCases, seed).Violations
            );

            Assert.Contains(
                Minimal,
                ScenarioWriter.Write(violation.Scenario),
                StringComparison.Ordinal
            );
            Assert.InRange(violation.ShrinkEvaluations, 1, MostEvaluations);
        }
    }

    /// <summary>Where one operation is enough, the others go, and what they led to is the state that it begins with.</summary>
    [Theory]
    [MemberData(nameof(OfOneOperation))]
    public void ABugOfOneOperationShrinksToTheSameScenarioAsAlone(string name)
    {
        var alone = Minimal(
            SequenceLab.Run(name, Architecture.X86, CanaryCases, mode: SequenceMode.Off)
        );
        var sequences = Minimal(SequenceLab.Run(name, Architecture.X86, CanaryCases));

        Assert.NotEmpty(sequences);
        foreach (var (signature, text) in sequences)
        {
            Assert.Equal(alone.GetValueOrDefault(signature, text), text);
            Assert.DoesNotContain("run:\n", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void CoverageCountsWhatCameBefore()
    {
        var cells = SequenceLab
            .Run("zap/batched", Architecture.Arm64, ReferenceCases)
            .Coverage.Cells;

        Assert.All(
            (string[])
                [
                    "sequence/2",
                    "sequence/3",
                    "sequence/4",
                    "sequence/5",
                    "after/mremap",
                    "after/lazyfree-unmap",
                    "after/zap",
                    "after/wp-fault",
                    "after/mprotect",
                ],
            cell => Assert.True(cells[cell] > 0, cell)
        );
    }

    /// <summary>The protnone entries that a NUMA scan leaves meet every kind of entry, in the operations that follow.</summary>
    [Theory]
    [InlineData("mremap/batched", Architecture.Arm64)]
    [InlineData("mremap/batched-any-arch", Architecture.X86)]
    [InlineData("lazyfree-unmap/per-pte", Architecture.X86)]
    [InlineData("lazyfree-unmap/per-pte", Architecture.Arm64)]
    [InlineData("zap/batched", Architecture.X86)]
    public void ScannedEntriesStandBesideEveryKind(string name, Architecture architecture)
    {
        const string Beside = "sequence/protnone-beside/";
        var cells = SequenceLab
            .Run(name, architecture, ReferenceCases)
            .Coverage.Cells.Where(cell => cell.Key.StartsWith(Beside, StringComparison.Ordinal))
            .ToList();

        Assert.Equal(9, cells.Count);
        Assert.All(cells, cell => Assert.True(cell.Value > 0, cell.Key));
    }

    private static Dictionary<string, string> Minimal(CampaignResult result) =>
        result.Violations.ToDictionary(
            violation => violation.Signature,
            violation => ScenarioWriter.Write(violation.Scenario),
            StringComparer.Ordinal
        );
}
