namespace PteCheck.Checking.Oracles;

/// <summary>PTB601 to PTB633: what the primitives ask of their callers.</summary>
public static partial class Rules
{
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

    private static Rule[] OfContract =>
        [
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

    private static Rule Contract(int number, string title, string sentence, string source) =>
        Create(600 + number, OracleKind.Contract, title, sentence, source);
}
