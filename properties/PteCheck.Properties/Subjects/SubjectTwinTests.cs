using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Generation;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Mremap;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Quality;
using MemoryMarshal = System.Runtime.InteropServices.MemoryMarshal;

namespace PteCheck.Properties.Subjects;

/// <summary>A C function and the implementation of this project that it is the twin of do the same, event by event.</summary>
public sealed class SubjectTwinTests(SubjectFixture subjects) : IClassFixture<SubjectFixture>
{
    private const int Cases = 3000;

    public static TheoryData<string, string, Architecture> Twins
    {
        get
        {
            var rows = new TheoryData<string, string, Architecture>();
            foreach (var architecture in Lab.Architectures)
            {
                rows.Add("per-pte", "per-pte", architecture);
                rows.Add("batched", "batched", architecture);
                rows.Add("batched-any-arch", "batched-any-arch", architecture);
                rows.Add("as-posted-v4", "as-posted-v4", architecture);
                rows.Add("no-cap", "batched-any-arch~no-cap", architecture);
                rows.Add("trust-none", "batched-any-arch~trust-none", architecture);
            }

            return rows;
        }
    }

    [SubjectTheory]
    [MemberData(nameof(Twins))]
    public void Twins_leave_the_same_traces(string file, string twin, Architecture architecture)
    {
        var subject = subjects.Load("mremap/" + file);
        var mine = Worker(subject, architecture);
        var theirs = Worker(Lab.Implementation(twin), architecture);
        var generator = new ScenarioGenerator();
        var scenario = new Scenario();
        var options = new GeneratorOptions(
            architecture,
            ShadowStack: false,
            Bbml2: false,
            OperationCatalog.IndexOf(MremapOperation.Instance),
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
    [InlineData("as-posted-v4", "as-posted-v4")]
    [InlineData("ignore-write", "batched-any-arch~ignore-write")]
    [InlineData("keep-uffd", "batched-any-arch~keep-uffd")]
    [InlineData("no-soft-dirty", "batched-any-arch~no-soft-dirty")]
    [InlineData("no-cap", "batched-any-arch~no-cap")]
    [InlineData("trust-none", "batched-any-arch~trust-none")]
    [InlineData("flush-after-unlock", "batched-any-arch~flush-after-unlock")]
    [InlineData("assume-folio", "batched-any-arch~assume-folio")]
    [InlineData("store-one-by-one", "batched-any-arch~store-one-by-one")]
    public void A_bug_shrinks_to_what_its_twin_shrinks_to(string file, string twin)
    {
        var mine = SubjectFixture.Campaign(
            subjects.Load("mremap/" + file),
            Architecture.X86,
            cases: 4096
        );
        var theirs = SubjectFixture.Campaign(
            Lab.Implementation(twin),
            Architecture.X86,
            cases: 4096
        );

        Assert.Equal(VerdictKind.Violated, mine.Verdict);
        Assert.Equal(theirs.Violations.Select(Essence), mine.Violations.Select(Essence));
        Assert.All(
            mine.Violations.Where(violation =>
                violation.Rule.Id.StartsWith("PTB00", StringComparison.Ordinal)
            ),
            violation => Assert.NotNull(violation.Site)
        );
    }

    private static ICaseWorker Worker(Implementation implementation, Architecture architecture) =>
        CaseWorkers.Create(
            architecture,
            MremapOperation.Instance,
            implementation,
            implementation.Kernel
        );

    private static string Essence(Violation violation) =>
        $"{violation.Rule.Id} {violation.Where} {violation.Candidate} {Checking.Scenarios.Text.ScenarioWriter.Write(violation.Scenario)}";
}
