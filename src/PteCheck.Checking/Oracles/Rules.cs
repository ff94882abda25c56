namespace PteCheck.Checking.Oracles;

/// <summary>Every rule that an oracle enforces. Ids are never used again for something else.</summary>
public static class Rules
{
    private const string PteBatchReview =
        "04d1c9d60c6e, mm/mremap: honour writable bit in mremap pte batching";
    private const string MthpSeries =
        "mm/khugepaged: Introduce mTHP collapse support, v17 11/14 (2026-05-11)";
    private const string Pgtable = "include/linux/pgtable.h";

    /// <summary>PTB001.</summary>
    public static readonly Rule WriteGained = State(
        1,
        "write gained",
        "An entry is writable only if the one-PTE loop leaves it writable.",
        PteBatchReview
    );

    /// <summary>PTB002.</summary>
    public static readonly Rule WriteLost = State(
        2,
        "write lost",
        "An entry that the one-PTE loop leaves writable is writable.",
        PteBatchReview
    );

    /// <summary>PTB003.</summary>
    public static readonly Rule SoftDirtyLost = State(
        3,
        "soft-dirty lost",
        "An entry that the one-PTE loop leaves soft-dirty is soft-dirty.",
        "Documentation/admin-guide/mm/soft-dirty.rst; 24f91eba18bb"
    );

    /// <summary>PTB004.</summary>
    public static readonly Rule UffdBit = State(
        4,
        "uffd-wp differs",
        "The uffd-wp bit or marker of an entry is that of the one-PTE loop.",
        "CVE-2025-21696, mm: clear uffd-wp PTE/PMD state on mremap()"
    );

    /// <summary>PTB005.</summary>
    public static readonly Rule Payload = State(
        5,
        "kind or page differs",
        "Kind, PFN, rights other than write, and swap payload of an entry are those of the one-PTE loop.",
        "mm/internal.h, folio_pte_batch_flags"
    );

    /// <summary>PTB006.</summary>
    public static readonly Rule LeftAtSource = State(
        6,
        "entry left at the source",
        "A slot that the one-PTE loop empties is empty.",
        "mm/mremap.c, move_ptes; Dev Jain's question of 2025-06-13"
    );

    /// <summary>PTB007.</summary>
    public static readonly Rule YoungDirty = State(
        7,
        "young or dirty out of bounds",
        "Young and dirty lie between the initial entry's and those gathered over the same folio, table and VMA (relaxation R1).",
        "mm/internal.h, folio_pte_batch_flags; arch/arm64/mm/contpte.c"
    );

    /// <summary>PTB008.</summary>
    public static readonly Rule Counters = State(
        8,
        "folio or counter differs",
        "Folio flags, counts, page flags and rss are those of the one-PTE loop.",
        "mm/rmap.c"
    );

    /// <summary>PTB009.</summary>
    public static readonly Rule SoftDirtyGained = State(
        9,
        "soft-dirty gained",
        "An entry is soft-dirty only if the one-PTE loop leaves it soft-dirty.",
        "Documentation/admin-guide/mm/soft-dirty.rst"
    );

    /// <summary>PTB010.</summary>
    public static readonly Rule Pmd = State(
        10,
        "PMD entry differs",
        "A PMD entry is empty, a table, or a leaf of the same folio and rights, as the one-PTE loop leaves it.",
        "mm/khugepaged.c, collapse_pte_mapped_thp; mm/pgtable-generic.c, pmdp_collapse_flush"
    );

    /// <summary>PTB011.</summary>
    public static readonly Rule Result = State(
        11,
        "result differs",
        "The operation ends with the result of the one-PTE loop.",
        "mm/khugepaged.c, enum scan_result"
    );

    /// <summary>PTB020.</summary>
    public static readonly Rule Attempts = State(
        20,
        "attempts differ",
        "The windows that khugepaged tries to collapse are those of the recursive search, in the same order.",
        MthpSeries
    );

    /// <summary>PTB021.</summary>
    public static readonly Rule ScanResult = State(
        21,
        "result of the scan lost",
        "A scan reports success, an allocation failure (khugepaged then sleeps) or another failure as the recursive search does.",
        "Lance Yang's question about v17, 2026-05; mm/khugepaged.c, khugepaged_do_scan"
    );

    /// <summary>PTB022.</summary>
    public static readonly Rule BatchLength = State(
        22,
        "length of a batch differs",
        "A batch is the longest run of entries that map consecutive pages of one folio and are equal but for what the flags ignore, within the maximum.",
        "mm/internal.h, folio_pte_batch_flags"
    );

