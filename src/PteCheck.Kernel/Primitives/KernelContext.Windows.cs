using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Kernel.Primitives;

/// <summary>What khugepaged's choice of windows calls, and what it asks about folios (mm/khugepaged.c).</summary>
public sealed partial class KernelContext<TArch>
{
    /// <summary>collapse_huge_page: one attempt, entered and left without mmap_lock, which it takes itself.</summary>
    /// <param name="mm">Index of the mm.</param>
    /// <param name="table">Index of the table.</param>
    /// <param name="offset">First slot of the window.</param>
    /// <param name="pages">Its length.</param>
    /// <param name="result">What it came to.</param>
    /// <param name="holes">Empty slots and zero pages in the window.</param>
    public void CollapseHugePage(int mm, int table, int offset, int pages, int result, int holes)
    {
        if (Machine.Mms[mm].MmapLock != LockMode.Free)
        {
            Fault(FaultKind.LockMisuse, mm, 0, "collapse_huge_page");
        }

        Record(Primitive.CollapseHugePage, table, offset, pages, a: (ulong)result, b: (ulong)holes);
        NoteBatch(pages);
    }

    /// <summary>collapse_scan_pmd returns: mmap_lock is as it says by lock_dropped.</summary>
    public void CollapseScanEnds(int mm, int result, bool lockDropped)
    {
        Record(Primitive.CollapseScan, mm, a: (ulong)result);
        if (lockDropped != (Machine.Mms[mm].MmapLock == LockMode.Free))
        {
            Fault(FaultKind.LockMisuse, mm, 0, "collapse_scan_pmd");
            throw new RunStoppedException();
        }
    }

    /// <summary>collapse_mthp_stack_push: a window waits on the stack, which has room for so many.</summary>
    public void PushWindow(int offset, int pages, int depth, int room)
    {
        if (depth > room)
        {
            Fault(FaultKind.StackOverrun, -1, 0, "collapse_mthp_stack_push");
            throw new RunStoppedException();
        }

        Record(Primitive.WindowPush, slot: offset, nr: pages, a: (ulong)depth);
    }

    /// <summary>A VMA is read: only mmap_lock keeps it from being freed.</summary>
    public void CheckVmaLocked(int mm, string by)
    {
        if (Machine.Mms[mm].MmapLock == LockMode.Free)
        {
            Fault(FaultKind.VmaNotLocked, mm, 0, by);
        }
    }

    /// <summary>folio_expected_ref_count of an anonymous folio: its mappings, and the swap cache's reference to each page.</summary>
    public int FolioExpectedRefCount(int folio)
    {
        ref readonly var owner = ref Machine.Folios[folio];
        var cached = (owner.Flags & FolioFlags.SwapCache) != 0;
        return owner.Mapcount + (cached ? owner.Pages : 0);
    }
}
