using PteCheck.Checking.Running;
using PteCheck.Model.Architectures;
using PteCheck.Model.Traces;

namespace PteCheck.Checking.Oracles;

/// <summary>Counted primitives: a batch must save what it is there to save, and never cost more.</summary>
public static class WorkOracle
{
    /// <summary>Judges the candidate's counts against the reference's.</summary>
    public static void Judge<TArch>(CaseRun<TArch> run, FindingList findings)
        where TArch : struct, IArch
    {
        switch (run.Operation)
        {
            case { Selects: true }:
                AttemptOracle.JudgeWork(run, findings);
                break;
            case { CountsBatch: true }:
                JudgeReads(run, findings);
                break;
            case { WorksOnFolio: true }:
                JudgeFolio(run, findings);
                break;
            case { CollapsesAnon: true }:
                JudgeCopying(run, findings);
                break;
            case { Moves: true }:
                JudgeMove(run, findings);
                break;
            default:
                JudgeInPlace(run, findings);
                break;
        }
    }

    /// <summary>The batch helper: no entry read once more.</summary>
    private static void JudgeReads<TArch>(CaseRun<TArch> run, FindingList findings)
        where TArch : struct, IArch
    {
        var most = run.ReferenceSide.Trace.Calls(Primitive.PtepGet);
        var reads = run.CandidateSide.Trace.Calls(Primitive.PtepGet);
        if (reads > most)
        {
            findings.Add(Finding(Rules.MoreWork, most, reads, "ptep_get"));
        }
    }

    /// <summary>A move: no more flushes, and fewer clears and stores for each batch.</summary>
    private static void JudgeMove<TArch>(CaseRun<TArch> run, FindingList findings)
        where TArch : struct, IArch
    {
        var reference = run.ReferenceSide.Trace;
        var candidate = run.CandidateSide.Trace;
        var allowed = Flushes(reference);
        var flushes = Flushes(candidate);
        if (flushes > allowed)
        {
            findings.Add(Finding(Rules.MoreWork, allowed, flushes, "TLB invalidations"));
        }

        if (candidate.Batches == 0)
        {
            return;
        }

        Saved(
            reference.Calls(Primitive.SetPtes),
            candidate.Calls(Primitive.SetPtes),
            candidate,
            "set_ptes",
            findings
        );
        Saved(Clears(reference), Clears(candidate), candidate, "get_and_clear_full_ptes", findings);
    }

    /// <summary>An operation on entries where they are: fewer clears for each batch, and where it takes them away fewer rmap removals and puts.</summary>
    private static void JudgeInPlace<TArch>(CaseRun<TArch> run, FindingList findings)
        where TArch : struct, IArch
    {
        var reference = run.ReferenceSide.Trace;
        var candidate = run.CandidateSide.Trace;
        var allowed = Flushes(reference);
        var flushes = Flushes(candidate);
        if (flushes > allowed && flushes > (allowed += FoldsMore(run)))
        {
            findings.Add(Finding(Rules.MoreWork, allowed, flushes, "TLB invalidations"));
        }

        if (candidate.Batches > 0 && run.Operation.CollapsesFile)
        {
            SavedRmap(reference, candidate, findings);
        }
        else if (candidate.Batches > 0 && run.Operation.Empties)
        {
            SavedUnmapping(reference, candidate, "folios_put_refs", findings);
        }
        else if (candidate.Batches > 0)
        {
            Saved(
                Clears(reference),
                Clears(candidate),
                candidate,
                "modify_prot_start_ptes",
                findings
            );
        }
    }

    /// <summary>
    /// Blocks that arm64 makes CONT, with a TLBI if it does so properly, where the one-PTE loop left entries that
    /// differ in write (R7): CONT is the architecture's affair (R5).
    /// </summary>
    private static int FoldsMore<TArch>(CaseRun<TArch> run)
        where TArch : struct, IArch
    {
        if (!run.Operation.Protects || !TArch.HasContpte || run.Initial.Context.Bbml2)
        {
            return 0;
        }

        var block = run.Initial.ContPtes;
        var more =
            MadeCont<TArch>(run.CandidateSide.Trace, block)
            - MadeCont<TArch>(run.ReferenceSide.Trace, block);
        return Math.Max(more, 0);
    }

    private static int MadeCont<TArch>(Trace trace, int block)
        where TArch : struct, IArch
    {
        var count = 0;
        foreach (ref readonly var e in trace.Events)
        {
            var first = e.Op == Primitive.PteStore && e.Slot % block == 0;
            count += first && TArch.PteCont(new(e.B)) ? 1 : 0;
        }

        return count;
    }

