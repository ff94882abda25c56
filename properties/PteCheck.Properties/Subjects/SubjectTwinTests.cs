using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Generation;
using PteCheck.Checking.Oracles;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Quality;
using PteCheck.Properties.Regressions;
using MemoryMarshal = System.Runtime.InteropServices.MemoryMarshal;

namespace PteCheck.Properties.Subjects;

/// <summary>A C function and the implementation of this project that it is the twin of do the same, event by event.</summary>
public sealed class SubjectTwinTests(SubjectFixture subjects) : IClassFixture<SubjectFixture>
{
    private const int Cases = 1500;

    private static readonly (string Operation, string File, string Twin)[] Same =
    [
        ("mremap", "per-pte", "per-pte"),
        ("mremap", "batched", "batched"),
        ("mremap", "batched-any-arch", "batched-any-arch"),
        ("mremap", "as-posted-v4", "as-posted-v4"),
        ("mremap", "no-cap", "batched-any-arch~no-cap"),
        ("mremap", "trust-none", "batched-any-arch~trust-none"),
        ("lazyfree-unmap", "per-pte", "per-pte"),
        ("lazyfree-unmap", "batched", "batched"),
        ("lazyfree-unmap", "as-posted-v4", "as-posted-v4"),
        ("lazyfree-unmap", "ignore-write-soft-dirty", "batched~ignore-write-soft-dirty"),
        ("lazyfree-unmap", "refcount-before-clear", "batched~refcount-before-clear"),
        ("collapse-file", "per-pte", "per-pte"),
        ("collapse-file", "batched", "batched"),
        ("collapse-file", "as-posted-v2", "as-posted-v2"),
        ("collapse-file", "late-pmd-lock", "batched~late-pmd-lock"),
        ("collapse-file", "count-once", "batched~count-once"),
        ("collapse-file", "no-abort-flush", "batched~no-abort-flush"),
    ];

    public static TheoryData<string, string, string, Architecture> Twins
    {
        get
        {
            var rows = new TheoryData<string, string, string, Architecture>();
            foreach (var (operation, file, twin) in Same)
            {
                foreach (var architecture in Lab.Architectures)
                {
                    rows.Add(operation, file, twin, architecture);
                }
            }

            return rows;
        }
    }

    [SubjectTheory]
    [MemberData(nameof(Twins))]
    public void Twins_leave_the_same_traces(
        string operation,
        string file,
        string twin,
        Architecture architecture
    )
    {
        var subject = subjects.Load($"{operation}/{file}");
        var mine = Worker(subject, architecture);
        var theirs = Worker(SubjectFixture.Twin(operation, twin), architecture);
        var generator = new ScenarioGenerator();
        var scenario = new Scenario();
        var options = new GeneratorOptions(
            architecture,
            ShadowStack: false,
            Bbml2: false,
            OperationCatalog.IndexOf(OperationCatalog.Find(operation)!),
            InterleavedPercent: 30
        );
        for (var i = 0; i < Cases; i++)
        {
            generator.Fill(scenario, options, i);
            mine.Evaluate(scenario);
            theirs.Evaluate(scenario);

            Assert.Equal(Lab.RuleIds(theirs.Candidate), Lab.RuleIds(mine.Candidate));
            Assert.True(
                MemoryMarshal
                    .AsBytes(theirs.CandidateTrace.Events)
                    .SequenceEqual(MemoryMarshal.AsBytes(mine.CandidateTrace.Events)),
                $"case {i}"
            );
            Assert.True(theirs.CandidateMachine.SamePtes(mine.CandidateMachine), $"case {i}");
            Assert.Equal(theirs.CandidateTrace.Batches, mine.CandidateTrace.Batches);
        }
    }

