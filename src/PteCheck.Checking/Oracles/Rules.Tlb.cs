namespace PteCheck.Checking.Oracles;

/// <summary>PTB201 to PTB210: which translations may be cached when.</summary>
public static partial class Rules
{
    /// <summary>PTB201.</summary>
    public static readonly Rule StaleAtUnlock = Tlb(
        1,
        "stale translation at the unlock",
        "When a page-table lock is dropped, no CPU may use a translation that this operation took away under it; zap may leave those through which no CPU can store to a file page without a walk.",
        "CVE-2018-18281, eb66ae030829; mm/mremap.c, comment in move_ptes"
    );

    /// <summary>PTB202.</summary>
    public static readonly Rule StaleAtReturn = Tlb(
        2,
        "stale translation at the return",
        "When the system call returns, no CPU may use a translation in its range beyond what the entries grant.",
        "3ea277194daa; mm/rmap.c, flush_tlb_batched_pending"
    );

    /// <summary>PTB203.</summary>
    public static readonly Rule ContChanged = Tlb(
        3,
        "CONT changed without TLBI",
        "The CONT bit of a translation that a CPU may hold changes only after a completed TLBI, unless BBML2_NOABORT.",
        "arch/arm64/mm/contpte.c, contpte_convert; Arm ARM, break-before-make"
    );

    /// <summary>PTB204.</summary>
    public static readonly Rule SecondaryMmu = Tlb(
        4,
        "secondary MMU not told",
        "When the system call returns or a page is freed, no secondary MMU may use a translation beyond what the entries grant.",
        "CVE-2022-48991, f268f6cf875f"
    );

    /// <summary>PTB205.</summary>
    public static readonly Rule StaleAtFree = Tlb(
        5,
        "stale translation at the free",
        "When a folio is freed, no CPU may use a translation of it, cached or still given by an entry.",
        "mm/vmscan.c, shrink_folio_list: try_to_unmap_flush before free_unref_folios"
    );

    /// <summary>PTB206.</summary>
    public static readonly Rule DeferredNotPending = Tlb(
        6,
        "deferred flush not pending",
        "When a page-table lock is dropped and the flush is deferred, the mm's batched generation is pending unless no CPU can hold what was cleared.",
        "mm/rmap.c, set_tlb_ubc_flush_pending and flush_tlb_batched_pending"
    );

    /// <summary>PTB207.</summary>
    public static readonly Rule StaleAtRmap = Tlb(
        7,
        "stale dirty translation at the rmap removal",
        "When a mapping of a file page is removed from the rmap, no CPU may store through a translation of it without a walk.",
        "5df397dec7c4, mm: delay page_remove_rmap() until after the TLB has been flushed"
    );

    /// <summary>PTB208.</summary>
    public static readonly Rule StoreDuringCopy = Tlb(
        8,
        "store during the copy",
        "When a page is copied to take the place of another, no CPU may store to it: neither through a stale translation without a walk, nor, where it is anonymous, through an entry.",
        "6ce64428d620, mm/userfaultfd: fix memory corruption due to writeprotect; David Hildenbrand on vma_collapse_anon_folio, 2024-12-16"
    );

    /// <summary>PTB209.</summary>
    public static readonly Rule StaleAtWriteOut = Tlb(
        9,
        "stale dirty translation at the write-out",
        "When a page is written out, no CPU may store through a stale translation of it without a walk.",
        "mm/rmap.c, try_to_unmap_flush_dirty and page_mkclean_one; mm/vmscan.c, pageout"
    );

    /// <summary>PTB210.</summary>
    public static readonly Rule StaleWalk = Tlb(
        10,
        "page table still walked",
        "When a page table is freed or deposited, no CPU may walk it through a cached PMD entry.",
        "mm/pgtable-generic.c, pmdp_collapse_flush; mm/mmu_gather.c, tlb_remove_table"
    );

    private static Rule[] OfTlb =>
        [
            StaleAtUnlock,
            StaleAtReturn,
            ContChanged,
            SecondaryMmu,
            StaleAtFree,
            DeferredNotPending,
            StaleAtRmap,
            StoreDuringCopy,
            StaleAtWriteOut,
            StaleWalk,
        ];

    private static Rule Tlb(int number, string title, string sentence, string source) =>
        Create(200 + number, OracleKind.Tlb, title, sentence, source);
}
