namespace PteCheck.Checking.Oracles;

/// <summary>Every accepted difference, with its bound and its source. What is not here is a violation.</summary>
public static class Relaxations
{
    /// <summary>R1.</summary>
    public static readonly Relaxation Smear = new(
        "R1",
        "young and dirty smear",
        "Young and dirty of a final entry lie between the initial entry's own and the OR over the initial entries of the same folio, table and VMA in the range, joined on arm64 with the source and destination CONT blocks touched.",
        "mm/internal.h (FPB_MERGE_YOUNG_DIRTY, folio_pte_batch); comment above contpte_convert in arch/arm64/mm/contpte.c"
    );

    /// <summary>R2.</summary>
    public static readonly Relaxation PartialProgress = new(
        "R2",
        "lazyfree partial progress",
        "Where the one-PTE loop stopped at an entry, the candidate may keep the entries directly before it, in the same VMA and table and without a gap, each as it was in the beginning; counts follow the pages kept.",
        "mm/rmap.c, folio_unmap_pte_batch: a batch is dropped or restored as a whole; lazyfree review v4 3/4, 2025-07-01"
    );

    /// <summary>R3.</summary>
    public static readonly Relaxation DirtySeenEarly = new(
        "R3",
        "dirty seen early",
        "Where the one-PTE loop stopped, the candidate may have seen the dirty of an entry directly behind, in the same VMA and table and without a gap: the folio is then dirty, and swap-backed unless the VMA is droppable.",
        "mm/rmap.c, get_and_clear_ptes gathers dirty over the batch before the reference count is read"
    );

    /// <summary>R4.</summary>
    public static readonly Relaxation OverFlush = new(
        "R4",
        "over-flush",
        "A flush may cover more than it must; on the immediate path inaccessible entries may be flushed too.",
        "arch/x86/include/asm/tlbflush.h; mm/rmap.c since ddd05742b45b"
    );

    /// <summary>R5.</summary>
    public static readonly Relaxation NotCompared = new(
        "R5",
        "not compared",
        "CONT, the deferred-split queue, LRU flags, flush generations and the number of folio_mark_dirty calls are not compared.",
        "arch/arm64/mm/contpte.c (CONT is private to the architecture); lazyfree review v4 3/4, 2025-07-01"
    );

    /// <summary>R6.</summary>
    public static readonly Relaxation DroppedPageRead = new(
        "R6",
        "a dropped page is read once more",
        "From the moment at which reclaim drops a page with its flush deferred until that flush, a CPU may load from the dropped page through its stale translation, though another has filled the slot anew; in a droppable VMA a store may go there, too, and is lost with the page. Never after the folio is freed.",
        "3ea277194daa: those who must flush what reclaim deferred are mprotect, munmap, mremap and madvise, and not page faults or userfaultfd"
    );

    /// <summary>R7.</summary>
    public static readonly Relaxation WriteWithDirty = new(
        "R7",
        "write goes with dirty in a shared mapping",
        "Where mprotect lets dirty entries of a shared mapping become writable, a clean entry that became dirty with its batch (R1) may become writable, too, unless it is uffd-wp or soft-dirty waits for the next write.",
        "\"mm: optimize mprotect() by PTE batching\", v5 6/7 of 2025-07-18, merged as cac1db8c3aad: its message says that a dirty entry of the batch speaks for the whole folio, so that can_change_shared_pte_writable may be asked of the merged entry; mm/mprotect.c, set_write_prot_commit_flush_ptes does so"
    );

    /// <summary>All of them. R2 and R3 concern lazyfree-unmap alone, R7 mprotect.</summary>
    public static readonly IReadOnlyList<Relaxation> All =
    [
        Smear,
        PartialProgress,
        DirtySeenEarly,
        OverFlush,
        NotCompared,
        DroppedPageRead,
        WriteWithDirty,
    ];
}
