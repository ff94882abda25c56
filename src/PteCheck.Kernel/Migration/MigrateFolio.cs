using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.Migration;

/// <summary>
/// The migration of one anonymous folio (mm/migrate.c, migrate_pages_batch since 6.3): entries become migration
/// entries with their flush put off, the flush, the copy, and the entries come back with the new pages.
/// </summary>
internal static class MigrateFolio
{
    /// <summary>Whether the model migrates a folio: an anonymous one that is not in the swap cache.</summary>
    public static bool IsMigratable(in Folio folio) =>
        folio.IsAnon
        && folio.Mapcount > 0
        && (folio.Flags & (FolioFlags.SwapCache | FolioFlags.Freed)) == 0;

    /// <summary>try_to_migrate with TTU_BATCH_FLUSH: from VMA to VMA; whether nothing maps the folio any more.</summary>
    public static bool TryToMigrate<TArch>(KernelContext<TArch> kernel, int folio)
        where TArch : struct, IArch
    {
        var going = true;
        for (var vma = 0; vma < kernel.Machine.VmaCount && going; vma++)
        {
            if (kernel.VmaAddress(vma, folio) is not { } walk)
            {
                continue;
            }

            var pages = (int)(walk.End - walk.Start);
            kernel.AnonVmaLockRead(vma);
            kernel.MmuNotifierInvalidateRangeStart(walk.Mm, walk.Start, pages);
            going = TryToMigrateOne(kernel, ref walk);
            kernel.MmuNotifierInvalidateRangeEnd(walk.Mm, walk.Start, pages);
            kernel.AnonVmaUnlockRead(vma);
        }

        return kernel.FolioMapcount(folio) == 0;
    }

    /// <summary>
    /// migrate_folio: nothing where somebody holds a reference that the isolator and the mappings do not account
    /// for; else the contents, and what is known of the folio.
    /// </summary>
    public static bool Copy<TArch>(KernelContext<TArch> kernel, int src, int dst)
        where TArch : struct, IArch
    {
        if (kernel.FolioRefCount(src) != 1 + kernel.FolioMapcount(src))
        {
            return false;
        }

        var from = kernel.Machine.Folios[src];
        var to = kernel.Machine.Folios[dst].FirstFrame;
        for (var page = 0; page < from.Pages; page++)
        {
            kernel.CopyPage(from.FirstFrame + page, to + page);
        }

        if (kernel.FolioRefCount(src) != 1)
        {
            return false;
        }

        kernel.FolioMigrateFlags(src, dst);
        return true;
    }

    /// <summary>remove_migration_ptes: every migration entry of the old folio becomes one of the new folio; of the old one itself where it stays.</summary>
    public static void RemoveMigrationPtes<TArch>(KernelContext<TArch> kernel, int src, int dst)
        where TArch : struct, IArch
    {
        for (var vma = 0; vma < kernel.Machine.VmaCount; vma++)
        {
            if (kernel.VmaAddress(vma, src, migration: true) is { } walk)
            {
                kernel.AnonVmaLockRead(vma);
                while (kernel.PageVmaMappedWalk(ref walk))
                {
                    RemoveMigrationPte(kernel, walk, dst);
                }

                kernel.AnonVmaUnlockRead(vma);
            }
        }
    }

    /// <summary>try_to_migrate_one; false where a page may be pinned.</summary>
    private static bool TryToMigrateOne<TArch>(KernelContext<TArch> kernel, ref MappedWalk walk)
        where TArch : struct, IArch
    {
        var folio = walk.Folio;
        while (kernel.PageVmaMappedWalk(ref walk))
        {
            var pteval = kernel.PtepGet(walk.Ptep);
            var present = TArch.PtePresent(pteval);
            var pfn = present ? TArch.PtePfn(pteval) : TArch.SwpOffset(pteval);
            var frame = kernel.Machine.FrameOf(pfn);
            var exclusive = kernel.PageAnonExclusive(frame);
            if (!present)
            {
                kernel.PteClear(walk.Ptep);
            }
            else if (kernel.ShouldDeferFlush(walk.Mm, batchFlush: true))
            {
                pteval = kernel.PtepGetAndClear(walk.Ptep);
                kernel.SetTlbUbcFlushPending(walk.Mm, pteval, walk.Address, 1);
            }
            else
            {
                pteval = kernel.PtepClearFlush(walk.Mm, walk.Address, walk.Ptep);
            }

            if (present && TArch.PteDirty(pteval))
            {
                kernel.FolioMarkDirty(folio);
            }

            if (exclusive && !kernel.FolioTryShareAnonRmapPte(folio, frame))
            {
                kernel.SetPteAt(walk.Ptep, pteval);
                kernel.PageVmaMappedWalkDone(ref walk);
                return false;
            }

            kernel.SetPteAt(walk.Ptep, MigrationEntry(kernel, pteval, pfn, exclusive));
            kernel.FolioRemoveRmapPtes(folio, frame, 1);
            kernel.FolioRefAdd(folio, -1);
        }

        return true;
    }

    private static Pte MigrationEntry<TArch>(
        KernelContext<TArch> kernel,
        Pte pteval,
        ulong pfn,
        bool exclusive
    )
        where TArch : struct, IArch
    {
        var present = TArch.PtePresent(pteval);
        var writable = present && TArch.PteWrite(pteval, kernel.Machine.Context);
        var type =
            writable ? SwapType.MigrationWrite
            : exclusive ? SwapType.MigrationReadExclusive
            : SwapType.MigrationRead;
        var softDirty = present ? TArch.PteSoftDirty(pteval) : TArch.PteSwpSoftDirty(pteval);
        var uffdWp = present ? TArch.PteUffdWp(pteval) : TArch.PteSwpUffdWp(pteval);
        var entry = TArch.SwpEntryToPte(type, pfn);
        entry = softDirty ? TArch.PteSwpMkSoftDirty(entry) : entry;
        return uffdWp ? TArch.PteSwpMkUffdWp(entry) : entry;
    }

    /// <summary>remove_migration_pte, as it is where migration entries have no room for young and dirty.</summary>
    private static void RemoveMigrationPte<TArch>(
        KernelContext<TArch> kernel,
        in MappedWalk walk,
        int dst
    )
        where TArch : struct, IArch
    {
        var machine = kernel.Machine;
        ref readonly var vma = ref machine.Vmas[walk.Vma];
        var old = kernel.PtepGet(walk.Ptep);
        var type = TArch.SwpType(old);
        var page = machine.FrameOf(TArch.SwpOffset(old)) - machine.Folios[walk.Folio].FirstFrame;
        var frame = machine.Folios[dst].FirstFrame + page;
        kernel.FolioRefAdd(dst, 1);
        var prot = KernelContext<TArch>.VmaPageProt(vma.Flags);
        var pte = TArch.PteMkOld(TArch.PfnPte(machine.PfnBase + (ulong)frame, prot));
        pte = TArch.PteSwpSoftDirty(old) ? TArch.PteMkSoftDirty(pte) : TArch.PteClearSoftDirty(pte);
        if (type == SwapType.MigrationWrite)
        {
            pte = TArch.PteMkWrite(pte, vma.Has(VmaFlags.ShadowStack), machine.Context);
        }
        else if (TArch.PteSwpUffdWp(old))
        {
            pte = TArch.PteMkUffdWp(pte);
        }

        kernel.FolioAddRmapPtes(dst, frame, 1);
        if (type != SwapType.MigrationRead)
        {
            kernel.SetPageAnonExclusive(dst, frame);
        }

        kernel.SetPteAt(walk.Ptep, pte);
    }
}