    /// <summary>PTB023.</summary>
    public static readonly Rule BatchTold = State(
        23,
        "the caller is told something else",
        "The caller of the batch helper learns what its flags ask for: whether any entry is writable, young or dirty.",
        "mm/internal.h, FPB_MERGE_WRITE and FPB_MERGE_YOUNG_DIRTY"
    );

    /// <summary>PTB101.</summary>
    public static readonly Rule AnonWritable = Invariant(
        1,
        "writable but shared",
        "A writable entry of an anonymous page implies AnonExclusive and one mapping.",
        "include/linux/page-flags.h, PG_anon_exclusive"
    );

    /// <summary>PTB102.</summary>
    public static readonly Rule UffdArmed = Invariant(
        2,
        "uffd-wp where it may not be",
        "A uffd-wp bit or marker implies a VMA armed for write protection and an entry without write.",
        "CVE-2025-21696; mm/debug_vm_pgtable.c"
    );

    /// <summary>PTB103.</summary>
    public static readonly Rule Mapcount = Invariant(
        3,
        "mapcount",
        "A page's mapcount is the number of entries that map it.",
        "mm/rmap.c"
    );

    /// <summary>PTB104.</summary>
    public static readonly Rule Refcount = Invariant(
        4,
        "refcount",
        "A folio's references are its mappings, its caches and the stated extras.",
        "mm/rmap.c; mm/vmscan.c, folio_expected_ref_count"
    );

    /// <summary>PTB105.</summary>
    public static readonly Rule Rss = Invariant(
        5,
        "rss",
        "Every mm's counters are the number of its entries of each type.",
        "mm/memory.c, add_mm_rss_vec"
    );

    /// <summary>PTB106.</summary>
    public static readonly Rule SwapCount = Invariant(
        6,
        "swap count",
        "A swap slot's count is the number of entries that refer to it.",
        "mm/swapfile.c, swap_duplicate"
    );

    /// <summary>PTB107.</summary>
    public static readonly Rule PageTables = Invariant(
        7,
        "page table lost",
        "Every page table is linked once, deposited once for a leaf or given back, and an mm counts those that are not given back.",
        "mm/memory.c, pmd_install; mm/pgtable-generic.c, pgtable_trans_huge_deposit"
    );

    /// <summary>PTB108.</summary>
    public static readonly Rule MigrationEntry = Invariant(
        8,
        "migration entry left behind",
        "A migration entry stands only as long as its folio is under migration, and gives way before the folio is freed.",
        "include/linux/swapops.h, pfn_swap_entry_to_page; mm/migrate.c, remove_migration_ptes"
    );

    /// <summary>PTB110.</summary>
    public static readonly Rule MissingFilled = Invariant(
        10,
        "missing page filled",
        "A page that is missing in a VMA armed for userfaultfd is filled by user space alone.",
        "mm/khugepaged.c, __collapse_huge_page_isolate and collapse_max_ptes_none; Documentation/admin-guide/mm/userfaultfd.rst"
    );

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

    /// <summary>PTB301.</summary>
    public static readonly Rule OutsideTable = Bounds(
        1,
        "outside the table",
        "No entry outside its page table is read or written.",
        "CVE-2025-38447, ddd05742b45b"
    );

    /// <summary>PTB302.</summary>
    public static readonly Rule OutsideRange = Bounds(
        2,
        "outside the range",
        "No entry outside the range given is read or written; the architecture may touch the rest of a contiguous block.",
        "CVE-2025-38447, ddd05742b45b"
    );

    /// <summary>PTB401.</summary>
    public static readonly Rule NewestWrite = Memory(
        1,
        "newest write not seen",
        "A read by a CPU or a device, at any time or after the run, sees the newest write; a page not written since MADV_FREE, and any page of a droppable VMA, may read as zero, and once it does stays zero.",
        "include/uapi/asm-generic/mman-common.h, MADV_FREE; mm/rmap.c, barriers in ttu_lazyfree_folio"
    );

    /// <summary>PTB402.</summary>
    public static readonly Rule FreedPage = Memory(
        2,
        "freed page reached",
        "No load or store of a CPU or a device reaches a page that has been freed.",
        "mm/vmscan.c, shrink_folio_list: try_to_unmap_flush before free_unref_folios"
    );

