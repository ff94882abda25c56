using PteCheck.Checking.Running;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Checking.Oracles;

/// <summary>
/// The candidate's final machine against the reference's: every entry, folio, page and counter, up to
/// relaxations R1 (young and dirty, <see cref="SmearBounds{TArch}"/>), R2 and R3 (pages kept and dirty seen
/// by a whole batch, <see cref="PartialProgress{TArch}"/>) and R5 (what is not compared).
/// </summary>
public sealed class StateOracle<TArch>(CaseRun<TArch> run)
    where TArch : struct, IArch
{
    private readonly SmearBounds<TArch> smear = new(run);
    private readonly PartialProgress<TArch> progress = new(run);

    /// <summary>Judges both final machines.</summary>
    public void Judge(FindingList findings)
    {
        var reference = run.ReferenceSide.Machine;
        var candidate = run.CandidateSide.Machine;
        smear.Forget();
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
        var rule = Difference(owner.Mm, vpn, expected, candidate);
        if (rule is null)
        {
            return;
        }

        findings.Add(
            new()
            {
                Rule = rule,
                Role = RoleOf(owner.Mm, vpn),
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

    /// <summary>The rule that the difference between two words breaks; null when it is accepted.</summary>
    private Rule? Difference(int mm, uint vpn, Pte reference, Pte candidate)
    {
        reference = Strip(reference);
        candidate = Strip(candidate);
        if (reference == candidate)
        {
            return null;
        }

        if (TArch.PteNone(reference) != TArch.PteNone(candidate))
        {
            return NoneOnOneSide(mm, vpn, reference, candidate);
        }

        var present = TArch.PtePresent(reference);
        if (present != TArch.PtePresent(candidate))
        {
            return Rules.Payload;
        }

        return present
            ? DifferencePresent(mm, vpn, reference, candidate)
            : DifferenceNonPresent(reference, candidate);
    }

    private Rule NoneOnOneSide(int mm, uint vpn, Pte reference, Pte candidate)
    {
        var there = TArch.PteNone(reference) ? candidate : reference;
        if (TArch.PteNone(reference) && RoleOf(mm, vpn) == PlaceRole.Source)
        {
            return Rules.LeftAtSource;
        }

        return !TArch.PtePresent(there) && TArch.SwpType(there) == SwapType.Marker
            ? Rules.UffdBit
            : Rules.Payload;
    }

    private Rule? DifferencePresent(int mm, uint vpn, Pte reference, Pte candidate)
    {
        var context = run.Initial.Context;
        if (Bare(reference) != Bare(candidate))
        {
            return Rules.Payload;
        }

        var write = TArch.PteWrite(candidate, context);
        if (
            write != TArch.PteWrite(reference, context)
            && !MayBeWrittenTo(mm, vpn, reference, candidate)
        )
        {
            return write ? Rules.WriteGained : Rules.WriteLost;
        }

        if (TArch.PteUffdWp(reference) != TArch.PteUffdWp(candidate))
        {
            return Rules.UffdBit;
        }

        var softDirty = TArch.PteSoftDirty(candidate);
        if (softDirty != TArch.PteSoftDirty(reference))
        {
            return softDirty ? Rules.SoftDirtyGained : Rules.SoftDirtyLost;
        }

        return IsSamePage(mm, vpn, candidate) && smear.Allows(mm, vpn, reference, candidate)
            ? null
            : Rules.YoungDirty;
    }

    /// <summary>R1 is about an entry that moved or came back, and not about that of a page which took another's place.</summary>
    private bool IsSamePage(int mm, uint vpn, Pte candidate)
    {
        if (!run.Operation.CollapsesAnon)
        {
            return true;
        }

        var before = run.Initial.PteAt(mm, vpn);
        return TArch.PtePresent(before) && TArch.PtePfn(before) == TArch.PtePfn(candidate);
    }

    /// <summary>
    /// Relaxation R7: a clean entry of a shared mapping that became dirty with its batch became writable as well. What
    /// else stands against write is judged as ever, and so is where the dirty bit comes from (R1). Clean means at the
    /// start: in the reference a fold on arm64 may have made it dirty after it was found clean.
    /// </summary>
    private bool MayBeWrittenTo(int mm, uint vpn, Pte reference, Pte candidate)
    {
        var vma = run.Operation.Protects ? run.Initial.FindVma(mm, vpn) : -1;
        if (vma < 0 || !run.Initial.Vmas[vma].Has(VmaFlags.Shared))
        {
            return false;
        }

        var tracked = TArch.HasSoftDirty && run.Initial.Vmas[vma].Has(VmaFlags.SoftDirtyTracked);
        return TArch.PteWrite(candidate, run.Initial.Context)
            && TArch.PteDirty(candidate)
            && !TArch.PteDirty(run.Initial.PteAt(mm, vpn))
            && !TArch.PteUffdWp(candidate)
            && (!tracked || TArch.PteSoftDirty(candidate))
            && smear.Allows(mm, vpn, reference, candidate);
    }

    private static Rule DifferenceNonPresent(Pte reference, Pte candidate)
    {
        if (
            TArch.SwpType(reference) != TArch.SwpType(candidate)
            || TArch.SwpOffset(reference) != TArch.SwpOffset(candidate)
            || TArch.PteSwpExclusive(reference) != TArch.PteSwpExclusive(candidate)
        )
        {
            return Rules.Payload;
        }

        if (TArch.PteSwpUffdWp(reference) != TArch.PteSwpUffdWp(candidate))
        {
            return Rules.UffdBit;
        }

        return TArch.PteSwpSoftDirty(candidate) ? Rules.SoftDirtyGained : Rules.SoftDirtyLost;
    }

    /// <summary>Without CONT, which is the architecture's own affair (R5).</summary>
    private static Pte Strip(Pte pte) => TArch.PtePresent(pte) ? TArch.PteMkNonCont(pte) : pte;

    /// <summary>Without everything that has a rule of its own.</summary>
    private static Pte Bare(Pte pte) =>
        TArch.PteMkOld(
            TArch.PteWrProtect(TArch.PteMkClean(TArch.PteClearSoftDirty(TArch.PteClearUffdWp(pte))))
        );

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
