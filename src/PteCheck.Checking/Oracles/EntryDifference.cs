using PteCheck.Checking.Running;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Oracles;

/// <summary>
/// One entry of the candidate's final machine against the reference's, up to relaxations R1 (young and dirty,
/// <see cref="SmearBounds{TArch}"/>), R5 (CONT) and R7 (write that comes with dirty).
/// </summary>
internal sealed class EntryDifference<TArch>(CaseRun<TArch> run)
    where TArch : struct, IArch
{
    private readonly SmearBounds<TArch> smear = new(run);

    /// <summary>Begins another case.</summary>
    public void Begin() => smear.Forget();

    /// <summary>The rule that the difference between two words breaks; null when it is accepted.</summary>
    /// <param name="mm">The mm of the entry.</param>
    /// <param name="vpn">Its page.</param>
    /// <param name="role">What its slot is to the operation.</param>
    /// <param name="reference">What the reference leaves, or what may be kept in its place.</param>
    /// <param name="candidate">What the candidate leaves.</param>
    public Rule? Of(int mm, uint vpn, PlaceRole role, Pte reference, Pte candidate)
    {
        reference = Strip(reference);
        candidate = Strip(candidate);
        if (reference == candidate)
        {
            return null;
        }

        if (TArch.PteNone(reference) != TArch.PteNone(candidate))
        {
            return NoneOnOneSide(role, reference, candidate);
        }

        var present = TArch.PtePresent(reference);
        if (present != TArch.PtePresent(candidate))
        {
            return Rules.Payload;
        }

        return present
            ? OfPresent(mm, vpn, reference, candidate)
            : OfNonPresent(reference, candidate);
    }

    private static Rule NoneOnOneSide(PlaceRole role, Pte reference, Pte candidate)
    {
        var there = TArch.PteNone(reference) ? candidate : reference;
        if (TArch.PteNone(reference) && role == PlaceRole.Source)
        {
            return Rules.LeftAtSource;
        }

        return !TArch.PtePresent(there) && TArch.SwpType(there) == SwapType.Marker
            ? Rules.UffdBit
            : Rules.Payload;
    }

    private Rule? OfPresent(int mm, uint vpn, Pte reference, Pte candidate)
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

    private static Rule OfNonPresent(Pte reference, Pte candidate)
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
}
