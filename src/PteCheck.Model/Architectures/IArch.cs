using PteCheck.Model.Tlbs;

namespace PteCheck.Model.Architectures;

/// <summary>
/// The PTE helpers of one architecture, named after the kernel's (<c>pte_mkdirty</c> is
/// <see cref="PteMkDirty"/>). Implementations are empty structs, so that the JIT compiles every
/// user of an architecture for that architecture alone. Sources: arch/x86/include/asm/pgtable*.h,
/// arch/arm64/include/asm/pgtable*.h.
/// </summary>
public interface IArch
{
    /// <summary>Which architecture this is.</summary>
    static abstract Architecture Architecture { get; }

    /// <summary>Whether the architecture tracks soft-dirty (CONFIG_MEM_SOFT_DIRTY).</summary>
    static abstract bool HasSoftDirty { get; }

    /// <summary>Whether the architecture folds entries into contiguous blocks (contpte).</summary>
    static abstract bool HasContpte { get; }

    /// <summary>How many PFNs the address field of an entry holds, as a power of two.</summary>
    static abstract int PfnBits { get; }

    /// <summary>Pages from which flush_tlb_range flushes the whole mm instead of page by page.</summary>
    static abstract int FlushMmFromPages { get; }

    /// <summary>pte_none.</summary>
    static abstract bool PteNone(Pte pte);

    /// <summary>pte_present: a page is mapped, accessible to hardware or protnone.</summary>
    static abstract bool PtePresent(Pte pte);

    /// <summary>Whether the hardware walker accepts the entry.</summary>
    static abstract bool PteHwPresent(Pte pte);

    /// <summary>pte_protnone: present to the kernel, not to the hardware.</summary>
    static abstract bool PteProtnone(Pte pte);

    /// <summary>pte_accessible: a CPU may hold or get a translation. <paramref name="flushPending"/> is mm_tlb_flush_pending(mm).</summary>
    static abstract bool PteAccessible(Pte pte, bool flushPending);

    /// <summary>pte_write.</summary>
    static abstract bool PteWrite(Pte pte, in PteContext context);

    /// <summary>pte_dirty.</summary>
    static abstract bool PteDirty(Pte pte);

    /// <summary>pte_young.</summary>
    static abstract bool PteYoung(Pte pte);

    /// <summary>pte_soft_dirty of a present entry.</summary>
    static abstract bool PteSoftDirty(Pte pte);

    /// <summary>pte_uffd_wp of a present entry.</summary>
    static abstract bool PteUffdWp(Pte pte);

    /// <summary>pte_special: no struct page stands behind the entry.</summary>
    static abstract bool PteSpecial(Pte pte);

    /// <summary>pte_cont: part of a contiguous block (never on x86-64).</summary>
    static abstract bool PteCont(Pte pte);

    /// <summary>pte_pfn.</summary>
    static abstract ulong PtePfn(Pte pte);

    /// <summary>pfn_pte.</summary>
    static abstract Pte PfnPte(ulong pfn, Pte prot);

    /// <summary>The protection bits of a user mapping without write (PAGE_READONLY, or PAGE_READONLY_EXEC).</summary>
    static abstract Pte PageReadOnly(bool executable);

    /// <summary>The protection bits of a user mapping with write and clean (PAGE_SHARED, or PAGE_SHARED_EXEC).</summary>
    static abstract Pte PageShared(bool executable);

    /// <summary>PAGE_NONE.</summary>
    static abstract Pte PageNone { get; }

    /// <summary>pte_mkwrite_novma.</summary>
    static abstract Pte PteMkWriteNoVma(Pte pte, in PteContext context);

    /// <summary>pte_mkwrite: as the VMA wants it, an ordinary or a shadow-stack one.</summary>
    static abstract Pte PteMkWrite(Pte pte, bool shadowStackVma, in PteContext context);

    /// <summary>pte_wrprotect.</summary>
    static abstract Pte PteWrProtect(Pte pte);

    /// <summary>pte_mkdirty. On x86-64 it sets soft-dirty as well.</summary>
    static abstract Pte PteMkDirty(Pte pte);

