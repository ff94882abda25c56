using PteCheck.Checking.Generation;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.FolioPteBatch;
using PteCheck.Model.Architectures;
using PteCheck.Model.Traces;
using PteCheck.Native;
using PteCheck.Properties.BatchHelper;
using PteCheck.Properties.Cli;
using PteCheck.Properties.Quality;

namespace PteCheck.Properties.Subjects;

/// <summary>A batch helper in C answers what the one of this project answers, and the header's own steps aside for it.</summary>
public sealed class BatchHelperSubjectTests(SubjectFixture subjects) : IClassFixture<SubjectFixture>
{
    private const int Cases = 3000;

    public static TheoryData<string, string, Architecture> Twins
    {
        get
        {
            var rows = new TheoryData<string, string, Architecture>();
            foreach (var architecture in Lab.Architectures)
            {
                rows.Add("batched", "batched", architecture);
                rows.Add("batched-6.15", "batched-6.15", architecture);
                rows.Add("per-pte", "batched~compare-pte-write~merge-write-once", architecture);
                rows.Add("correct", "batched~compare-pte-write~merge-write-once", architecture);
                rows.Add("step-by-one", "batched~step-by-one", architecture);
                rows.Add("trust-hint", "batched~trust-hint", architecture);
                rows.Add("drop-merge", "batched~drop-merge", architecture);
            }

            return rows;
        }
    }

    [SubjectTheory]
    [MemberData(nameof(Twins))]
    public void Answers_are_those_of_the_twin(string file, string twin, Architecture architecture)
    {
        var subject = subjects.Load($"folio-pte-batch/{file}");
        var mine = CaseWorkers.Create(
            architecture,
            FolioPteBatchOperation.Instance,
            subject,
            subject.Kernel
        );
        var theirs = BatchLab.Worker(twin, architecture);
        var generator = new ScenarioGenerator();
        var scenario = new Scenario();
        var options = new GeneratorOptions(
            architecture,
            ShadowStack: architecture == Architecture.X86,
            Bbml2: false,
            Kernel.Operations.OperationCatalog.IndexOf(FolioPteBatchOperation.Instance),
            InterleavedPercent: 20
        );
        for (var i = 0; i < Cases; i++)
        {
            generator.Fill(scenario, options, i);
            mine.Evaluate(scenario);
            theirs.Evaluate(scenario);

            Assert.Equal(Lab.RuleIds(theirs.Candidate), Lab.RuleIds(mine.Candidate));
            Assert.Equal(AnswerOf(theirs), AnswerOf(mine));
            Assert.Equal(theirs.CandidateTrace.Batches, mine.CandidateTrace.Batches);
        }
    }

    [SubjectFact]
    public void The_starting_file_holds()
    {
        using var folder = new TemporaryRepository();
        var file = folder.PathOf("helper.c");
        File.WriteAllText(file, SubjectTemplates.Find("folio-pte-batch")!);
        using var compiler = new SubjectCompiler();
        var subject = compiler.Load(file, new()).AsImplementation();

        foreach (var architecture in Lab.Architectures)
        {
            var result = SubjectFixture.Campaign(subject, architecture, 8192);
            Assert.Empty(result.Violations);
            Assert.True(result.Coverage.LongestBatch >= 256, $"{result.Coverage.LongestBatch}");
        }
    }

    private static (int Nr, ulong Copy, ulong Told) AnswerOf(ICaseWorker worker)
    {
        foreach (var one in worker.CandidateTrace.Events)
        {
            if (one.Op == Primitive.BatchReturn)
            {
                return (one.Nr, one.A, one.B);
            }
        }

        return default;
    }
}
