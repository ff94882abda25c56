using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Oracles;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Operations;

namespace PteCheck.Checking.Minimizing;

/// <summary>
/// Shrinks a failing scenario. Deterministic: passes in a fixed order, each a list of smaller
/// scenarios, the first that keeps the signature is taken; over and over until nothing is taken.
/// FsCheck's own shrinking would stop after 5,000 evaluations and knows nothing of folios.
/// </summary>
public static class Minimizer
{
    /// <summary>Rounds after which it stops, whatever happens.</summary>
    private const int MaxRounds = 8;

    /// <summary>Shrinks a scenario of a file; null when the implementation does not violate anything in it.</summary>
    public static MinimizedCase? Minimize(Scenario scenario, Implementation implementation)
    {
        var operation = OperationCatalog.Find(implementation.Operation)!;
        var kernel = scenario.Kernel ?? implementation.Kernel;
        var bare = scenario.Clone();
        bare.Notes = null;
        bare.Test(operation.Name);
        var worker = CaseWorkers.Create(bare.Architecture, operation, implementation, kernel);
        worker.Evaluate(bare);
        if (worker.Candidate.Primary is not { } finding || worker.Reference.Count > 0)
        {
            return null;
        }

        var (minimal, evaluations) = Shrink(worker, bare, SignatureKey.Of(finding));
        var violation = ViolationBuilder.Describe(operation, implementation, kernel, minimal)!;
        return new(minimal, violation with { ShrinkEvaluations = evaluations }, evaluations);
    }

    /// <summary>The smallest scenario with the signature, and how many were judged on the way.</summary>
    /// <param name="worker">Judges scenarios.</param>
    /// <param name="start">A scenario that has the signature.</param>
    /// <param name="signature">What to keep.</param>
    /// <param name="ofReference">Whether the reference has it, and not the implementation.</param>
    /// <exception cref="InvalidOperationException">The scenario does not have the signature when it is judged again.</exception>
    public static (Scenario Scenario, int Evaluations) Shrink(
        ICaseWorker worker,
        Scenario start,
        SignatureKey signature,
        bool ofReference = false
    )
    {
        var shrinker = new Shrinker(worker, signature, start, ofReference);
        if (!shrinker.StillFails(start))
        {
            throw new InvalidOperationException(
                $"A failing scenario did not fail again: {signature.RuleId} was found once and not twice."
            );
        }

        var place = PlaceOf(worker, start, shrinker.Primary!.Value);
        SequencePasses.CutBehind(shrinker, worker.Element);
        SequencePasses.Drop(shrinker);
        StepPasses.Drop(shrinker);
        ShapePasses.WindowAround(shrinker, place);
        for (var round = 0; round < MaxRounds; round++)
        {
            shrinker.Progress = false;
            RunPasses(shrinker);
            if (!shrinker.Progress)
            {
                break;
            }
        }

        return (shrinker.Best, shrinker.Evaluations);
    }

    /// <summary>One round: every pass, each on what the one before it left.</summary>
    private static void RunPasses(Shrinker shrinker)
    {
        SequencePasses.Drop(shrinker);
        SelectPasses.Run(shrinker);
        StepPasses.Drop(shrinker);
        StepPasses.OnePage(shrinker);
        ShapePasses.DropSurroundings(shrinker);
        CollapsePasses.TableAlone(shrinker);
        CollapsePasses.SmallerTable(shrinker);
        CollapsePasses.PlainTarget(shrinker);
        LeafPasses.Run(shrinker);
        FolioPasses.Halve(shrinker);
        FolioPasses.FirstInLastSlot(shrinker);
        ShapePasses.TrimRange(shrinker);
        EntryPasses.DropPtes(shrinker);
        KeepPasses.HeldPair(shrinker);
        ClosingPasses.DropAcrossVmas(shrinker);
        ShapePasses.TrimOthers(shrinker);
        ClosingPasses.JoinVmas(shrinker);
        EntryPasses.PlainVma(shrinker);
        EntryPasses.CloseHoles(shrinker);
        ClosingPasses.CloseHoles(shrinker);
        ClosingPasses.OthersBehind(shrinker);
        PlainFolioPasses.PlainFolios(shrinker);
        ClosingPasses.PresentPages(shrinker);
        EntryPasses.PlainNonPresent(shrinker);
        KeepPasses.HeldByReference(shrinker);
        EntryPasses.ClearLetters(shrinker);
        KeepPasses.DirtyEntry(shrinker);
        EntryPasses.PlainLetters(shrinker);
        FolioPasses.LettersToFront(shrinker);
        SequencePasses.OwnVmas(shrinker);
        StepPasses.Plain(shrinker);
        ProtectPasses.PlainMode(shrinker);
        BatchPasses.FewerFlags(shrinker);
        ShapePasses.NarrowRun(shrinker);
        ShapePasses.Normalize(shrinker);
    }

    /// <summary>The page of the source VMA at which the violation showed, the first of the range when it has no page.</summary>
    private static int PlaceOf(ICaseWorker worker, Scenario scenario, in Finding finding)
    {
        if (finding.Mm < 0)
        {
            return scenario.Run.First;
        }

        var call = worker.Call;
        var operation = scenario.Runs[worker.Element].Of();
        var origin = operation.OriginOf(call, finding.Mm, finding.Place);
        var page = (long)origin - worker.InitialMachine.Vmas[call.Vma].Start;
        var vma = call.Vma;
        for (var i = worker.Element - 1; i >= 0; i--)
        {
            ref readonly var before = ref scenario.Runs[i];
            if (before.Of().Moves && before.NewVma == vma)
            {
                page += before.First;
                vma = before.Vma;
            }
        }

        return (int)Math.Clamp(page, 0, scenario.Vmas[scenario.Root()].Pages - 1);
    }
}

/// <summary>What <c>ptecheck minimize</c> gives back.</summary>
/// <param name="Scenario">The minimal scenario.</param>
/// <param name="Violation">Its violation.</param>
/// <param name="Evaluations">Scenarios judged.</param>
public sealed record MinimizedCase(Scenario Scenario, Violation Violation, int Evaluations);
