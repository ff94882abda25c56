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

        Saved(reference, candidate, Primitive.SetPtes, "set_ptes", findings);
        var clears = Clears(reference) - candidate.EntriesSaved;
        if (Clears(candidate) > clears)
        {
            findings.Add(
                Finding(Rules.SavingMissed, clears, Clears(candidate), "get_and_clear_full_ptes")
            );
        }
    }

    private static void Saved(
        Trace reference,
        Trace candidate,
        Primitive primitive,
        string name,
        FindingList findings
    )
    {
        var allowed = reference.Calls(primitive) - candidate.EntriesSaved;
        if (candidate.Calls(primitive) > allowed)
        {
            findings.Add(Finding(Rules.SavingMissed, allowed, candidate.Calls(primitive), name));
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
