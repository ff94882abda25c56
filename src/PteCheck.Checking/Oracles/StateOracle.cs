using PteCheck.Checking.Running;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Checking.Oracles;

/// <summary>
/// The candidate's final machine against the reference's: every entry, folio, page and counter, up to
/// relaxations R1 and R7 (of single entries, <see cref="EntryDifference{TArch}"/>), R2 and R3 (pages kept and dirty seen
/// by a whole batch, <see cref="PartialProgress{TArch}"/>) and R5 (what is not compared).
/// </summary>
public sealed class StateOracle<TArch>(CaseRun<TArch> run)
    where TArch : struct, IArch
{
    private readonly EntryDifference<TArch> difference = new(run);
    private readonly PartialProgress<TArch> progress = new(run);

    /// <summary>Judges both final machines.</summary>
    public void Judge(FindingList findings)
    {
        var reference = run.ReferenceSide.Machine;
        var candidate = run.CandidateSide.Machine;
        difference.Begin();
        progress.Begin();
        for (var pmd = 0; pmd < reference.PmdCount; pmd++)
        {
            ComparePmd(reference, candidate, pmd, findings);
        }

        CompareFolios(reference, candidate, findings);
        CompareMms(reference, candidate, findings);
        CompareResults(findings);
    }

    /// <summary>PTB011.</summary>
    private void CompareResults(FindingList findings)
    {
        var has = ResultOf(run.ReferenceSide.Trace);
        var other = ResultOf(run.CandidateSide.Trace);
        if (has != other)
        {
            findings.Add(
                new()
                {
                    Rule = Rules.Result,
                    Role = PlaceRole.Run,
                    Mm = -1,
                    Reference = (ulong)has,
                    Candidate = (ulong)other,
                    Step = -1,
                    Detail = "result",
                }
            );
        }
    }

    private static int ResultOf(Trace trace)
    {
        if (trace.Calls(Primitive.ScanResult) == 0)
        {
            return -1;
        }

        for (var i = trace.Count - 1; i >= 0; i--)
        {
            ref readonly var e = ref trace.Events[i];
            if (e.Op == Primitive.ScanResult)
            {
                return (int)e.A;
            }
        }

        return -1;
    }

    private void ComparePmd(Machine reference, Machine candidate, int pmd, FindingList findings)
    {
        var has = reference.Pmds[pmd].Entry;
        var other = candidate.Pmds[pmd].Entry;
        var deposited = reference.Pmds[pmd].Deposited != 0;
        if (has.Table < 0 || other.Table < 0)
        {
            if (has != other || deposited != (candidate.Pmds[pmd].Deposited != 0))
            {
                AddPmd(pmd, has, other, findings);
            }

            return;
        }

        var left = reference.TableWords(has.Table);
        var right = candidate.TableWords(other.Table);
        var slot = left.CommonPrefixLength(right);
        while (slot < left.Length)
        {
            CompareEntry(pmd, slot, new(left[slot]), new(right[slot]), findings);
            slot++;
            slot += left[slot..].CommonPrefixLength(right[slot..]);
        }
    }

    /// <summary>PTB010.</summary>
    private void AddPmd(int pmd, PmdEntry reference, PmdEntry candidate, FindingList findings)
    {
        ref readonly var owner = ref run.Initial.Pmds[pmd];
        findings.Add(
            new()
            {
                Rule = Rules.Pmd,
                Role = PlaceRole.Destination,
                Mm = owner.Mm,
                Place = owner.BaseVpn,
                Reference = reference.Value,
                Candidate = candidate.Value,
                Step = -1,
                Detail = $"{reference.Kind}, {candidate.Kind}",
            }
        );
    }

    private void CompareEntry(int pmd, int slot, Pte reference, Pte candidate, FindingList findings)
    {
        ref readonly var owner = ref run.Initial.Pmds[pmd];
        var vpn = owner.BaseVpn + (uint)slot;
        var expected = progress.MayKeep(owner.Mm, vpn)
            ? run.Initial.PteAt(owner.Mm, vpn)
            : reference;
        var role = RoleOf(owner.Mm, vpn);
        var rule = difference.Of(owner.Mm, vpn, role, expected, candidate);
        if (rule is null)
        {
            return;
        }

        findings.Add(
            new()
            {
                Rule = rule,
                Role = role,
                Mm = owner.Mm,
                Place = vpn,
                Reference = reference.Word,
                Candidate = candidate.Word,
                Step = -1,
                Detail = "",
            }
        );
    }

    private PlaceRole RoleOf(int mm, uint vpn)
    {
        var call = run.Call;
        if (!run.Operation.Touches(call, mm, vpn))
        {
            return PlaceRole.Elsewhere;
        }

        return run.Operation.Empties || run.Operation.TargetOf(call, mm, vpn) != vpn
            ? PlaceRole.Source
            : PlaceRole.Destination;
    }

    private void CompareFolios(Machine reference, Machine candidate, FindingList findings)
    {
        const FolioFlags Compared = ~(FolioFlags.Lru | FolioFlags.DeferredSplit);
        var same = reference.SamePages(candidate);
        if (reference.FolioCount != candidate.FolioCount)
        {
            findings.Add(
                CounterFinding(
                    PlaceRole.Run,
                    0,
                    (ulong)reference.FolioCount,
                    (ulong)candidate.FolioCount,
                    "number of folios"
                )
            );
        }

        var folios = Math.Min(reference.FolioCount, candidate.FolioCount);
        for (var i = 0; i < folios; i++)
        {
            ref readonly var left = ref reference.Folios[i];
            ref readonly var right = ref candidate.Folios[i];
            var target = run.Operation.WorksOnFolio && i == run.Call.Folio;
            var kept = target ? progress.Kept : 0;
            if (!SameFlags(left.Flags & Compared, right.Flags & Compared, target))
            {
                Add((ulong)(left.Flags & Compared), (ulong)(right.Flags & Compared), "flags");
            }

            if (left.RefCount + kept != right.RefCount)
            {
                Add((ulong)(left.RefCount + kept), (ulong)right.RefCount, "refcount");
            }

            var first = left.FirstFrame;
            if (
                left.Mapcount + kept != right.Mapcount
                || (!same && !SamePages(first, left.Pages, kept))
            )
            {
                Add((ulong)(left.Mapcount + kept), (ulong)right.Mapcount, "pages");
            }

            void Add(ulong has, ulong other, string detail) =>
                findings.Add(CounterFinding(PlaceRole.Folio, i, has, other, detail));
        }

        bool SamePages(int first, int pages, int kept) =>
            SameMapcounts(reference, candidate, first, pages, kept)
            && reference
                .PageFlags.AsSpan(first, pages)
                .SequenceEqual(candidate.PageFlags.AsSpan(first, pages))
            && reference
                .PageContents.AsSpan(first, pages)
                .SequenceEqual(candidate.PageContents.AsSpan(first, pages));
    }

    /// <summary>Equal, or with what R3 lets the candidate add.</summary>
    private bool SameFlags(FolioFlags reference, FolioFlags candidate, bool target) =>
        reference == candidate
        || (
            target
            && (candidate & reference) == reference
            && (candidate & ~reference) == (progress.ExtraFlags() & ~reference)
        );

    /// <summary>Equal, up to the pages that R2 lets the candidate keep.</summary>
    private bool SameMapcounts(Machine reference, Machine candidate, int first, int pages, int kept)
    {
        var left = reference.PageMapcounts.AsSpan(first, pages);
        var right = candidate.PageMapcounts.AsSpan(first, pages);
        if (kept == 0)
        {
            return left.SequenceEqual(right);
        }

        var same = true;
        for (var page = 0; page < pages; page++)
        {
            same &= left[page] + progress.KeptPage(page) == right[page];
        }

        return same;
    }

    private void CompareMms(Machine reference, Machine candidate, FindingList findings)
    {
        for (var mm = 0; mm < reference.MmCount; mm++)
        {
            ref readonly var left = ref reference.Mms[mm];
            ref readonly var right = ref candidate.Mms[mm];
            Compare(left.RssAnon + progress.KeptOf(mm), right.RssAnon, "MM_ANONPAGES");
            Compare(left.RssFile, right.RssFile, "MM_FILEPAGES");
            Compare(left.RssShmem, right.RssShmem, "MM_SHMEMPAGES");
            Compare(left.SwapEntries, right.SwapEntries, "MM_SWAPENTS");
            Compare(left.TlbFlushPending, right.TlbFlushPending, "tlb_flush_pending");

            void Compare(int has, int other, string detail)
            {
                if (has != other)
                {
                    findings.Add(
                        CounterFinding(PlaceRole.MmCounter, mm, (ulong)has, (ulong)other, detail)
                    );
                }
            }
        }
    }

    private static Finding CounterFinding(
        PlaceRole role,
        int place,
        ulong reference,
        ulong candidate,
        string detail
    ) =>
        new()
        {
            Rule = Rules.Counters,
            Role = role,
            Mm = -1,
            Place = (uint)place,
            Reference = reference,
            Candidate = candidate,
            Step = -1,
            Detail = detail,
        };
}
