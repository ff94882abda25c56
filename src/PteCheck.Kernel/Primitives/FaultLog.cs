namespace PteCheck.Kernel.Primitives;

/// <summary>What a primitive may find wrong with how it was called.</summary>
public enum FaultKind : byte
{
    /// <summary>A PTE outside its table was read or written.</summary>
    OutsideTable,

    /// <summary>A PTE outside the range given was read or written.</summary>
    OutsideRange,

    /// <summary>A page or folio was needed and there is none.</summary>
    NullPage,

    /// <summary>The page-table lock is not held.</summary>
    PtlNotHeld,

    /// <summary>A call that may sleep under a page-table lock.</summary>
    SleepUnderPtl,

    /// <summary>set_ptes with more than one entry on a slot that is present, or across folios or tables.</summary>
    SetPtesPrecondition,

    /// <summary>A batch of no entries.</summary>
    EmptyBatch,

    /// <summary>A counter fell below zero.</summary>
    CountBelowZero,

    /// <summary>A lock taken twice, released twice, or kept at the return to user space.</summary>
    LockMisuse,

    /// <summary>A VMA was read while mmap_lock was not held.</summary>
    VmaNotLocked,

    /// <summary>More windows wait than their stack has room for.</summary>
    StackOverrun,

    /// <summary>The run does not end.</summary>
    OutOfFuel,

    /// <summary>A PMD entry is written, or a table deposited, without the PMD lock.</summary>
    PmdLockNotHeld,

    /// <summary>A table is linked where something stands already, or one that is linked elsewhere.</summary>
    PmdNotNone,

    /// <summary>Something else than a table is taken for one.</summary>
    NotATable,

    /// <summary>A table is freed, deposited or withdrawn in the wrong state.</summary>
    TableMisuse,

    /// <summary>A table is freed or deposited while a lockless walker may be inside.</summary>
    TableInUse,

    /// <summary>An implementation from outside broke off: a memory fault, a trap, a sanitizer's report.</summary>
    SubjectCrash,

    /// <summary>An implementation from outside did not end in time.</summary>
    SubjectTimeOut,

    /// <summary>An implementation from outside made a system call, or ended its process.</summary>
    SubjectSystemCall,

    /// <summary>An implementation from outside changed the state by other means than primitives.</summary>
    SubjectBypass,
}

/// <summary>One fault: what, where, and after how many events.</summary>
/// <param name="Kind">What was wrong.</param>
/// <param name="Table">The table, or the folio or mm concerned; -1 for none.</param>
/// <param name="Slot">The slot, when a table is concerned.</param>
/// <param name="Step">Number of events before it.</param>
/// <param name="By">The primitive that found it, by its kernel name.</param>
public readonly record struct Fault(FaultKind Kind, short Table, short Slot, int Step, string By);

/// <summary>The first faults of a run, in order.</summary>
public sealed class FaultLog
{
    private const int Capacity = 16;
    private readonly Fault[] faults = new Fault[Capacity];

    /// <summary>How many faults are kept.</summary>
    public int Count { get; private set; }

    /// <summary>The faults.</summary>
    public ReadOnlySpan<Fault> Faults => faults.AsSpan(0, Count);

    /// <summary>Forgets all.</summary>
    public void Clear() => Count = 0;

    /// <summary>Keeps a fault, unless one of its kind is kept already.</summary>
    public void Add(Fault fault)
    {
        foreach (var known in Faults)
        {
            if (known.Kind == fault.Kind)
            {
                return;
            }
        }

        if (Count < Capacity)
        {
            faults[Count++] = fault;
        }
    }
}

/// <summary>Thrown when a run cannot go on after a fault; whoever runs implementations catches it.</summary>
public sealed class RunStoppedException : Exception
{
    /// <summary>Creates the exception.</summary>
    public RunStoppedException()
        : base("The run stopped at a fault.") { }

    /// <summary>Creates the exception with a message.</summary>
    public RunStoppedException(string message)
        : base(message) { }

    /// <summary>Creates the exception with a message and a cause.</summary>
    public RunStoppedException(string message, Exception innerException)
        : base(message, innerException) { }
}
