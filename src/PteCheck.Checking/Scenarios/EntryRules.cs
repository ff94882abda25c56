using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Scenarios;

/// <summary>What each VMA, and each entry with its VMA and folio, has in every state that a kernel reaches.</summary>
public static class EntryRules
{
    private const VmaFlags Rights = VmaFlags.Read | VmaFlags.Write | VmaFlags.Exec;

    /// <summary>The rules in order.</summary>
    public static readonly IReadOnlyList<ReachabilityRule> All =
    [
        Vmas(
            "RS20",
            "A VMA is shared only if a file stands behind it, and has one file at most.",
            "mm/shmem.c, shmem_zero_setup: a shared anonymous mapping is shmem",
            (_, in vma) =>
                Has(vma, VmaFlags.FileBacked)
                    ? (vma.Flags & VmaFlags.FileBacked) != VmaFlags.FileBacked
                    : !Has(vma, VmaFlags.Shared)
        ),
        Vmas(
            "RS21",
            "EVENT_REMAP and WP_UNPOPULATED are features of a VMA that is registered with a userfaultfd; minor mode is for shmem, missing mode for anonymous memory and shmem.",
            "fs/userfaultfd.c, vma_can_userfault",
            (_, in vma) =>
                Has(vma, VmaFlags.UffdAny)
                    ? CanUserfault(vma)
                    : !Has(vma, VmaFlags.UffdEventRemap | VmaFlags.UffdWpUnpopulated)
        ),
        Vmas(
            "RS22",
            "A shadow stack needs the processor's, and is private, anonymous, readable and writable, never executable.",
            "arch/x86/kernel/shstk.c, alloc_shstk; mm/mmap.c, VM_SHADOW_STACK",
            (s, in vma) =>
                !Has(vma, VmaFlags.ShadowStack)
                || (
                    s.ShadowStack
                    && (vma.Flags & (Rights | VmaFlags.Shared | VmaFlags.FileBacked))
                        == (VmaFlags.Read | VmaFlags.Write)
                )
        ),
        Vmas(
            "RS23",
            "A droppable VMA is private, anonymous, not locked and without userfaultfd.",
            "mm/mmap.c, MAP_DROPPABLE; fs/userfaultfd.c, vma_can_userfault",
            (_, in vma) =>
                !Has(vma, VmaFlags.Droppable)
                || !Has(
                    vma,
                    VmaFlags.Shared
                        | VmaFlags.FileBacked
                        | VmaFlags.Locked
                        | VmaFlags.UffdAny
                        | VmaFlags.ShadowStack
                )
        ),
        Entries(
            "RS24",
            "A uffd-wp bit or marker lies in a VMA that is registered for write protection.",
            "mm/userfaultfd.c, clearing of the bits at unregistration; facts: no uffd bit in a VMA without uffd flag",
            (_, in vma, in pte) => !IsUffdWp(pte) || Has(vma, VmaFlags.UffdWp)
        ),
        Entries(
            "RS25",
            "A uffd-wp entry is not writable.",
            "arch/x86/include/asm/pgtable.h, pte_mkuffd_wp; mm/migrate.c, remove_migration_pte",
            (_, in _, in pte) => !pte.Has(PteBits.UffdWp) || !IsWritable(pte)
        ),
        Entries(
            "RS26",
            "A protnone entry is not writable, but in a shadow stack.",
            "mm/mprotect.c, change_pte_range: pte_modify to PAGE_NONE drops the write bit; arch/x86/include/asm/pgtable.h, pte_modify and pte_shstk: an entry of a shadow stack keeps what makes it one",
            (_, in vma, in pte) =>
                !pte.Has(PteBits.Protnone | PteBits.Write) || Has(vma, VmaFlags.ShadowStack)
        ),
        Entries(
            "RS27",
            "An entry is writable only in a writable VMA.",
            "mm/memory.c, maybe_mkwrite; mm/mprotect.c, pte_modify to the new rights",
            (_, in vma, in pte) => !pte.Has(PteBits.Write) || Has(vma, VmaFlags.Write)
        ),
        Entries(
            "RS28",
            "A writable entry is dirty, but after MADV_FREE and where mprotect makes an exclusive anonymous page writable.",
            "mm/madvise.c, madvise_free_pte_range; mm/mprotect.c, can_change_private_pte_writable",
            WriteImpliesDirty
        ),
        Entries(
            "RS29",
            "A dirty entry of a shared mapping of a regular file has a dirty folio; shmem never asks before a write.",
            "mm/memory.c, fault_dirty_shared_page and set_pte_range; mm/mmap.c, vma_wants_writenotify",
            (s, in vma, in pte) =>
                !pte.Has(PteBits.Dirty)
                || (vma.Flags & (VmaFlags.Shared | VmaFlags.File))
                    != (VmaFlags.Shared | VmaFlags.File)
                || s.Folios[pte.Folio].Dirty
        ),
        Entries(
            "RS30",
            "A private mapping of a page-cache folio is neither writable nor dirty.",
            "mm/memory.c, do_cow_fault copies before a write",
            (s, in vma, in pte) =>
                pte.Kind != EntryKind.Present
                || Has(vma, VmaFlags.Shared)
                || s.Folios[pte.Folio].IsAnon
                || (pte.Bits & (PteBits.Write | PteBits.Dirty)) == 0
        ),
        Entries(
            "RS31",
            "Anonymous folios are mapped in private VMAs; folios of a file or of shmem in VMAs of that kind, at their place in the file and inside it.",
            "mm/memory.c, do_anonymous_page, do_cow_fault and filemap_map_pages; pages beyond i_size raise SIGBUS",
            FolioFitsVma
        ),
        new(
            "RS32",
            "A folio of a file is mapped in file order: page k of it lies k pages after its first.",
            "mm/rmap.c, vma_address; include/linux/pagemap.h, linear_page_index",
            LinearFilePages
        ),
        Entries(
            "RS33",
            "A writable entry of a private VMA maps an exclusive page.",
            "mm/memory.c, do_wp_page and wp_can_reuse_anon_folio; PG_anon_exclusive",
            (s, in vma, in pte) =>
                !pte.Has(PteBits.Write)
                || Has(vma, VmaFlags.Shared)
                || s.Folios[pte.Folio].Exclusive.Has(pte.FolioPage)
        ),
        Entries(
            "RS34",
            "A device-exclusive entry has an exclusive anonymous page, and a dirty folio unless the VMA is droppable; it lies in no shadow stack.",
            "mm/memory.c and mm/rmap.c, make_device_exclusive: folio_get for write, then folio_mark_dirty; mm/gup.c, check_vma_flags: FOLL_WRITE",
            DeviceExclusive
        ),
        Entries(
            "RS35",
            "A read-exclusive migration entry has an anonymous page; a writable one an anonymous page of a private VMA or a page of a shared one, and the VMA is writable.",
            "mm/rmap.c, try_to_migrate_one",
            Migration
        ),
        Entries(
            "RS36",
            "Swap entries lie in private VMAs that are not droppable.",
            "mm/rmap.c, try_to_unmap_one; MAP_DROPPABLE pages are dropped instead",
            (_, in vma, in pte) =>
                pte.Kind != EntryKind.Swap || !Has(vma, VmaFlags.Shared | VmaFlags.Droppable)
        ),
        Entries(
            "RS37",
            "The zero page is mapped in accessible private VMAs.",
            "mm/memory.c, do_anonymous_page; mm/userfaultfd.c, mfill_atomic_pte_zeropage",
            (_, in vma, in pte) =>
                pte.Kind != EntryKind.Zero || (!Has(vma, VmaFlags.Shared) && Has(vma, Rights))
        ),
        Entries(
            "RS38",
            "A uffd-wp marker lies in a file-backed VMA or one with WP_UNPOPULATED, a poison marker in a VMA with userfaultfd.",
            "mm/userfaultfd.c, userfaultfd_wp_use_markers and mfill_atomic_pte_poison",
            MarkerFitsVma
        ),
        Entries(
            "RS39",
            "A marker is of one kind alone.",
            "mm/memory.c, copy_pte_marker; mm/userfaultfd.c; every producer fills a none slot with one bit",
            (_, in _, in pte) => ((byte)pte.Markers & ((byte)pte.Markers - 1)) == 0
        ),
        Entries(
            "RS40",
            "Where soft-dirty is tracked, a writable entry is soft-dirty.",
            "mm/mprotect.c, can_change_pte_writable and pte_needs_soft_dirty_wp; fs/proc/task_mmu.c, clear_soft_dirty",
            (_, in vma, in pte) =>
                !pte.Has(PteBits.Write)
                || !Has(vma, VmaFlags.SoftDirtyTracked)
                || pte.Has(PteBits.SoftDirty)
        ),
        Entries(
            "RS41",
            "A writable entry of a shadow stack is dirty.",
            "arch/x86/include/asm/pgtable.h, pte_mkwrite_shstk",
            (_, in vma, in pte) =>
                !pte.Has(PteBits.Write) || !Has(vma, VmaFlags.ShadowStack) || pte.Has(PteBits.Dirty)
        ),
        Entries(
            "RS42",
            "In a VMA without any rights every present entry is protnone.",
            "mm/mprotect.c, change_pte_range; PAGE_NONE",
            (_, in vma, in pte) =>
                pte.Kind != EntryKind.Present || Has(vma, Rights) || pte.Has(PteBits.Protnone)
        ),
        Entries(
            "RS43",
            "Folios of a droppable VMA are lazyfree: nothing ever makes them swap-backed.",
            "mm/rmap.c, folio_add_new_anon_rmap; VM_DROPPABLE is wiped at fork",
            (s, in vma, in pte) =>
                !pte.HasFolio
                || !Has(vma, VmaFlags.Droppable)
                || s.Folios[pte.Folio].Kind == FolioKind.Lazyfree
        ),
    ];

