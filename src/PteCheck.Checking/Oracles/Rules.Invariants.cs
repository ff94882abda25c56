namespace PteCheck.Checking.Oracles;

/// <summary>PTB101 to PTB110: what holds of every machine.</summary>
public static partial class Rules
{
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

    private static Rule[] OfInvariants =>
        [
            AnonWritable,
            UffdArmed,
            Mapcount,
            Refcount,
            Rss,
            SwapCount,
            PageTables,
            MigrationEntry,
            MissingFilled,
        ];

    private static Rule Invariant(int number, string title, string sentence, string source) =>
        Create(100 + number, OracleKind.Invariants, title, sentence, source);
}
