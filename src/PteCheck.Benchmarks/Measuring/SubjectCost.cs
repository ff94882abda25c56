using PteCheck.Checking.Running;
using PteCheck.Model.Architectures;
using PteCheck.Native;

namespace PteCheck.Benchmarks.Measuring;

/// <summary>
/// What a case costs whose candidate is a C function (upstream's loop as the starting file has it, with
/// UndefinedBehaviorSanitizer), against the same loop in C#: 4,096 cases of a campaign, generated, run and judged,
/// handed to the process of the subject 256 at a time, in 9 alternating rounds. The figure is the median ratio.
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
        var cases = new CaseStream(architecture, first: 0, blocks: 1);
        var rounds = Rounds.Time(
            RoundCount,
            cancel,
            () => cases.ForEach(worker.Evaluate),
            () =>
                cases.ForEachTwice(
                    scenario => native.Queue(scenario, subject),
                    native.HandOver,
                    scenario =>
                    {
                        native.TakeQueued();
                        native.Evaluate(scenario);
                    }
                )
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
    }
}
