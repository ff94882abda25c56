using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Kernel.Primitives;

/// <summary>Mapcounts, references and rss (mm/rmap.c, include/linux/mm.h). None may fall below zero.</summary>
public sealed partial class KernelContext<TArch>
{
    /// <summary>
    /// folio_remove_rmap_ptes: <paramref name="nr"/> pages from <paramref name="frame"/> on lose one mapping
    /// each. When that was the last mapping of a page and other pages of the folio stay mapped, a large
    /// anonymous folio is partially mapped from then on and queued for splitting (__folio_remove_rmap).
    /// </summary>
    public void FolioRemoveRmapPtes(int folio, int frame, int nr)
    {
        var last = ChangeRmap(Primitive.RemoveRmap, folio, frame, nr, -1, "folio_remove_rmap_ptes");
        ref readonly var owner = ref Machine.Folios[folio];
        var partiallyMapped = last > 0 && owner.Mapcount > 0;
        var known = (owner.Flags & FolioFlags.DeferredSplit) != 0;
        if (partiallyMapped && owner.IsLarge && owner.IsAnon && !known)
        {
            DeferredSplitFolio(folio);
        }
    }

    /// <summary>folio_add_*_rmap_ptes: <paramref name="nr"/> pages from <paramref name="frame"/> on gain one mapping each.</summary>
    public void FolioAddRmapPtes(int folio, int frame, int nr) =>
        ChangeRmap(Primitive.AddRmap, folio, frame, nr, 1, "folio_add_rmap_ptes");

    /// <summary>folio_ref_count, read to decide something.</summary>
    public int FolioRefCount(int folio)
    {
        Record(Primitive.FolioRefCount, folio);
        return Machine.Folios[folio].RefCount;
    }

    /// <summary>folio_mapcount, read to decide something.</summary>
    public int FolioMapcount(int folio)
    {
        Record(Primitive.FolioMapcount, folio);
        return Machine.Folios[folio].Mapcount;
    }

    /// <summary>folio_ref_add or folio_put_refs.</summary>
    public void FolioRefAdd(int folio, int nr)
    {
        Record(Primitive.FolioRef, folio, nr: nr);
        Machine.Folios[folio].RefCount += nr;
        if (Machine.Folios[folio].RefCount < 0)
        {
            Fault(FaultKind.CountBelowZero, folio, 0, "folio_put_refs");
        }
    }

    /// <summary>add_mm_counter for pages of a folio's kind.</summary>
    public void AddMmCounter(int mm, FolioKind kind, int nr)
    {
        Record(Primitive.MmCounter, mm, nr: nr);
        ref var owner = ref Machine.Mms[mm];
        ref var counter = ref owner.RssAnon;
        switch (kind)
        {
            case FolioKind.File:
                counter = ref owner.RssFile;
                break;
            case FolioKind.Shmem:
                counter = ref owner.RssShmem;
                break;
        }

        counter += nr;
        if (counter < 0)
        {
            Fault(FaultKind.CountBelowZero, mm, 0, "add_mm_counter");
        }
    }

    /// <summary>ClearPageAnonExclusive of <paramref name="nr"/> pages from <paramref name="frame"/> on: they may be shared from now on.</summary>
    public void ClearPageAnonExclusive(int folio, int frame, int nr)
    {
        Record(Primitive.PageFlags, folio, nr: nr, a: (ulong)frame);
        foreach (ref var flags in Machine.PageFlags.AsSpan(frame, nr))
        {
            flags = (byte)(flags & ~Machine.AnonExclusive);
        }
    }

    /// <summary>swap_duplicate: one more entry refers to the swap slot of <paramref name="pte"/>.</summary>
    public void SwapDuplicate(Pte pte)
    {
        var slot =
            ((int)TArch.SwpType(pte) * Machine.SwapSlotsPerDevice) + (int)TArch.SwpOffset(pte);
        Record(Primitive.SwapDuplicate, a: (ulong)slot);
        Machine.SwapCounts[slot]++;
    }

    /// <summary>deferred_split_folio: onto the queue of the shrinker, but not out of the swap cache (mm/huge_memory.c).</summary>
    private void DeferredSplitFolio(int folio)
    {
        ref var owner = ref Machine.Folios[folio];
        if ((owner.Flags & FolioFlags.SwapCache) == 0)
        {
            Record(Primitive.DeferredSplit, folio);
            owner.Flags |= FolioFlags.DeferredSplit;
        }
    }

    /// <returns>Pages that no entry maps any more.</returns>
    private int ChangeRmap(Primitive op, int folio, int frame, int nr, int by, string name)
    {
        Record(op, folio, nr: nr, a: (ulong)frame);
        Machine.Folios[folio].Mapcount += nr * by;
        var unmapped = 0;
        for (var i = 0; i < nr; i++)
        {
            if (frame + i >= Machine.FrameCount)
            {
                Fault(FaultKind.CountBelowZero, folio, 0, name);
                break;
            }

            Machine.PageMapcounts[frame + i] += by;
            unmapped += Machine.PageMapcounts[frame + i] == 0 ? 1 : 0;
            if (Machine.PageMapcounts[frame + i] < 0)
            {
                Fault(FaultKind.CountBelowZero, folio, 0, name);
            }
        }

        return unmapped;
    }
}