    [SubjectTheory]
    [InlineData("mremap", "as-posted-v4", "as-posted-v4")]
    [InlineData("mremap", "ignore-write", "batched-any-arch~ignore-write")]
    [InlineData("mremap", "keep-uffd", "batched-any-arch~keep-uffd")]
    [InlineData("mremap", "no-soft-dirty", "batched-any-arch~no-soft-dirty")]
    [InlineData("mremap", "no-cap", "batched-any-arch~no-cap")]
    [InlineData("mremap", "trust-none", "batched-any-arch~trust-none")]
    [InlineData("mremap", "flush-after-unlock", "batched-any-arch~flush-after-unlock")]
    [InlineData("mremap", "assume-folio", "batched-any-arch~assume-folio")]
    [InlineData("mremap", "store-one-by-one", "batched-any-arch~store-one-by-one")]
    [InlineData("lazyfree-unmap", "batched", "batched")]
    [InlineData("lazyfree-unmap", "as-posted-v4", "as-posted-v4")]
    [InlineData("lazyfree-unmap", "bounded", "bounded")]
    [InlineData("lazyfree-unmap", "stale-count", "batched~stale-count")]
    [InlineData("lazyfree-unmap", "ignore-write-soft-dirty", "batched~ignore-write-soft-dirty")]
    [InlineData("lazyfree-unmap", "unbounded-scan", "batched~unbounded-scan")]
    [InlineData("lazyfree-unmap", "drop-pinned", "batched~drop-pinned")]
    [InlineData("lazyfree-unmap", "no-notifier", "batched~no-notifier")]
    [InlineData("collapse-file", "rmap-once", "batched~rmap-once")]
    [InlineData("collapse-file", "count-once", "batched~count-once")]
    [InlineData("collapse-file", "no-abort-flush", "batched~no-abort-flush")]
    [InlineData("collapse-file", "keep-nr-ptes", "batched~keep-nr-ptes")]
    [InlineData("folio-pte-batch", "ignore-write", "batched~ignore-write")]
    [InlineData("folio-pte-batch", "ignore-dirty", "batched~ignore-dirty")]
    [InlineData("folio-pte-batch", "ignore-soft-dirty", "batched~ignore-soft-dirty")]
    [InlineData("folio-pte-batch", "ignore-uffd", "batched~ignore-uffd")]
    [InlineData("folio-pte-batch", "ignore-folio-end", "batched~ignore-folio-end")]
    [InlineData("folio-pte-batch", "no-cap", "batched~no-cap")]
    [InlineData("folio-pte-batch", "drop-merge", "batched~drop-merge")]
    public void A_bug_shrinks_to_what_its_twin_shrinks_to(
        string operation,
        string file,
        string twin
    )
    {
        var mine = SubjectFixture.Campaign(
            subjects.Load($"{operation}/{file}"),
            Architecture.X86,
            cases: 4096
        );
        var theirs = SubjectFixture.Campaign(
            SubjectFixture.Twin(operation, twin),
            Architecture.X86,
            cases: 4096
        );

        Assert.Equal(VerdictKind.Violated, mine.Verdict);
        Assert.Equal(theirs.Violations.Select(Essence), mine.Violations.Select(Essence));
        Assert.All(
            mine.Violations.Where(violation =>
                violation.Rule.Id.StartsWith("PTB00", StringComparison.Ordinal)
                && violation.Rule != Rules.Counters
            ),
            violation => Assert.NotNull(violation.Site)
        );
    }

    [SubjectTheory]
    [InlineData("as-posted-v2", "as-posted-v2", "PTB601")]
    [InlineData("batched", "batched", null)]
    [InlineData("per-pte", "per-pte", null)]
    public void A_scenario_of_a_review_gets_the_same_answer(string file, string twin, string? rule)
    {
        var scenario = ScenarioReader.ReadFile(
            Path.Combine(
                RegressionFiles.Root,
                "regressions",
                "threads",
                "khugepaged-collapse-pte-mapped-thp-batching-v2",
                "A2-zero-page-between-scans.yaml"
            )
        );
        var results = Replay.Run(
            scenario,
            [subjects.Load($"collapse-file/{file}"), SubjectFixture.Twin("collapse-file", twin)]
        );

        Assert.Equal(rule, results[0].Violations is [var first, ..] ? first.Rule.Id : null);
        Assert.Equal(
            results[1].Violations.Select(violation => $"{violation.Rule.Id} {violation.Where}"),
            results[0].Violations.Select(violation => $"{violation.Rule.Id} {violation.Where}")
        );
    }

    private static ICaseWorker Worker(Implementation implementation, Architecture architecture) =>
        CaseWorkers.Create(
            architecture,
            OperationCatalog.Find(implementation.Operation)!,
            implementation,
            implementation.Kernel
        );

    private static string Essence(Violation violation) =>
        $"{violation.Rule.Id} {violation.Where} {violation.Candidate} {ScenarioWriter.Write(violation.Scenario)}";
}
