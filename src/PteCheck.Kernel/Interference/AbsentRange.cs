using PteCheck.Kernel.Operations;
using PteCheck.Model.Traces;

namespace PteCheck.Kernel.Interference;

/// <summary>
/// Addresses at which an mm has no VMA for now, though the machine lists one: the destination of a move until
/// mremap takes mmap_lock, and from then on the source (mm/mremap.c, copy_vma_and_data and unmap_source_vma).
/// Who faults there gets SIGSEGV, and madvise and userfaultfd find nothing. What mremap does under mmap_lock
/// nobody sees who needs that lock.
/// </summary>
internal sealed class AbsentRange
{
    private OperationCall call;
    private bool moves;
    private bool moved;

    /// <summary>A run begins.</summary>
    public void Begin(IOperation operation, in OperationCall ofRun)
    {
        call = ofRun;
        moves = operation.Moves;
        moved = false;
    }

    /// <summary>The operation has done something.</summary>
    public void Follow(in TraceEvent e) => moved |= e.Op == Primitive.MmapLock;

    /// <summary>Whether a page, or one of several, lies in the range.</summary>
    public bool Has(int mm, uint vpn, uint pages = 1)
    {
        var start = moved ? call.Vpn : call.NewVpn;
        return moves && mm == call.Mm && vpn < start + call.Pages && start < vpn + pages;
    }
}