    /// <summary>Whether an entry carries the uffd-wp bit or is its marker.</summary>
    private static bool IsUffdWp(in PteSpec pte) =>
        pte.Has(PteBits.UffdWp) || (pte.Markers & PteMarkers.UffdWp) != 0;

    /// <summary>Whether it gives write access, now or once the migration ends.</summary>
    private static bool IsWritable(in PteSpec pte) =>
        pte.Has(PteBits.Write) || pte.Kind == EntryKind.MigrationWrite;

    /// <summary>Whether a VMA has any of <paramref name="flags"/>.</summary>
    private static bool Has(in VmaSpec vma, VmaFlags flags) => (vma.Flags & flags) != 0;

    private static bool CanUserfault(in VmaSpec vma) =>
        (!Has(vma, VmaFlags.UffdMinor) || Has(vma, VmaFlags.Shmem))
        && (!Has(vma, VmaFlags.UffdMissing) || !Has(vma, VmaFlags.File));

    private static bool WriteImpliesDirty(Scenario s, in VmaSpec vma, in PteSpec pte)
    {
        if (!pte.Has(PteBits.Write) || pte.Has(PteBits.Dirty))
        {
            return true;
        }

        ref readonly var folio = ref s.Folios[pte.Folio];
        return folio.Kind == FolioKind.Lazyfree
            || (folio.IsAnon && !Has(vma, VmaFlags.Shared) && folio.Exclusive.Has(pte.FolioPage));
    }