    /// <summary>PTB403.</summary>
    public static readonly Rule WriteBackMissed = Memory(
        3,
        "write lost to write-back",
        "A file page that was written after its write-out is dirty, in its folio or in an entry.",
        "mm/rmap.c, page_mkclean_one; mm/mremap.c, comment in move_ptes on folio_mkclean"
    );

    /// <summary>PTB404.</summary>
    public static readonly Rule PinnedPage = Memory(
        4,
        "pinned page replaced",
        "A page that GUP has pinned stays the page that is mapped, until user space gives it up.",
        "Documentation/core-api/pin_user_pages.rst; mm/rmap.c, barriers in ttu_lazyfree_folio"
    );

    /// <summary>PTB405.</summary>
    public static readonly Rule DirtyLost = Memory(
        5,
        "dirty lost",
        "A page of a file that was written to is dirty, in its folio or in an entry, until it has been written out or given up.",
        "mm/memory.c, zap_present_folio_ptes; mm/khugepaged.c, comment in try_collapse_pte_mapped_thp"
    );

    /// <summary>PTB501.</summary>
    public static readonly Rule MoreWork = Work(
        1,
        "more work",
        "A batched version never flushes, allocates or copies more than the one-PTE loop.",
        "the claim of every batching patch; relaxation R4"
    );

    /// <summary>PTB502.</summary>
    public static readonly Rule SavingMissed = Work(
        2,
        "saving missed",
        "A batch is cleared and stored by one call each.",
        "mm: Optimize mremap() by PTE batching, v4 2/2"
    );

    /// <summary>PTB510.</summary>
    public static readonly Rule DoomedAttempt = Work(
        10,
        "attempt that must fail",
        "In a VMA armed for userfaultfd no window is tried in which the scan has seen a hole.",
        "Wei Yang's question about v17 11/14, 2026-05; mm/khugepaged.c, collapse_scan_pmd before mTHP"
    );

    /// <summary>PTB511.</summary>
    public static readonly Rule Creep = Work(
        11,
        "creep",
        "A second scan, nothing having happened since the first, collapses nothing more.",
        MthpSeries
    );

    /// <summary>PTB601.</summary>
    public static readonly Rule NullPage = Contract(
        1,
        "page is NULL",
        "A folio is asked for only where an entry has one.",
        "mm/memory.c, vm_normal_page"
    );

    /// <summary>PTB602.</summary>
    public static readonly Rule PtlNotHeld = Contract(
        2,
        "lock not held",
        "Entries are read and written under their page-table lock, and PMD entries are written under theirs.",
        Pgtable
    );

    /// <summary>PTB603.</summary>
    public static readonly Rule SleepUnderPtl = Contract(
        3,
        "sleep under a spinlock",
        "Nothing sleeps under a page-table lock.",
        "include/linux/sched.h, cond_resched"
    );

    /// <summary>PTB604.</summary>
    public static readonly Rule SetPtes = Contract(
        4,
        "set_ptes misused",
        "set_ptes of more than one entry finds none of the slots present and stays in one folio and one table.",
        $"{Pgtable}, above set_ptes"
    );

    /// <summary>PTB605.</summary>
    public static readonly Rule EmptyBatch = Contract(
        5,
        "empty batch",
        "A batch has at least one entry.",
        "mm/internal.h, folio_pte_batch_flags"
    );

    /// <summary>PTB606.</summary>
    public static readonly Rule CountBelowZero = Contract(
        6,
        "count below zero",
        "No count falls below zero.",
        "CVE-2026-63950, 3f8968e9cbf9"
    );

    /// <summary>PTB607.</summary>
    public static readonly Rule LockMisuse = Contract(
        7,
        "lock misused",
        "Each lock taken is released once, and none is held at the return to user space.",
        "Documentation/locking/lockdep-design.rst"
    );

    /// <summary>PTB608.</summary>
    public static readonly Rule NoEnd = Contract(
        8,
        "no end",
        "The operation ends within its fuel.",
        "mm/internal.h, folio_pte_batch_flags"
    );

    /// <summary>PTB609.</summary>
    public static readonly Rule TableInUse = Contract(
        9,
        "page table in use",
        "No page table is freed or deposited while GUP-fast may be inside.",
        "2ba99c5e0881, mm/khugepaged: fix GUP-fast interaction by sending IPI"
    );

