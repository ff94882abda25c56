using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Model.Architectures;

namespace PteCheck.Properties.BatchHelper;

/// <summary>The batch helper of every generation is its definition, but for shadow stacks.</summary>
public sealed class BatchVerdictTests
{
    private const long Cases = 32_768;

    public static TheoryData<string, Architecture> Correct =>
        new()
        {
            { "batched", Architecture.X86 },
            { "batched", Architecture.Arm64 },
            { "batched~step-by-one", Architecture.Arm64 },
            { "batched~compare-pte-write", Architecture.X86 },
            { "batched-6.15", Architecture.X86 },
            { "batched-6.15", Architecture.Arm64 },
        };

    [Theory]
    [MemberData(nameof(Correct))]
    public void TheHelperIsItsDefinition(string name, Architecture architecture)
    {
        var result = BatchLab.Run(name, architecture, Cases);

        Assert.Empty(result.Violations);
        Assert.Equal(VerdictKind.Holds, result.Verdict);
        Assert.True(result.Coverage.LongestBatch >= 256, $"{result.Coverage.LongestBatch}");
    }

    /// <summary>FPB_RESPECT_WRITE compares RW, which a shadow-stack entry has not.</summary>
    [Fact]
    public void AShadowStackEntryEqualsAReadOnlyOne()
    {
        var result = BatchLab.Run("batched", Architecture.X86, Cases, shadowStack: true);

        Assert.NotEmpty(result.Violations);
        Assert.All(
            result.Violations,
            violation => Assert.Equal(["compare-raw-write"], violation.Cause)
        );
        Assert.Empty(
            BatchLab
                .Run("batched~compare-pte-write", Architecture.X86, Cases, shadowStack: true)
                .Violations
        );
    }

    /// <summary>arm64's pte_mkwrite took a clean writable entry for one to be made dirty until 7.2.</summary>
    [Fact]
    public void MergingWriteMadeACleanCopyDirtyOnArm64()
    {
        var result = BatchLab.Run(
            "batched",
            Architecture.Arm64,
            Cases,
            kernel: KernelVersion.V6_17
        );

        Assert.All(
            result.Violations,
            violation => Assert.Equal(["merge-write-again"], violation.Cause)
        );
        Assert.Equal(["PTB023"], result.Violations.Select(violation => violation.Rule.Id));
        Assert.Empty(
            BatchLab
                .Run(
                    "batched~merge-write-once",
                    Architecture.Arm64,
                    Cases,
                    kernel: KernelVersion.V6_17
                )
                .Violations
        );
    }

    [Theory]
    [InlineData("respect-write", "PTB022")]
    [InlineData("merge-young-dirty", null)]
    public void AFileSaysWhatIsCompared(string flags, string? rule)
    {
        var text = $$"""
            arch: x86-64
            folios:
              A: { order: 2, kind: anon, exclusive: [0] }
            vmas:
              - { name: a, pages: 5, flags: rw }
            ptes:
              a+0: A[0] WDY
              a+1: A[1] Y
              a+2: A[2] Y
            run: folio-pte-batch a+0..3 {{flags}}
            """;
        var scenario = ScenarioReader.Read(text, "batch.yaml");
        var worker = BatchLab.Worker("batched~ignore-write", Architecture.X86);
        worker.Evaluate(scenario);

        Assert.Equal(rule, worker.Candidate.Primary?.Rule.Id);
        Assert.Contains(
            $"a+0..3 {flags}",
            ScenarioWriter.Write(scenario),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void AnUnknownFlagIsRefused()
    {
        const string Text =
            "arch: x86-64\nvmas:\n  - { name: a, pages: 2 }\nrun: folio-pte-batch a respect-young";
        var error = Assert.Throws<ScenarioException>(() => ScenarioReader.Read(Text, "b.yaml"));

        Assert.Contains("respect-young", error.Message, StringComparison.Ordinal);
        Assert.Contains("merge-young-dirty", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Architecture.X86)]
    [InlineData(Architecture.Arm64)]
    public void EverySituationIsMet(Architecture architecture)
    {
        var result = BatchLab.Run("batched", architecture, Cases);
        string[] wanted =
        [
            "ended-by/write",
            "ended-by/dirty",
            "ended-by/protnone",
            "ended-by/table",
            "ended-by/vma",
            "ended-by/range",
            "ended-by/pfn",
            "ended-by/folio",
            "batch/no-large-folio",
            "batch/copy-merged",
        ];

        Assert.All(wanted, cell => Assert.True(Hits(result, cell) > 0, cell));
        if (architecture == Architecture.Arm64)
        {
            Assert.True(Hits(result, "batch/begins-in-a-block") > 0);
            Assert.True(Hits(result, "batch/hint-past-the-maximum") > 0);
            Assert.True(Hits(result, "ended-by/cont") > 0);
        }
    }

    private static long Hits(CampaignResult result, string name) => result.Coverage.Cells[name];
}