    private static bool FolioFitsVma(Scenario s, in VmaSpec vma, in PteSpec pte)
    {
        if (!pte.HasFolio)
        {
            return true;
        }

        ref readonly var folio = ref s.Folios[pte.Folio];
        if (folio.IsAnon)
        {
            return !Has(vma, VmaFlags.Shared);
        }

        var kind = folio.Kind == FolioKind.File ? VmaFlags.File : VmaFlags.Shmem;
        var fileEnd = vma.FilePages == 0 ? vma.Pages : vma.FilePages;
        var placed = folio.FilePage < 0 || pte.Page == folio.FilePage + pte.FolioPage;
        return Has(vma, kind) && pte.Page < fileEnd && placed;
    }

    private static bool DeviceExclusive(Scenario s, in VmaSpec vma, in PteSpec pte)
    {
        if (pte.Kind != EntryKind.DeviceExclusive)
        {
            return true;
        }

        ref readonly var folio = ref s.Folios[pte.Folio];
        return folio.IsAnon
            && folio.Exclusive.Has(pte.FolioPage)
            && !Has(vma, VmaFlags.ShadowStack)
            && (folio.Dirty || Has(vma, VmaFlags.Droppable));
    }

    private static bool Migration(Scenario s, in VmaSpec vma, in PteSpec pte) =>
        pte.Kind switch
        {
            EntryKind.MigrationReadExclusive => s.Folios[pte.Folio].IsAnon,
            EntryKind.MigrationWrite => Has(vma, VmaFlags.Write)
                && (Has(vma, VmaFlags.Shared) || s.Folios[pte.Folio].IsAnon),
            _ => true,
        };

