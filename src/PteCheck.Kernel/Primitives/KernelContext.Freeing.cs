using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Kernel.Primitives;

/// <summary>What goes with a mapping when it is zapped: references, swap slots, entries that are not present.</summary>
public sealed partial class KernelContext<TArch>
{
    /// <summary>folios_put_refs, or folio_put for one: puts references, and frees the folio when none is left.</summary>
    public void FolioPutRefs(int folio, int nr)
    {
        FolioRefAdd(folio, -nr);
        if (Machine.Folios[folio].RefCount == 0)
        {
            FreeFolio(folio);
        }
    }

    /// <summary>free_swap_and_cache_nr: <paramref name="nr"/> swap slots from the one of <paramref name="pte"/> on lose one user each.</summary>
    public void FreeSwapAndCacheNr(Pte pte, int nr)
    {
        var slot =
            ((int)TArch.SwpType(pte) * Machine.SwapSlotsPerDevice) + (int)TArch.SwpOffset(pte);
        Record(Primitive.SwapFree, nr: nr, a: (ulong)slot);
        for (var i = slot; i < slot + nr; i++)
        {
            Machine.SwapCounts[i]--;
            if (Machine.SwapCounts[i] < 0)
            {
                Fault(FaultKind.CountBelowZero, i, 0, "free_swap_and_cache_nr");
            }
        }
    }

    /// <summary>add_mm_counter of MM_SWAPENTS.</summary>
    public void AddSwapEntries(int mm, int nr)
    {
        Record(Primitive.MmCounter, mm, nr: nr);
        Machine.Mms[mm].SwapEntries += nr;
        if (Machine.Mms[mm].SwapEntries < 0)
        {
            Fault(FaultKind.CountBelowZero, mm, 0, "add_mm_counter");
        }
    }

    /// <summary>clear_not_present_full_ptes: empties <paramref name="nr"/> slots that hardware never used.</summary>
    public void ClearNotPresentFullPtes(PtePointer ptep, int nr)
    {
        CheckAccess(ptep, nr, "clear_not_present_full_ptes");
        CheckBatch(ptep, nr, "clear_not_present_full_ptes");
        Record(Primitive.PteClear, ptep.Table, ptep.Slot, nr);
        for (var slot = ptep.Slot; slot < ptep.Slot + nr; slot++)
        {
            Store(ptep.Table, slot, Pte.None);
        }
    }

    /// <summary>mmap_read_lock: nobody changes the VMAs meanwhile; others may zap and fault beside.</summary>
    public void MmapReadLock(int mm)
    {
        if (Machine.Mms[mm].MmapLock == LockMode.Write)
        {
            Fault(FaultKind.LockMisuse, mm, 0, "mmap_read_lock");
            throw new RunStoppedException();
        }

        Machine.Mms[mm].MmapLock = LockMode.Read;
        Record(Primitive.MmapLock, mm, nr: 1);
    }

    /// <summary>mmap_read_unlock.</summary>
    public void MmapReadUnlock(int mm)
    {
        if (Machine.Mms[mm].MmapLock != LockMode.Read)
        {
            Fault(FaultKind.LockMisuse, mm, 0, "mmap_read_unlock");
            throw new RunStoppedException();
        }

        Record(Primitive.MmapUnlock, mm, nr: 1);
        Machine.Mms[mm].MmapLock = LockMode.Free;
    }
}
