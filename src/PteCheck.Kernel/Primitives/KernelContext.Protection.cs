using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.Primitives;

/// <summary>
/// What the flags of a VMA make of its entries (mm/vma.c, mm/vma.h, include/linux/userfaultfd_k.h), and what
/// folios tell those who change protections (include/linux/mm.h, include/linux/mm_inline.h).
/// </summary>
public sealed partial class KernelContext<TArch>
{
    private const VmaFlags Rights = VmaFlags.Read | VmaFlags.Write | VmaFlags.Exec;
    private const VmaFlags SharedWritable = VmaFlags.Shared | VmaFlags.Write;

    /// <summary>vm_get_page_prot: write only where the mapping is shared, as private ones have to copy first.</summary>
    public static Pte VmGetPageProt(VmaFlags flags)
    {
        var executable = (flags & VmaFlags.Exec) != 0;
        return (flags & Rights) == 0 ? TArch.PageNone
            : (flags & SharedWritable) == SharedWritable ? TArch.PageShared(executable)
            : TArch.PageReadOnly(executable);
    }

    /// <summary>vma_set_page_prot: what vm_page_prot is for a VMA of these flags.</summary>
    public static Pte VmaPageProt(VmaFlags flags)
    {
        var prot = VmGetPageProt(flags);
        return VmaWantsWritenotify(flags, prot) ? VmGetPageProt(flags & ~VmaFlags.Shared) : prot;
    }

    /// <summary>
    /// vma_wants_writenotify: whether a shared mapping that may be written has to take a fault at the first
    /// write: of a regular file, which wants to be told, while soft-dirty is tracked, or with uffd write protection.
    /// Neither of the last two counts where vm_page_prot is another than the flags would give.
    /// </summary>
    public static bool VmaWantsWritenotify(VmaFlags flags, Pte pageProt)
    {
        if ((flags & SharedWritable) != SharedWritable)
        {
            return false;
        }

        return (flags & VmaFlags.File) != 0
            || (
                pageProt == VmGetPageProt(flags)
                && (IsSoftDirtyTracked(flags) || (flags & VmaFlags.UffdWp) != 0)
            );
    }

    /// <summary>vma_wants_manual_pte_write_upgrade: whether to look at each entry for whether it may become writable.</summary>
    /// <param name="flags">The flags of the VMA.</param>
    /// <param name="pageProt">Its vm_page_prot, which mprotect has not changed yet when it asks.</param>
    public static bool VmaWantsManualPteWriteUpgrade(VmaFlags flags, Pte pageProt) =>
        (flags & VmaFlags.Shared) != 0
            ? VmaWantsWritenotify(flags, pageProt)
            : (flags & VmaFlags.Write) != 0;

    /// <summary>pte_needs_soft_dirty_wp: soft-dirty is tracked, and the next write has to be seen.</summary>
    public bool PteNeedsSoftDirtyWp(int vma, Pte pte) =>
        IsSoftDirtyTracked(Machine.Vmas[vma].Flags) && !TArch.PteSoftDirty(pte);

    /// <summary>userfaultfd_pte_wp: writes are left to user space.</summary>
    public bool UserfaultfdPteWp(int vma, Pte pte) =>
        Machine.Vmas[vma].Has(VmaFlags.UffdWp) && TArch.PteUffdWp(pte);

    /// <summary>userfaultfd_wp_use_markers: empty slots can be write-protected, too: of files, and with WP_UNPOPULATED.</summary>
    public bool UserfaultfdWpUseMarkers(int vma)
    {
        ref readonly var owner = ref Machine.Vmas[vma];
        return owner.Has(VmaFlags.UffdWp)
            && (owner.Flags & (VmaFlags.FileBacked | VmaFlags.UffdWpUnpopulated)) != 0;
    }

