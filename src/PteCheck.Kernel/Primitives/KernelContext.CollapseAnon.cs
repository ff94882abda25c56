using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Kernel.Primitives;

/// <summary>What anonymous collapses need beside the rest: large folios, isolation, the lock of the anon_vma (mm/khugepaged.c, mm/vmscan.c, mm/rmap.c).</summary>
public sealed partial class KernelContext<TArch>
{
    /// <summary>What the operation that this context runs has isolated.</summary>
    public CollapseSources Sources { get; } = new();

    /// <summary>
    /// alloc_charge_folio: a new folio with one reference, at a multiple of its size; -1 when the machine has no room
    /// for it. Its pages hold what was there before, until something is copied in or clear_user_highpage.
    /// </summary>
    public int AllocChargeFolio(int order)
    {
        CondResched();
        var pages = 1 << order;
        var first = (Machine.FrameCount + pages - 1) & -pages;
        if (Machine.FolioCount == Machine.MaxFolios || first + pages > Machine.MaxFrames)
        {
            return -1;
        }

        Machine.FrameFolios.AsSpan(Machine.FrameCount, first - Machine.FrameCount).Fill(-1);
        Machine.PageMapcounts.AsSpan(Machine.FrameCount, first - Machine.FrameCount).Clear();
        Machine.PageFlags.AsSpan(Machine.FrameCount, first - Machine.FrameCount).Clear();
        var folio = Machine.FolioCount++;
        Machine.FrameCount = first + pages;
        Machine.Folios[folio] = new()
        {
            FirstFrame = first,
            Order = (byte)order,
            RefCount = 1,
            Kind = FolioKind.Lazyfree,
            Flags = FolioFlags.Lru,
        };
        Machine.FrameFolios.AsSpan(first, pages).Fill((short)folio);
        Machine.PageMapcounts.AsSpan(first, pages).Clear();
        Machine.PageFlags.AsSpan(first, pages).Clear();
        Machine.PageContents.AsSpan(first, pages).Fill(Machine.LeftoverContent);
        Record(
            Primitive.FolioAlloc,
            folio,
            nr: pages,
            a: Machine.PfnBase + (ulong)first,
            b: Machine.LeftoverContent
        );
        return folio;
    }

    /// <summary>clear_user_highpage: a page gets zeroes.</summary>
    public void ClearUserHighpage(int frame)
    {
        Record(Primitive.ClearPage, Machine.FrameFolios[frame], a: (ulong)frame);
        Machine.PageContents[frame] = Machine.ZeroContent;
    }

    /// <summary>A page read from swap, on a folio of its own: what it holds follows from the slot. -1 when there is no room.</summary>
    public int SwapinFolio(Pte pte)
    {
        CondResched();
        var folio = FolioPrealloc();
        if (folio >= 0)
        {
            var slot =
                ((int)TArch.SwpType(pte) * Machine.SwapSlotsPerDevice) + (int)TArch.SwpOffset(pte);
            var frame = Machine.Folios[folio].FirstFrame;
            Machine.PageContents[frame] = Machine.FirstSwapContent + (ulong)slot;
        }

        return folio;
    }

    /// <summary>folio_trylock: does not sleep.</summary>
    public bool FolioTrylock(int folio)
    {
        if ((Machine.Folios[folio].Flags & FolioFlags.Locked) != 0)
        {
            return false;
        }

        Record(Primitive.FolioLock, folio);
        Machine.Folios[folio].Flags |= FolioFlags.Locked;
        return true;
    }

    /// <summary>folio_isolate_lru: takes the folio off its list, with a reference; false where it is on none.</summary>
    public bool FolioIsolateLru(int folio)
    {
        ref var owner = ref Machine.Folios[folio];
        if ((owner.Flags & FolioFlags.Lru) == 0)
        {
            return false;
        }

        owner.Flags &= ~FolioFlags.Lru;
        owner.ExtraRefs++;
        FolioRefAdd(folio, 1);
        return true;
    }

    /// <summary>folio_putback_lru: back onto its list; the last reference frees it.</summary>
    public void FolioPutbackLru(int folio)
    {
        ref var owner = ref Machine.Folios[folio];
        owner.Flags |= FolioFlags.Lru;
        owner.ExtraRefs--;
        FolioPutRefs(folio, 1);
    }

    /// <summary>free_swap_cache: a folio that nothing maps any more and nobody has locked leaves the swap cache.</summary>
    public void FreeSwapCache(int folio)
    {
        ref var owner = ref Machine.Folios[folio];
        const FolioFlags Both = FolioFlags.SwapCache | FolioFlags.Locked;
        if ((owner.Flags & Both) == FolioFlags.SwapCache && owner.Mapcount == 0)
        {
            owner.Flags &= ~FolioFlags.SwapCache;
            FolioRefAdd(folio, -owner.Pages);
        }
    }

    /// <summary>
    /// folio_add_new_anon_rmap of a large folio: mapped page by page, each exclusive; or by a leaf, which says so on
    /// its first page for all. Swap-backed unless the VMA is droppable.
    /// </summary>
    public void FolioAddNewAnonRmap(int folio, int vma, bool leaf)
    {
        ref var owner = ref Machine.Folios[folio];
        if (!Machine.Vmas[vma].Has(VmaFlags.Droppable))
        {
            owner.Kind = FolioKind.Anon;
            FolioSetSwapbacked(folio);
        }

        if (leaf)
        {
            FolioAddRmapPmd(folio);
        }
        else
        {
            FolioAddRmapPtes(folio, owner.FirstFrame, owner.Pages);
        }

        var exclusive = leaf ? 1 : owner.Pages;
        Record(
            Primitive.PageFlags,
            folio,
            nr: exclusive,
            a: (ulong)owner.FirstFrame,
            b: Machine.AnonExclusive
        );
        foreach (ref var flags in Machine.PageFlags.AsSpan(owner.FirstFrame, exclusive))
        {
            flags |= Machine.AnonExclusive;
        }
    }

    /// <summary>anon_vma_lock_write: rmap walks of the VMA's pages wait.</summary>
    public void AnonVmaLockWrite(int vma)
    {
        if (Machine.Vmas[vma].AnonVmaLock != LockMode.Free)
        {
            Fault(FaultKind.LockMisuse, vma, 0, "anon_vma_lock_write");
            throw new RunStoppedException();
        }

        Record(Primitive.RmapLock, vma, nr: 1);
        Machine.Vmas[vma].AnonVmaLock = LockMode.Write;
    }

    /// <summary>anon_vma_unlock_write.</summary>
    public void AnonVmaUnlockWrite(int vma)
    {
        Record(Primitive.RmapUnlock, vma, nr: 1);
        Machine.Vmas[vma].AnonVmaLock = LockMode.Free;
    }

    /// <summary>
    /// mmap_write_lock without vma_start_write: who has a VMA locked for reading by itself, a page fault or
    /// MADV_DONTNEED, goes on.
    /// </summary>
    public void MmapWriteLockAlone(int mm)
    {
        MmapWriteLock(mm);
        Machine.Mms[mm].VmaLocksOpen = true;
    }

    /// <summary>Whether who needs mmap_lock or the lock of a VMA for reading must wait.</summary>
    internal bool BlocksReaders(int mm) =>
        Machine.Mms[mm].MmapLock == LockMode.Write && !Machine.Mms[mm].VmaLocksOpen;
}
