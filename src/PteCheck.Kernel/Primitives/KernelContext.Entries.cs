using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Kernel.Primitives;

/// <summary>Reading, clearing and setting page-table entries (include/linux/pgtable.h).</summary>
public sealed partial class KernelContext<TArch>
{
    /// <summary>ptep_get. On arm64 the young and dirty of a contiguous block are gathered into the value.</summary>
    public Pte PtepGet(PtePointer ptep)
    {
        CheckAccess(ptep, 1, "ptep_get", reads: true);
        Record(Primitive.PtepGet, ptep.Table, ptep.Slot, 1);
        var pte = Load(ptep.Table, ptep.Slot);
        return IsValidCont(pte) ? ContptePtepGet(ptep, pte) : pte;
    }

    /// <summary>ptep_get_and_clear: fetch and zero, no flush. arm64 unfolds the slot's block first.</summary>
    public Pte PtepGetAndClear(PtePointer ptep)
    {
        CheckAccess(ptep, 1, "ptep_get_and_clear");
        Record(Primitive.PtepGetAndClear, ptep.Table, ptep.Slot, 1);
        ContpteTryUnfold(ptep);
        return Exchange(ptep.Table, ptep.Slot);
    }

    /// <summary>pte_clear: as <see cref="PtepGetAndClear"/>, without the value.</summary>
    public void PteClear(PtePointer ptep)
    {
        CheckAccess(ptep, 1, "pte_clear");
        Record(Primitive.PteClear, ptep.Table, ptep.Slot, 1);
        ContpteTryUnfold(ptep);
        Store(ptep.Table, ptep.Slot, Pte.None);
    }

    /// <summary>
    /// get_and_clear_full_ptes(full=0), since 6.17 spelled get_and_clear_ptes: fetch and zero
    /// <paramref name="nr"/> entries. The result is the first, made dirty and young when any later one
    /// is; all other bits of the later ones are lost. No flush.
    /// </summary>
    public Pte GetAndClearFullPtes(PtePointer ptep, int nr)
    {
        CheckAccess(ptep, nr, "get_and_clear_full_ptes");
        CheckBatch(ptep, nr, "get_and_clear_full_ptes");
        Record(Primitive.GetAndClearPtes, ptep.Table, ptep.Slot, nr);
        ContpteUnfoldPartial(ptep, nr);
        var pte = Exchange(ptep.Table, ptep.Slot);
        for (var i = 1; i < nr; i++)
        {
            pte = Merge(pte, Exchange(ptep.Table, ptep.Slot + i));
        }

        return pte;
    }

    /// <summary>
    /// set_ptes: stores <paramref name="pte"/> and its successors by PFN. With more than one entry the
    /// slots must not be present before and the run must lie in one folio and one table
    /// (include/linux/pgtable.h, above set_ptes). No flush.
    /// </summary>
    public void SetPtes(PtePointer ptep, Pte pte, int nr)
    {
        CheckAccess(ptep, nr, "set_ptes");
        CheckBatch(ptep, nr, "set_ptes");
        if (nr > 1)
        {
            CheckSetPtes(ptep, pte, nr);
        }

        Record(Primitive.SetPtes, ptep.Table, ptep.Slot, nr, pte.Word);
        if (TArch.HasContpte)
        {
            ContpteSetPtes(ptep, pte, nr);
            return;
        }

        RawSetPtes(ptep, pte, nr);
    }

    /// <summary>set_pte_at: <see cref="SetPtes"/> of one entry.</summary>
    public void SetPteAt(PtePointer ptep, Pte pte) => SetPtes(ptep, pte, 1);

    /// <summary>pte_is_uffd_wp_marker (include/linux/swapops.h): a test of one bit of a marker's offset.</summary>
    public static bool PteIsUffdWpMarker(Pte pte) =>
        !TArch.PtePresent(pte)
        && TArch.SwpType(pte) == SwapType.Marker
        && ((PteMarkers)TArch.SwpOffset(pte) & PteMarkers.UffdWp) != 0;

    private void RawSetPtes(PtePointer ptep, Pte pte, int nr, bool byArch = false)
    {
        for (var i = 0; i < nr; i++)
        {
            Store(ptep.Table, ptep.Slot + i, i == 0 ? pte : Advance(pte, i), byArch);
        }
    }

    private Pte Advance(Pte pte, int nr) =>
        (Choices & PrimitiveChoices.AdvanceIgnoresInversion) != 0
            ? new Pte(pte.Word + ((ulong)nr << 12))
            : TArch.PteAdvancePfn(pte, nr);

    /// <summary>The gathering of young and dirty in get_and_clear_full_ptes.</summary>
    private Pte Merge(Pte first, Pte later)
    {
        if ((Choices & PrimitiveChoices.MergeDropsYoungDirty) != 0)
        {
            return first;
        }

        var always = (Choices & PrimitiveChoices.MergeMarksAlways) != 0;
        var keep = (Choices & PrimitiveChoices.MergeKeepsShadowStack) != 0 && IsShadowStack(first);
        if ((always || TArch.PteDirty(later)) && !keep)
        {
            var keepSoftDirty =
                (Choices & PrimitiveChoices.MergeKeepsSoftDirty) != 0 && !TArch.PteSoftDirty(first);
            first = TArch.PteMkDirty(first);
            first = keepSoftDirty ? TArch.PteClearSoftDirty(first) : first;
        }

        return always || TArch.PteYoung(later) ? TArch.PteMkYoung(first) : first;
    }

    /// <summary>pte_shstk: writable, and not by the write bit.</summary>
    private bool IsShadowStack(Pte pte) =>
        TArch.PteWrite(pte, Machine.Context)
        && !TArch.PteWrite(pte, Machine.Context with { ShadowStack = false });

    private void CheckBatch(PtePointer ptep, int nr, string by)
    {
        if (nr < 1)
        {
            Fault(FaultKind.EmptyBatch, ptep.Table, ptep.Slot, by);
            throw new RunStoppedException();
        }
    }

    private void CheckSetPtes(PtePointer ptep, Pte pte, int nr)
    {
        var folio = Machine.FolioOf(TArch.PtePfn(pte));
        var last = Machine.FolioOf(TArch.PtePfn(pte) + (ulong)nr - 1);
        var broken = !TArch.PtePresent(pte) || folio < 0 || folio != last;
        for (var i = 0; i < nr && !broken; i++)
        {
            broken = TArch.PtePresent(Load(ptep.Table, ptep.Slot + i));
        }

        if (broken)
        {
            Fault(FaultKind.SetPtesPrecondition, ptep.Table, ptep.Slot, "set_ptes");
        }
    }
}
