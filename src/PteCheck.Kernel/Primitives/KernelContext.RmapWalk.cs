using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Kernel.Primitives;

/// <summary>From a folio to its entries, and what its flags say of it (mm/rmap.c, mm/page_vma_mapped.c, mm/vmscan.c).</summary>
public sealed partial class KernelContext<TArch>
{
    /// <summary>
    /// vma_address: the pages of a VMA at which a folio may be mapped; null where the VMA maps none of it.
    /// The place of page 0 follows from any entry, since pages of a folio lie in order within a VMA.
    /// </summary>
    /// <param name="vma">Index of the VMA.</param>
    /// <param name="folio">Index of the folio.</param>
    /// <param name="migration">Whether the walk is one over migration entries (PVMW_MIGRATION).</param>
    public MappedWalk? VmaAddress(int vma, int folio, bool migration = false) =>
        VmaAddress(Machine, vma, folio, migration);

    /// <summary>The same of any machine.</summary>
    public static MappedWalk? VmaAddress(
        Machine machine,
        int vma,
        int folio,
        bool migration = false
    )
    {
        ref readonly var owner = ref machine.Vmas[vma];
        for (var vpn = owner.Start; vpn < owner.End; vpn++)
        {
            var page = MappedPage(machine, machine.PteAt(owner.Mm, vpn), folio, migration);
            if (page < 0)
            {
                continue;
            }

            var first = (long)vpn - page;
            var start = (uint)Math.Max(owner.Start, first);
            var end = (uint)Math.Min(owner.End, first + machine.Folios[folio].Pages);
            return new(owner.Mm, vma, folio, start, end) { Migration = migration };
        }

        return null;
    }

    /// <summary>
    /// page_vma_mapped_walk: goes to the next entry of the folio, from the slot after the last one on, and
    /// holds its table's lock. Slots that are empty or hold something else are stepped over; at the end of a
    /// table the lock is dropped and the next table's taken. Where there is no table all its slots are stepped over.
    /// </summary>
    /// <returns>False at the end, with no lock held.</returns>
    public bool PageVmaMappedWalk(ref MappedWalk walk)
    {
        if (walk.Locked)
        {
            NextPte(ref walk);
        }

        while (walk.Address < walk.End)
        {
            if (!walk.Locked)
            {
                var toTableEnd = (uint)Machine.Slots - (walk.Address & (uint)(Machine.Slots - 1));
                var pages = Math.Min(walk.End - walk.Address, toTableEnd);
                if (Machine.FindTable(walk.Mm, walk.Address) < 0)
                {
                    walk.Address += pages;
                    continue;
                }

                walk.Ptep = PteOffsetMapLock(walk.Mm, walk.Address, (int)pages);
                walk.Locked = true;
            }

            if (MappedPage(Machine, PtepGet(walk.Ptep), walk.Folio, walk.Migration) >= 0)
            {
                return true;
            }

            NextPte(ref walk);
        }

        PageVmaMappedWalkDone(ref walk);
        return false;
    }

    /// <summary>page_vma_mapped_walk_done: drops the lock, if the walk holds one.</summary>
    public void PageVmaMappedWalkDone(ref MappedWalk walk)
    {
        if (walk.Locked)
        {
            SpinUnlockPtl(walk.Ptep.Table);
            walk.Locked = false;
        }
    }

    /// <summary>folio_lock_anon_vma_read, by its effect on one VMA: nobody moves or unlinks its entries meanwhile.</summary>
    public void AnonVmaLockRead(int vma)
    {
        if (Machine.Vmas[vma].AnonVmaLock != LockMode.Free)
        {
            Fault(FaultKind.LockMisuse, vma, 0, "anon_vma_lock_read");
            throw new RunStoppedException();
        }

        Record(Primitive.RmapLock, vma);
        Machine.Vmas[vma].AnonVmaLock = LockMode.Read;
    }

    /// <summary>anon_vma_unlock_read.</summary>
    public void AnonVmaUnlockRead(int vma)
    {
        Record(Primitive.RmapUnlock, vma);
        Machine.Vmas[vma].AnonVmaLock = LockMode.Free;
    }

