namespace PteCheck.Kernel.Operations;

/// <summary>When stale translations must be gone: the rows of a table of operations against events.</summary>
[Flags]
public enum TlbObligations
{
    /// <summary>Only what every operation owes: before a folio is freed, and when a CONT bit changes.</summary>
    None = 0,

    /// <summary>When a page-table lock is dropped: every translation that the run took away.</summary>
    AllAtUnlock = 1,

    /// <summary>When a page-table lock is dropped: those of file pages through which a CPU may store without a walk.</summary>
    DirtyFileAtUnlock = 2,

    /// <summary>When a mapping of a file page is removed from the rmap: the same translations.</summary>
    DirtyFileAtRmap = 4,

    /// <summary>At the return to user space: all in the range of the call, whoever left them, as long as the operation has held the lock of their table since.</summary>
    RangeAtReturn = 8,

    /// <summary>At the return to user space: those in the range that the run itself took away.</summary>
    OwnAtReturn = 16,
}