    /// <summary>PTB610.</summary>
    public static readonly Rule TableMisuse = Contract(
        10,
        "page table misused",
        "What is taken for a page table is one, and it is linked only where nothing stands, and freed only once it is unlinked.",
        "CVE-2024-50066, 6fa1066fc5d0"
    );

    /// <summary>PTB620.</summary>
    public static readonly Rule VmaNotLocked = Contract(
        20,
        "VMA without mmap_lock",
        "A VMA is read only while mmap_lock or the VMA's own lock keeps it.",
        "the fixup of v18 of 2026-05-25, which takes the VMA away from mthp_collapse again"
    );

    /// <summary>PTB621.</summary>
    public static readonly Rule StackOverrun = Contract(
        21,
        "stack overrun",
        "No more windows wait than their stack has entries.",
        "mm/khugepaged.c, MTHP_STACK_SIZE of v17"
    );

    /// <summary>PTB630.</summary>
    public static readonly Rule SubjectCrash = Contract(
        30,
        "subject broke off",
        "A subject runs to its end without a memory fault, a trap or a sanitizer's report.",
        "Documentation/dev-tools/ubsan.rst, Documentation/dev-tools/kasan.rst"
    );

    /// <summary>PTB631.</summary>
    public static readonly Rule SubjectTimeOut = Contract(
        31,
        "subject did not end",
        "A subject ends within its time.",
        "Documentation/admin-guide/lockup-watchdogs.rst"
    );

    /// <summary>PTB632.</summary>
    public static readonly Rule SubjectSystemCall = Contract(
        32,
        "subject left the kernel",
        "A subject computes: it makes no system call, allocates nothing from the C library and does not end its process.",
        "mm/mremap.c, move_ptes"
    );

    /// <summary>PTB633.</summary>
    public static readonly Rule SubjectBypass = Contract(
        33,
        "past the primitives",
        "A subject changes page tables by the helpers of include/linux/pgtable.h and by nothing else.",
        Pgtable
    );

    /// <summary>All rules by id.</summary>
    public static readonly IReadOnlyList<Rule> All =
    [
        WriteGained,
        WriteLost,
        SoftDirtyLost,
        UffdBit,
        Payload,
        LeftAtSource,
        YoungDirty,
        Counters,
        SoftDirtyGained,
        Pmd,
        Result,
        Attempts,
        ScanResult,
        BatchLength,
        BatchTold,
        AnonWritable,
        UffdArmed,
        Mapcount,
        Refcount,
        Rss,
        SwapCount,
        PageTables,
        MigrationEntry,
        MissingFilled,
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
        OutsideTable,
        OutsideRange,
        NewestWrite,
        FreedPage,
        WriteBackMissed,
        PinnedPage,
        DirtyLost,
        MoreWork,
        SavingMissed,
        DoomedAttempt,
        Creep,
        NullPage,
        PtlNotHeld,
        SleepUnderPtl,
        SetPtes,
        EmptyBatch,
        CountBelowZero,
        LockMisuse,
        NoEnd,
        TableInUse,
        TableMisuse,
        VmaNotLocked,
        StackOverrun,
        SubjectCrash,
        SubjectTimeOut,
        SubjectSystemCall,
        SubjectBypass,
    ];

    /// <summary>The rule of an id, or null.</summary>
    public static Rule? Find(string id) => All.FirstOrDefault(rule => rule.Id == id);

    private static Rule State(int number, string title, string sentence, string source) =>
        Create(number, OracleKind.State, title, sentence, source);

    private static Rule Invariant(int number, string title, string sentence, string source) =>
        Create(100 + number, OracleKind.Invariants, title, sentence, source);

    private static Rule Tlb(int number, string title, string sentence, string source) =>
        Create(200 + number, OracleKind.Tlb, title, sentence, source);

    private static Rule Bounds(int number, string title, string sentence, string source) =>
        Create(300 + number, OracleKind.Bounds, title, sentence, source);

    private static Rule Memory(int number, string title, string sentence, string source) =>
        Create(400 + number, OracleKind.Memory, title, sentence, source);

    private static Rule Work(int number, string title, string sentence, string source) =>
        Create(500 + number, OracleKind.Work, title, sentence, source);

    private static Rule Contract(int number, string title, string sentence, string source) =>
        Create(600 + number, OracleKind.Contract, title, sentence, source);

    private static Rule Create(
        int number,
        OracleKind oracle,
        string title,
        string sentence,
        string source
    ) => new($"PTB{number:000}", oracle, title, sentence, source);
}