    /// <summary>can_change_pte_writable: whether the write-fault handler would make the entry writable without asking further.</summary>
    public bool CanChangePteWritable(int vma, Pte pte)
    {
        ref readonly var owner = ref Machine.Vmas[vma];
        if (
            !owner.Has(VmaFlags.Write)
            || TArch.PteProtnone(pte)
            || PteNeedsSoftDirtyWp(vma, pte)
            || UserfaultfdPteWp(vma, pte)
        )
        {
            return false;
        }

        if (owner.Has(VmaFlags.Shared))
        {
            return TArch.PteDirty(pte);
        }

        var folio = VmNormalFolio(pte);
        return folio >= 0
            && Machine.Folios[folio].IsAnon
            && PageAnonExclusive(Machine.FrameOf(TArch.PtePfn(pte)));
    }

    /// <summary>PageAnonExclusive.</summary>
    public bool PageAnonExclusive(int frame) =>
        (Machine.PageFlags[frame] & Machine.AnonExclusive) != 0;

    /// <summary>folio_maybe_dma_pinned.</summary>
    public bool FolioMaybeDmaPinned(int folio) => Machine.Folios[folio].Pins > 0;

    /// <summary>folio_is_file_lru: not swap-backed; true of lazyfree folios as well.</summary>
    public bool FolioIsFileLru(int folio) =>
        (Machine.Folios[folio].Flags & FolioFlags.Swapbacked) == 0;

    /// <summary>folio_maybe_mapped_shared: mapped more than once if small, in more than one mm if large.</summary>
    public bool FolioMaybeMappedShared(int folio)
    {
        ref readonly var owner = ref Machine.Folios[folio];
        if (owner.Mapcount < 2 || !owner.IsLarge)
        {
            return owner.Mapcount > 1;
        }

        var first = -1;
        for (var table = 0; table < Machine.TableCount && Machine.MmCount > 1; table++)
        {
            if (MapsAnyOf(table, folio) && IsSecond(Machine.Tables[table].Mm, ref first))
            {
                return true;
            }
        }

        for (var pmd = 0; pmd < Machine.PmdCount && Machine.MmCount > 1; pmd++)
        {
            if (LeafMaps(pmd, folio) && IsSecond(Machine.Pmds[pmd].Mm, ref first))
            {
                return true;
            }
        }

        return false;
    }

    private bool LeafMaps(int pmd, int folio)
    {
        var entry = Machine.Pmds[pmd].Entry;
        return entry.IsHuge && Machine.FolioOf(TArch.PtePfn(entry.Page<TArch>(0))) == folio;
    }

    private static bool IsSecond(int mm, ref int first)
    {
        var second = first >= 0 && first != mm;
        first = mm;
        return second;
    }

    /// <summary>
    /// vma_modify_flags: gives a stretch of a VMA other rights. The VMA keeps the stretch; what lies before and
    /// behind goes on as VMAs of their own.
    /// </summary>
    public void VmaModifyFlags(int vma, uint vpn, uint pages, VmaFlags rights)
    {
        var whole = Machine.Vmas[vma];
        var before = vpn - whole.Start;
        if (before > 0)
        {
            Machine.Vmas[Machine.VmaCount++] = whole with { Pages = before };
        }

        if (vpn + pages < whole.End)
        {
            Machine.Vmas[Machine.VmaCount++] = Part(
                whole,
                vpn + pages,
                whole.End - vpn - pages,
                whole.Flags
            );
        }

        Machine.Vmas[vma] = Part(whole, vpn, pages, (whole.Flags & ~Rights) | rights);
    }

    private static Vma Part(in Vma whole, uint start, uint pages, VmaFlags flags)
    {
        var skipped = start - whole.Start;
        return whole with
        {
            Start = start,
            Pages = pages,
            Flags = flags,
            FilePages = whole.FilePages - Math.Min(skipped, whole.FilePages),
        };
    }

    private bool MapsAnyOf(int table, int folio)
    {
        foreach (var word in Machine.TableWords(table))
        {
            if (word != 0 && MapsFolio(new(word), folio))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsSoftDirtyTracked(VmaFlags flags) =>
        TArch.HasSoftDirty && (flags & VmaFlags.SoftDirtyTracked) != 0;
}