    /// <summary>
    /// An operation that copies into a new folio saves when it sets the new entries and when it releases the
    /// sources; what the architecture flushes on its own account when contiguous blocks end is not the operation's.
    /// </summary>
    private static void JudgeCopying<TArch>(CaseRun<TArch> run, FindingList findings)
        where TArch : struct, IArch
    {
        var reference = run.ReferenceSide.Trace;
        var candidate = run.CandidateSide.Trace;
        var allowed = OwnFlushes(reference);
        var flushes = OwnFlushes(candidate);
        if (flushes > allowed)
        {
            findings.Add(Finding(Rules.MoreWork, allowed, flushes, "TLB invalidations"));
        }

        More(Primitive.CopyPage, "copies");
        More(Primitive.FolioAlloc, "allocations");
        if (candidate.Batches == 0)
        {
            return;
        }

        var (had, has) = (reference.Calls(Primitive.SetPtes), candidate.Calls(Primitive.SetPtes));
        Saved(
            had + reference.Calls(Primitive.RemoveRmap),
            has + candidate.Calls(Primitive.RemoveRmap),
            candidate,
            "folio_remove_rmap_ptes",
            findings
        );
        Saved(had + Clears(reference), has + Clears(candidate), candidate, "clear_ptes", findings);

        void More(Primitive op, string name)
        {
            if (candidate.Calls(op) > reference.Calls(op))
            {
                findings.Add(
                    Finding(Rules.MoreWork, reference.Calls(op), candidate.Calls(op), name)
                );
            }
        }
    }

    private static int OwnFlushes(Trace trace)
    {
        var count = Flushes(trace);
        if (count > 1)
        {
            foreach (ref readonly var e in trace.Events)
            {
                count -= e.ByArch && e.Op == Primitive.TlbFlushRange ? 1 : 0;
            }
        }

        return count;
    }

    /// <summary>A collapse puts all references at once, batch or no batch.</summary>
    private static void SavedRmap(Trace reference, Trace candidate, FindingList findings)
    {
        Saved(
            reference.Calls(Primitive.RemoveRmap),
            candidate.Calls(Primitive.RemoveRmap),
            candidate,
            "folio_remove_rmap_ptes",
            findings
        );
        Saved(Clears(reference), Clears(candidate), candidate, "clear_ptes", findings);
    }

    private static void SavedUnmapping(
        Trace reference,
        Trace candidate,
        string puts,
        FindingList findings
    )
    {
        Saved(
            reference.Calls(Primitive.RemoveRmap),
            candidate.Calls(Primitive.RemoveRmap),
            candidate,
            "folio_remove_rmap_ptes",
            findings
        );
        Saved(
            reference.Calls(Primitive.FolioRef),
            candidate.Calls(Primitive.FolioRef),
            candidate,
            puts,
            findings
        );
        Saved(Clears(reference), Clears(candidate), candidate, "get_and_clear_ptes", findings);
    }

    /// <summary>
    /// An operation on a folio is judged where the one-PTE loop went through to the end; else the two did
    /// not do the same work (R2). Flushes of what no CPU can hold are passed over (R4).
    /// </summary>
    private static void JudgeFolio<TArch>(CaseRun<TArch> run, FindingList findings)
        where TArch : struct, IArch
    {
        if (run.ReferenceSide.Machine.Folios[run.Call.Folio].Mapcount != 0)
        {
            return;
        }

        var reference = run.ReferenceSide.Trace;
        var candidate = run.CandidateSide.Trace;
        var allowed = Flushes(reference);
        var flushes = Flushes(candidate);
        if (flushes > allowed && (flushes -= FlushesOfNothing<TArch>(candidate)) > allowed)
        {
            findings.Add(Finding(Rules.MoreWork, allowed, flushes, "TLB invalidations"));
        }

        if (candidate.Batches == 0)
        {
            return;
        }

        SavedUnmapping(reference, candidate, "folio_put_refs", findings);
    }

    /// <summary>Flushes before which, since the flush before, entries were taken away, and none that hardware could use.</summary>
    private static int FlushesOfNothing<TArch>(Trace trace)
        where TArch : struct, IArch
    {
        int count = 0,
            taken = 0;
        var usable = false;
        foreach (ref readonly var e in trace.Events)
        {
            if (e.Op == Primitive.PteStore)
            {
                taken++;
                usable |= TArch.PteHwPresent(new(e.A));
            }
            else if (e.Op is Primitive.TlbFlushRange or Primitive.TlbFlushMm)
            {
                count += taken > 0 && !usable ? 1 : 0;
                taken = 0;
                usable = false;
            }
        }

        return count;
    }

    /// <summary>PTB502: as many calls fewer as a batch has entries beyond its first.</summary>
    private static void Saved(
        int reference,
        int has,
        Trace candidate,
        string name,
        FindingList findings
    )
    {
        var allowed = reference - candidate.EntriesSaved;
        if (has > allowed)
        {
            findings.Add(Finding(Rules.SavingMissed, allowed, has, name));
        }
    }

    private static int Flushes(Trace trace) =>
        trace.Calls(Primitive.TlbFlushRange) + trace.Calls(Primitive.TlbFlushMm);

    private static int Clears(Trace trace) =>
        trace.Calls(Primitive.PtepGetAndClear)
        + trace.Calls(Primitive.GetAndClearPtes)
        + trace.Calls(Primitive.PteClear);

    private static Finding Finding(Rule rule, int allowed, int has, string detail) =>
        new()
        {
            Rule = rule,
            Role = PlaceRole.Run,
            Mm = -1,
            Reference = (ulong)Math.Max(allowed, 0),
            Candidate = (ulong)has,
            Step = -1,
            Detail = detail,
        };
}
