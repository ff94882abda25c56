using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.Interference;

/// <summary>
/// retract_page_tables on another CPU: khugepaged has put a huge folio into the page cache, and takes the empty table
/// of a shared mapping away. It comes by way of the file and needs no mmap_lock.
/// </summary>
internal static class Retracter
{
    /// <summary>
    /// Unlinks, flushes and frees the table of a page, if nothing is left in it. Needs i_mmap_rwsem for reading, the
    /// PMD lock and the page-table lock. VMAs that are private or armed for write protection are passed over.
    /// </summary>
    public static StepResult Run<TArch>(KernelContext<TArch> kernel, in InterferenceStep step)
        where TArch : struct, IArch
    {
        var machine = kernel.Machine;
        ref readonly var vma = ref machine.Vmas[step.Vma];
        var table = machine.FindTable(vma.Mm, step.Vpn);
        var passedOver = !vma.Has(VmaFlags.Shared) || vma.Has(VmaFlags.UffdWp);
        if (passedOver || table < 0 || machine.TableWords(table).ContainsAnyExcept(0ul))
        {
            return StepResult.Done;
        }

        var busy = machine.Mms[vma.Mm].PmdLockHeld || machine.Tables[table].PtlHeld;
        if (vma.IMmapLock == LockMode.Write || busy)
        {
            return StepResult.Blocked;
        }

        var pmd = machine.FindPmd(vma.Mm, step.Vpn);
        var vpn = machine.Pmds[pmd].BaseVpn;
        kernel.MmuNotifierInvalidateRangeStart(vma.Mm, vpn, machine.Slots);
        kernel.SpinLockPmd(vma.Mm);
        kernel.SpinLockPtl(table);
        kernel.PmdpCollapseFlush(vma.Mm, pmd, vpn);
        kernel.SpinUnlockPtl(table);
        kernel.SpinUnlockPmd(vma.Mm);
        kernel.MmuNotifierInvalidateRangeEnd(vma.Mm, vpn, machine.Slots);
        kernel.MmDecNrPtes(vma.Mm);
        kernel.PteFreeDefer(table);
        return StepResult.Done;
    }
}
