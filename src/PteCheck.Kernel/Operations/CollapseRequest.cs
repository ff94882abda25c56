using System.Runtime.InteropServices;

namespace PteCheck.Kernel.Operations;

/// <summary>What goes wrong in an anonymous collapse though nothing in the tables says so.</summary>
public enum CollapseMishap : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>No memory for the new folio.</summary>
    AllocFails,

    /// <summary>The memory cgroup refuses the charge.</summary>
    ChargeFails,

    /// <summary>The mm is being torn down when mmap_lock is taken for writing.</summary>
    MmExits,

    /// <summary>The VMA is gone when mmap_lock is taken for writing.</summary>
    VmaGone,

    /// <summary>The folio at a page is on no LRU list when the table is scanned.</summary>
    OffLru,

    /// <summary>The folio at a page goes off its LRU list before it is isolated.</summary>
    IsolateFails,

    /// <summary>The memory of a page turns out to be poisoned while it is copied.</summary>
    CopyFails,
}

/// <summary>The arguments of an anonymous collapse (struct collapse_control, and the sysfs limits of khugepaged).</summary>
[StructLayout(LayoutKind.Sequential)]
public record struct CollapseRequest
{
    /// <summary>log2 of the pages of the window.</summary>
    public byte Order;

    /// <summary>khugepaged's own limits and tests; else MADV_COLLAPSE.</summary>
    public bool Khugepaged;

    /// <summary>max_ptes_none.</summary>
    public short MaxNone;

    /// <summary>max_ptes_swap.</summary>
    public short MaxSwap;

    /// <summary>max_ptes_shared.</summary>
    public short MaxShared;

    /// <summary>What goes wrong.</summary>
    public CollapseMishap Mishap;

    /// <summary>At which page of the window, where it goes wrong at a page.</summary>
    public short MishapPage;
}
