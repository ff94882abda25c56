namespace PteCheck.Native.Abi;

/// <summary>How a case ended in the child.</summary>
public enum SubjectStatus : uint
{
    /// <summary>Not run yet.</summary>
    NotRun,

    /// <summary>The function has returned.</summary>
    Returned,

    /// <summary>A primitive could not go on; its record is the last, and the model says why.</summary>
    Stopped,

    /// <summary>The log is full: too many calls for one operation.</summary>
    OutOfFuel,

    /// <summary>A signal: number in Code, address in Address.</summary>
    Signal,

    /// <summary>A system call that the filter refuses: number in Code.</summary>
    SystemCall,

    /// <summary>The child ended: exit code in Code.</summary>
    Ended,

    /// <summary>No end within the time limit.</summary>
    TimedOut,

    /// <summary>AddressSanitizer reported: the address in Address.</summary>
    Sanitizer,

    /// <summary>A pointer to a page-table entry that no call had given.</summary>
    WildPointer,

    /// <summary>The stack has overflowed.</summary>
    StackOverflow,

    /// <summary>The call needs something that the model does not have.</summary>
    Unsupported,
}
