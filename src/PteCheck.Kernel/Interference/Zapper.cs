using PteCheck.Kernel.Primitives;
using PteCheck.Kernel.Zap;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.Interference;

/// <summary>
/// MADV_DONTNEED on another CPU, in two steps: the entries are cleared under the page-table lock; later, maybe
/// much later, the gather flushes and frees (zap_pte_range, tlb_finish_mmu).
/// </summary>
internal sealed class Zapper<TArch>(KernelContext<TArch> kernel)
    where TArch : struct, IArch
{
    private readonly MmuGather gather = new();
    private bool open;

    /// <summary>Forgets what the last run left.</summary>
    public void Begin() => open = false;

    /// <summary>
    /// tlb_gather_mmu and zap_pte_range of pages of one table. Needs mmap_lock for reading and the page-table
    /// lock. A locked VMA refuses MADV_DONTNEED.
    /// </summary>
    public StepResult Clear(in InterferenceStep step)
    {
        var machine = kernel.Machine;
        ref readonly var vma = ref machine.Vmas[step.Vma];
        if (open || vma.Has(VmaFlags.Locked))
        {
            return StepResult.Done;
        }

        var table = machine.FindTable(vma.Mm, step.Vpn);
        if (table < 0)
        {
            return StepResult.Done;
        }

        if (machine.Mms[vma.Mm].MmapLock == LockMode.Write || machine.Tables[table].PtlHeld)
        {
            return StepResult.Blocked;
        }

        var toTableEnd = (uint)machine.Slots - (step.Vpn & (uint)(machine.Slots - 1));
        var pages = (int)Math.Min(step.Pages, toTableEnd);
        kernel.TlbGatherMmu(gather, vma.Mm);
        open = true;
        kernel.MmuNotifierInvalidateRangeStart(vma.Mm, step.Vpn, pages);
        for (var done = 0; done < pages; )
        {
            var vpn = step.Vpn + (uint)done;
            done += ZapPageRange.Clear(kernel, vma.Mm, step.Vma, vpn, pages - done, gather);
            ZapPageRange.FreeForced(kernel, gather);
        }

        kernel.MmuNotifierInvalidateRangeEnd(vma.Mm, step.Vpn, pages);
        return StepResult.Done;
    }

    /// <summary>Whether a zap of an mm is under way, which holds its mmap_lock, or the VMA's, for reading until the end.</summary>
    public bool HoldsMmapLock(int mm) => open && gather.Mm == mm;

    /// <summary>tlb_finish_mmu, when a zap has begun.</summary>
    public void Finish()
    {
        if (open)
        {
            open = false;
            ZapPageRange.Finish(kernel, gather);
        }
    }
}
