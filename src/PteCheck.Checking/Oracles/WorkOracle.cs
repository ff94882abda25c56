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
        var reference = run.ReferenceSide.Trace;
        var candidate = run.CandidateSide.Trace;
        if (run.Operation.WorksOnFolio)
        {
            JudgeFolio(run, findings);
            return;
        }

        if (run.Operation.CollapsesAnon)
        {
            JudgeCopying(run, findings);
            return;
        }

        if (!run.Operation.Moves)
        {
            JudgeInPlace(run, findings);
            return;
        }

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

    /// <summary>An operation that takes entries away where they are: fewer clears, rmap removals and puts for each batch.</summary>
    private static void JudgeInPlace<TArch>(CaseRun<TArch> run, FindingList findings)
        where TArch : struct, IArch
    {
        var reference = run.ReferenceSide.Trace;
        var candidate = run.CandidateSide.Trace;
        if (Flushes(candidate) > Flushes(reference))
        {
            findings.Add(
                Finding(Rules.MoreWork, Flushes(reference), Flushes(candidate), "TLB invalidations")
            );
        }

        if (candidate.Batches > 0 && run.Operation.CollapsesFile)
        {
            SavedRmap(reference, candidate, findings);
        }
        else if (candidate.Batches > 0)
        {
            SavedUnmapping(reference, candidate, "folios_put_refs", findings);
        }
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

    /// <summary>Flushes before which, since the flush before, no entry was taken away that hardware could use.</summary>
    private static int FlushesOfNothing<TArch>(Trace trace)
        where TArch : struct, IArch
    {
        var count = 0;
        var nothing = true;
        foreach (ref readonly var e in trace.Events)
        {
            if (e.Op == Primitive.PteStore)
            {
                nothing &= !TArch.PteHwPresent(new(e.A));
            }
            else if (e.Op is Primitive.TlbFlushRange or Primitive.TlbFlushMm)
            {
                count += nothing ? 1 : 0;
                nothing = true;
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
