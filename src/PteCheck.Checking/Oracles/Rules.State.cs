namespace PteCheck.Checking.Oracles;

/// <summary>PTB001 to PTB023: what the reference leaves behind, or tells.</summary>
public static partial class Rules
{
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

    private static Rule[] OfState =>
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
        ];

    private static Rule State(int number, string title, string sentence, string source) =>
        Create(number, OracleKind.State, title, sentence, source);
}
