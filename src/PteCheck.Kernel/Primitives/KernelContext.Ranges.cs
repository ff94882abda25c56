using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Kernel.Primitives;

/// <summary>What clear_young_dirty_ptes clears.</summary>
[Flags]
public enum CydpFlags
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>CYDP_CLEAR_YOUNG.</summary>
    ClearYoung = 1,

    /// <summary>CYDP_CLEAR_DIRTY.</summary>
    ClearDirty = 2,
}

/// <summary>Helpers that change a range of present entries in place (include/linux/pgtable.h, arch/arm64/mm/contpte.c).</summary>
public sealed partial class KernelContext<TArch>
{
    /// <summary>clear_full_ptes(full=0), since 6.17 spelled clear_ptes: as <see cref="GetAndClearFullPtes"/>, without the value.</summary>
    public void ClearFullPtes(PtePointer ptep, int nr) => GetAndClearFullPtes(ptep, nr);

    /// <summary>ptep_clear_flush (mm/pgtable-generic.c): clears, and flushes the page unless no CPU can hold it.</summary>
    public Pte PtepClearFlush(int mm, uint vpn, PtePointer ptep)
    {
        var pte = PtepGetAndClear(ptep);
        if (MayBeCached(mm, pte))
        {
            FlushTlbRange(mm, vpn, 1);
        }

        return pte;
    }

    /// <summary>pte_accessible: whether a CPU may hold a translation of the entry, which is protnone perhaps only since a scan whose flush is outstanding.</summary>
    private bool MayBeCached(int mm, Pte pte)
    {
        var looks = (Choices & PrimitiveChoices.AccessibleIgnoresPending) == 0;
        return TArch.PteAccessible(pte, looks && Machine.Mms[mm].TlbFlushPending > 0);
    }

    /// <summary>
    /// wrprotect_ptes: takes write from each entry, other bits may differ. arm64 unfolds only blocks that
    /// the range covers in part; whole blocks stay contiguous and are write-protected in place.
    /// </summary>
    public void WrprotectPtes(PtePointer ptep, int nr)
    {
        CheckAccess(ptep, nr, "wrprotect_ptes");
        CheckBatch(ptep, nr, "wrprotect_ptes");
        Record(Primitive.WrprotectPtes, ptep.Table, ptep.Slot, nr);
        ContpteUnfoldPartial(ptep, nr);
        for (var slot = ptep.Slot; slot < ptep.Slot + nr; slot++)
        {
            Store(ptep.Table, slot, TArch.PteWrProtect(Load(ptep.Table, slot)));
        }
    }

    /// <summary>
    /// clear_young_dirty_ptes: clears young or dirty of each entry. arm64 widens the range to the whole
    /// contiguous blocks that it touches.
    /// </summary>
    public void ClearYoungDirtyPtes(PtePointer ptep, int nr, CydpFlags flags)
    {
        CheckAccess(ptep, nr, "clear_young_dirty_ptes");
        CheckBatch(ptep, nr, "clear_young_dirty_ptes");
        Record(Primitive.ClearYoungDirtyPtes, ptep.Table, ptep.Slot, nr);
        int first = ptep.Slot,
            end = ptep.Slot + nr;
        first = IsValidCont(Load(ptep.Table, first)) ? BlockStart(first) : first;
        end = IsValidCont(Load(ptep.Table, end - 1)) ? BlockStart(end - 1) + Machine.ContPtes : end;
        for (var slot = first; slot < end; slot++)
        {
            var pte = Load(ptep.Table, slot);
            pte = (flags & CydpFlags.ClearYoung) != 0 ? TArch.PteMkOld(pte) : pte;
            pte = (flags & CydpFlags.ClearDirty) != 0 ? TArch.PteMkClean(pte) : pte;
            var widened = slot < ptep.Slot || slot >= ptep.Slot + nr;
            Store(ptep.Table, slot, pte, byArch: widened);
        }
    }

    /// <summary>
    /// modify_prot_start_ptes: empties the entries and returns the first with the young and dirty of all.
    /// Everything but young and dirty is taken to be the same in all of them.
    /// </summary>
    public Pte ModifyProtStartPtes(PtePointer ptep, int nr) => GetAndClearFullPtes(ptep, nr);

    /// <summary>
    /// modify_prot_commit_ptes: stores the new value over the entries. arm64 stores the range at once,
    /// and so may paint it contiguous; x86-64 stores entry by entry.
    /// </summary>
    public void ModifyProtCommitPtes(PtePointer ptep, Pte pte, int nr)
    {
        if (TArch.HasContpte)
        {
            SetPtes(ptep, pte, nr);
            return;
        }

        for (var i = 0; i < nr; i++)
        {
            SetPteAt(ptep.Add(i), Advance(pte, i));
        }
    }
}
