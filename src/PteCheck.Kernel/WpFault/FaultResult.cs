namespace PteCheck.Kernel.WpFault;

/// <summary>What handle_pte_fault did.</summary>
public enum FaultResult
{
    /// <summary>The VMA does not allow the access: SIGSEGV, nothing changed.</summary>
    Segv,

    /// <summary>A kind of entry or VMA whose fault is not modelled; nothing changed.</summary>
    NotModelled,

    /// <summary>Left to the userfaultfd's user space, nothing changed.</summary>
    Userfault,

    /// <summary>A lock or memory is missing that the kernel would wait for; nothing changed.</summary>
    WouldBlock,

    /// <summary>The entry permitted the access already, or was marked young or dirty.</summary>
    Spurious,

    /// <summary>The page of a private mapping was made writable where it is.</summary>
    Reused,

    /// <summary>The page of a shared mapping was made writable, and its folio dirty.</summary>
    Shared,

    /// <summary>The page was copied, or a new page took the place of the zero page.</summary>
    Copied,

    /// <summary>A new page was mapped into an empty slot.</summary>
    NewPage,

    /// <summary>The zero page was mapped into an empty slot.</summary>
    ZeroPage,

    /// <summary>A protnone entry was made accessible, with those of its large folio.</summary>
    NumaHint,

    /// <summary>The folio of a protnone entry was migrated.</summary>
    NumaMigrated,

    /// <summary>The folio of a protnone entry could not be migrated, and the entry is another meanwhile.</summary>
    NumaRetry,
}