    private static bool MarkerFitsVma(Scenario s, in VmaSpec vma, in PteSpec pte)
    {
        var wp = (pte.Markers & PteMarkers.UffdWp) != 0;
        var poison = (pte.Markers & PteMarkers.Poisoned) != 0;
        return (!wp || Has(vma, VmaFlags.FileBacked | VmaFlags.UffdWpUnpopulated))
            && (!poison || Has(vma, VmaFlags.UffdAny));
    }

    private static Offender? LinearFilePages(Scenario s)
    {
        var vma = -1;
        Span<int> shifts = stackalloc int[s.FolioCount];
        for (var i = 0; i < s.PteCount; i++)
        {
            ref readonly var pte = ref s.Ptes[i];
            if (pte.Vma != vma)
            {
                vma = pte.Vma;
                shifts.Fill(int.MinValue);
            }

            if (!pte.HasFolio || s.Folios[pte.Folio].IsAnon)
            {
                continue;
            }

            ref var shift = ref shifts[pte.Folio];
            if (shift != int.MinValue && shift != pte.Page - pte.FolioPage)
            {
                return new(OffenderKind.Pte, i);
            }

            shift = pte.Page - pte.FolioPage;
        }

        return null;
    }

    private delegate bool VmaTest(Scenario scenario, in VmaSpec vma);

    private delegate bool EntryTest(Scenario scenario, in VmaSpec vma, in PteSpec pte);

    private static ReachabilityRule Vmas(string id, string sentence, string source, VmaTest good) =>
        new(
            id,
            sentence,
            source,
            scenario =>
            {
                for (var i = 0; i < scenario.VmaCount; i++)
                {
                    ref readonly var vma = ref scenario.Vmas[i];
                    if (!vma.Destination && !good(scenario, vma))
                    {
                        return new Offender(OffenderKind.Vma, i);
                    }
                }

                return null;
            }
        );

    private static ReachabilityRule Entries(
        string id,
        string sentence,
        string source,
        EntryTest good
    ) =>
        new(
            id,
            sentence,
            source,
            scenario =>
            {
                for (var i = 0; i < scenario.PteCount; i++)
                {
                    ref readonly var pte = ref scenario.Ptes[i];
                    if (!good(scenario, scenario.Vmas[pte.Vma], pte))
                    {
                        return new Offender(OffenderKind.Pte, i);
                    }
                }

                return null;
            }
        );
}
