using PteCheck.Checking.Running;
using PteCheck.Model.Architectures;
using PteCheck.Native;

namespace PteCheck.Benchmarks.Measuring;

/// <summary>
/// What a case costs whose candidate is a C function (upstream's loop as the starting file has it, with
/// UndefinedBehaviorSanitizer), against the same loop in C#: 4,096 cases of a campaign, generated, run and judged,
/// handed to the process of the subject 256 at a time, in 9 alternating rounds. The figure is the median ratio where
/// one operation runs and nobody else; the detail that of a campaign's mixture, in which a subject runs once more for
/// what others do, and for each further operation of a sequence, each time by itself.
/// </summary>
internal static class SubjectCost
{
    private const int RoundCount = 9;
    private const double Goal = 2.5;

    /// <summary>Measures both architectures; without a C compiler there is nothing to measure.</summary>
    public static void Measure(FigureTable table, CancellationToken cancel)
    {
        if (!SubjectCompiler.IsAvailable)
        {
            table.Head("C subjects: no C compiler here");
            return;
        }

        var folder = Directory.CreateTempSubdirectory("ptecheck-");
        try
        {
            var file = Path.Combine(folder.FullName, "move.c");
            File.WriteAllText(file, SubjectTemplates.Find("mremap"));
            using var compiler = new SubjectCompiler();
            var subject = compiler.Load(file, new());
            Measure<X86_64>(Architecture.X86, subject, table, cancel);
            Measure<Arm64>(Architecture.Arm64, subject, table, cancel);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Measure<TArch>(
        Architecture architecture,
        CompiledSubject subject,
        FigureTable table,
        CancellationToken cancel
    )
        where TArch : struct, IArch
    {
        var twin = Subjects.Named("batched");
        var worker = new CaseWorker<TArch>(Subjects.Mremap, twin, twin.Kernel);
        var native = new CaseWorker<TArch>(
            Subjects.Mremap,
            subject.AsImplementation(),
            twin.Kernel
        );
        var cases = new CaseStream(architecture, first: 0, blocks: 1, isAlone: true);
        var mixed = new CaseStream(architecture, first: 0, blocks: 1);
        var rounds = Rounds.Time(
            RoundCount,
            cancel,
            () => cases.ForEach(worker.Evaluate),
            () => InC(cases),
            () => mixed.ForEach(worker.Evaluate),
            () => InC(mixed)
        );
        table.AtMost(
            $"a case in C / in C#, {architecture.Name()}",
            rounds.Median(times => times[1] / times[0]),
            Goal,
            FigureFormat.Ratio
        );
        table.Detail(
            "a case in C#",
            rounds.Median(times => times[0]) / cases.Cases * 1e9,
            FigureFormat.Count(" ns")
        );
        table.Detail(
            "in C / in C#, a campaign's mixture",
            rounds.Median(times => times[3] / times[2]),
            FigureFormat.Ratio
        );

        void InC(CaseStream stream) =>
            stream.ForEachTwice(
                scenario => !native.BeginsWithTested(scenario) || native.Queue(scenario, subject),
                native.HandOver,
                scenario =>
                {
                    if (native.BeginsWithTested(scenario))
                    {
                        native.TakeQueued();
                    }

                    native.Evaluate(scenario);
                }
            );
    }
}