    /// <summary>pte_mkclean.</summary>
    static abstract Pte PteMkClean(Pte pte);

    /// <summary>pte_mkyoung.</summary>
    static abstract Pte PteMkYoung(Pte pte);

    /// <summary>pte_mkold.</summary>
    static abstract Pte PteMkOld(Pte pte);

    /// <summary>pte_mksoft_dirty; the identity where soft-dirty is not supported.</summary>
    static abstract Pte PteMkSoftDirty(Pte pte);

    /// <summary>pte_clear_soft_dirty; the identity where soft-dirty is not supported.</summary>
    static abstract Pte PteClearSoftDirty(Pte pte);

    /// <summary>pte_mkuffd_wp: sets the bit and write-protects.</summary>
    static abstract Pte PteMkUffdWp(Pte pte);

    /// <summary>pte_clear_uffd_wp: clears the bit alone and does not give write back.</summary>
    static abstract Pte PteClearUffdWp(Pte pte);

    /// <summary>pte_mkspecial.</summary>
    static abstract Pte PteMkSpecial(Pte pte);

    /// <summary>pte_mkcont; the identity on x86-64.</summary>
    static abstract Pte PteMkCont(Pte pte);

    /// <summary>pte_mknoncont; the identity on x86-64.</summary>
    static abstract Pte PteMkNonCont(Pte pte);

    /// <summary>pte_modify: the rights of <paramref name="newprot"/>, all else of <paramref name="pte"/>.</summary>
    static abstract Pte PteModify(Pte pte, Pte newprot);

    /// <summary>pte_advance_pfn: the same entry <paramref name="nr"/> pages on.</summary>
    static abstract Pte PteAdvancePfn(Pte pte, int nr);

    /// <summary>pte_batch_hint: how many entries from <paramref name="slot"/> on certainly belong together.</summary>
    static abstract int PteBatchHint(Pte pte, int slot, int contPtes);

    /// <summary>pte_needs_flush.</summary>
    static abstract bool PteNeedsFlush(Pte oldPte, Pte newPte, in PteContext context);

    /// <summary>What the hardware may cache of the entry, had it been walked now; no rights when it is not hardware-present.</summary>
    static abstract TlbRights HardwareRights(Pte pte, in PteContext context);

    /// <summary>What the walker makes of a writable entry when a CPU stores: dirty and young, and no software bit (DBM on arm64).</summary>
    static abstract Pte WalkerMkDirty(Pte pte);

    /// <summary>swp_entry_to_pte.</summary>
    static abstract Pte SwpEntryToPte(SwapType type, ulong offset);

    /// <summary>swp_type of the entry's word.</summary>
    static abstract SwapType SwpType(Pte pte);

    /// <summary>swp_offset of the entry's word.</summary>
    static abstract ulong SwpOffset(Pte pte);

    /// <summary>pte_swp_soft_dirty.</summary>
    static abstract bool PteSwpSoftDirty(Pte pte);

    /// <summary>pte_swp_mksoft_dirty; the identity where soft-dirty is not supported.</summary>
    static abstract Pte PteSwpMkSoftDirty(Pte pte);

    /// <summary>pte_swp_clear_soft_dirty.</summary>
    static abstract Pte PteSwpClearSoftDirty(Pte pte);

    /// <summary>pte_swp_uffd_wp.</summary>
    static abstract bool PteSwpUffdWp(Pte pte);

    /// <summary>pte_swp_mkuffd_wp.</summary>
    static abstract Pte PteSwpMkUffdWp(Pte pte);

    /// <summary>pte_swp_clear_uffd_wp.</summary>
    static abstract Pte PteSwpClearUffdWp(Pte pte);

    /// <summary>pte_swp_exclusive.</summary>
    static abstract bool PteSwpExclusive(Pte pte);

    /// <summary>pte_swp_mkexclusive.</summary>
    static abstract Pte PteSwpMkExclusive(Pte pte);

    /// <summary>pte_swp_clear_exclusive.</summary>
    static abstract Pte PteSwpClearExclusive(Pte pte);
}
