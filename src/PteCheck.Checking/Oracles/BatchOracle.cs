using PteCheck.Checking.Running;
using PteCheck.Kernel.FolioPteBatch;
using PteCheck.Model.Architectures;
using PteCheck.Model.Traces;

namespace PteCheck.Checking.Oracles;

/// <summary>What the batch helper answers, against its definition: how long the batch is, and what the caller is told of it.</summary>
public static class BatchOracle
{
    /// <summary>PTB022 and PTB023. Of batches of different lengths, what is told is not compared.</summary>
    public static void Judge<TArch>(CaseRun<TArch> run, FindingList findings)
        where TArch : struct, IArch
    {
        var (left, right) = (Answer(run.ReferenceSide), Answer(run.CandidateSide));
        if (left < 0 || right < 0)
        {
            return;
        }

        ref readonly var reference = ref run.ReferenceSide.Trace.Events[left];
        ref readonly var candidate = ref run.CandidateSide.Trace.Events[right];
        if (reference.Nr != candidate.Nr)
        {
            Add(Rules.BatchLength, (ulong)reference.Nr, (ulong)candidate.Nr, "the batch");
            return;
        }

        var (defined, told) = ((BatchTold)reference.B, (BatchTold)candidate.B);
        Compare(BatchTold.Writable, "writable");
        Compare(BatchTold.Young, "young");
        Compare(BatchTold.Dirty, "dirty");
        if (reference.A != candidate.A)
        {
            Add(Rules.BatchTold, reference.A, candidate.A, "the copy of the first entry");
        }

        void Compare(BatchTold what, string detail)
        {
            if ((defined & what) != (told & what))
            {
                Add(
                    Rules.BatchTold,
                    (defined & what) != 0 ? 1ul : 0,
                    (told & what) != 0 ? 1ul : 0,
                    detail
                );
            }
        }

        void Add(Rule rule, ulong expected, ulong found, string detail) =>
            findings.Add(
                new()
                {
                    Rule = rule,
                    Role = PlaceRole.Run,
                    Mm = -1,
                    Reference = expected,
                    Candidate = found,
                    Step = right,
                    Detail = detail,
                }
            );
    }

    /// <summary>The event of the helper's return; -1 where a run ended before it.</summary>
    private static int Answer<TArch>(Side<TArch> side)
        where TArch : struct, IArch
    {
        var events = side.Trace.Events;
        for (var step = events.Length - 1; step >= 0; step--)
        {
            if (events[step].Op == Primitive.BatchReturn)
            {
                return step;
            }
        }

        return -1;
    }
}