    /// <summary>folio_test_dirty, read to decide something.</summary>
    public bool FolioTestDirty(int folio)
    {
        Record(Primitive.FolioTestDirty, folio);
        return (Machine.Folios[folio].Flags & FolioFlags.Dirty) != 0;
    }

    /// <summary>folio_mark_dirty.</summary>
    public void FolioMarkDirty(int folio) => SetFolioFlags(folio, FolioFlags.Dirty);

    /// <summary>folio_set_swapbacked: the folio is no longer to be dropped.</summary>
    public void FolioSetSwapbacked(int folio) => SetFolioFlags(folio, FolioFlags.Swapbacked);

    /// <summary>folio_mark_lazyfree: an anonymous folio outside the swap cache is dropped by reclaim unless it is written again.</summary>
    public void FolioMarkLazyfree(int folio)
    {
        ref var owner = ref Machine.Folios[folio];
        const FolioFlags Both = FolioFlags.Swapbacked | FolioFlags.SwapCache;
        if (owner.IsAnon && (owner.Flags & Both) == FolioFlags.Swapbacked)
        {
            Record(Primitive.MarkLazyfree, folio);
            owner.Flags &= ~FolioFlags.Swapbacked;
            owner.Kind = FolioKind.Lazyfree;
        }
    }

    /// <summary>
    /// folio_ref_freeze: takes the last <paramref name="count"/> references at once; false when there are
    /// more or less.
    /// </summary>
    public bool FolioRefFreeze(int folio, int count)
    {
        Record(Primitive.FolioRefFreeze, folio, nr: count);
        ref var owner = ref Machine.Folios[folio];
        if (owner.RefCount != count)
        {
            return false;
        }

        owner.RefCount = 0;
        owner.ExtraRefs -= count;
        return true;
    }

    /// <summary>
    /// folio_unqueue_deferred_split and free_unref_folios: the pages may be anybody's from here on, and
    /// nobody may reach them through this folio.
    /// </summary>
    public void FreeFolio(int folio)
    {
        ref var owner = ref Machine.Folios[folio];
        Record(
            Primitive.FolioFree,
            folio,
            nr: owner.Pages,
            a: Machine.PfnBase + (ulong)owner.FirstFrame
        );
        owner.Flags = FolioFlags.Freed | (owner.Flags & FolioFlags.Truncated);
        Machine.PageFlags.AsSpan(owner.FirstFrame, owner.Pages).Clear();
    }

    private void SetFolioFlags(int folio, FolioFlags flags)
    {
        Record(Primitive.FolioFlags, folio, a: (ulong)flags);
        Machine.Folios[folio].Flags |= flags;
    }

    private static bool IsSought(SwapType type, bool migration) =>
        migration
            ? type
                is SwapType.MigrationRead
                    or SwapType.MigrationReadExclusive
                    or SwapType.MigrationWrite
            : type == SwapType.DeviceExclusive;

    private void NextPte(ref MappedWalk walk)
    {
        walk.Address++;
        if ((walk.Address & (uint)(Machine.Slots - 1)) == 0)
        {
            PageVmaMappedWalkDone(ref walk);
            return;
        }

        walk.Ptep = walk.Ptep.Add(1);
    }

    /// <summary>Whether an entry maps a page of the folio.</summary>
    public bool MapsFolio(Pte pte, int folio) =>
        MappedPage(Machine, pte, folio, migration: false) >= 0;

    /// <summary>check_pte: the folio's page behind a present or device-exclusive entry, or behind a migration entry; -1 for every other entry.</summary>
    private static int MappedPage(Machine machine, Pte pte, int folio, bool migration)
    {
        var present = TArch.PtePresent(pte);
        var mapped = present
            ? !migration && !TArch.PteSpecial(pte)
            : !TArch.PteNone(pte) && IsSought(TArch.SwpType(pte), migration);
        if (!mapped)
        {
            return -1;
        }

        var pfn = present ? TArch.PtePfn(pte) : TArch.SwpOffset(pte);
        return machine.FolioOf(pfn) == folio
            ? (int)(pfn - machine.PfnBase) - machine.Folios[folio].FirstFrame
            : -1;
    }
}
