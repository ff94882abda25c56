namespace PteCheck.Checking.Oracles;

/// <summary>PTB401 to PTB405: what loads, stores and write-back see.</summary>
public static partial class Rules
{
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

    private static Rule[] OfMemory =>
        [NewestWrite, FreedPage, WriteBackMissed, PinnedPage, DirtyLost];

    private static Rule Memory(int number, string title, string sentence, string source) =>
        Create(400 + number, OracleKind.Memory, title, sentence, source);
}
