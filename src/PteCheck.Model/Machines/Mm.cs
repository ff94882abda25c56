using System.Runtime.InteropServices;

namespace PteCheck.Model.Machines;

/// <summary>How a read-write lock is held.</summary>
public enum LockMode : byte
{
    /// <summary>By nobody.</summary>
    Free,

    /// <summary>For reading.</summary>
    Read,

    /// <summary>For writing.</summary>
    Write,
}

/// <summary>An address space (<c>struct mm_struct</c>): its counters, its TLB bookkeeping, its lock.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Mm
{
    /// <summary>MM_FILEPAGES, in pages.</summary>
    public int RssFile;

    /// <summary>MM_ANONPAGES, in pages.</summary>
    public int RssAnon;

    /// <summary>MM_SHMEMPAGES, in pages.</summary>
    public int RssShmem;

    /// <summary>MM_SWAPENTS, in entries.</summary>
    public int SwapEntries;

    /// <summary>mm->tlb_flush_batched: pending generation in bits 0..14, flushed one in bits 16..30.</summary>
    public uint TlbFlushBatched;

    /// <summary>mm->tlb_flush_pending: how many gathers have yet to flush.</summary>
    public int TlbFlushPending;

    /// <summary>Nesting of mmu_notifier_invalidate_range_start without its end.</summary>
    public int NotifierDepth;

    /// <summary>The CPUs that may hold translations of this mm, one bit each.</summary>
    public uint CpuMask;

    /// <summary>mm_nr_ptes: page tables that are linked or deposited.</summary>
    public int NrPtes;

    /// <summary>mmap_lock.</summary>
    public LockMode MmapLock;

    /// <summary>mmap_lock is held for writing, and no VMA was locked with it (vma_start_write): those who have one locked for reading go on.</summary>
    public bool VmaLocksOpen;

    /// <summary>The lock of the page of PMD entries (pmd_lock): all that is modelled of an mm lies in one.</summary>
    public bool PmdLockHeld;
}
