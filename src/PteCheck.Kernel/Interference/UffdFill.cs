using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.Interference;

/// <summary>
/// UFFDIO_ZEROPAGE on another CPU (mfill_atomic_pte_zeropage): fills an empty slot of an armed private VMA with
/// the zero page. A private mapping of shmem is filled as an anonymous one is, without a look at the page cache.
/// </summary>
internal static class UffdFill
{
    /// <summary>Fills the slot. Needs mmap_lock for reading and the page-table lock, and where there is no table the PMD lock.</summary>
    public static StepResult Run<TArch>(KernelContext<TArch> kernel, in InterferenceStep step)
        where TArch : struct, IArch
    {
        var machine = kernel.Machine;
        ref readonly var vma = ref machine.Vmas[step.Vma];
        var armed = (vma.Flags & VmaFlags.UffdAny) != 0;
        var file = (vma.Flags & VmaFlags.FileBacked) != 0;
        var pastEnd = file && step.Vpn - vma.Start >= vma.FilePages;
        if (!armed || vma.Has(VmaFlags.Shared) || pastEnd)
        {
            return StepResult.Done;
        }

        var table = machine.FindTable(vma.Mm, step.Vpn);
        ref readonly var mm = ref machine.Mms[vma.Mm];
        var busy = table < 0 ? mm.PmdLockHeld : machine.Tables[table].PtlHeld;
        if (kernel.BlocksReaders(vma.Mm) || busy)
        {
            return StepResult.Blocked;
        }

        if (!kernel.PteAlloc(vma.Mm, step.Vpn))
        {
            return StepResult.Done;
        }

        var ptep = kernel.PteOffsetMapLock(vma.Mm, step.Vpn, 1);
        if (TArch.PteNone(kernel.PtepGet(ptep)))
        {
            var prot = TArch.PageReadOnly(vma.Has(VmaFlags.Exec));
            var zero = TArch.PfnPte(Machine.ZeroPfn, prot);
            kernel.SetPteAt(ptep, TArch.PteMkSpecial(zero));
        }

        kernel.SpinUnlockPtl(ptep.Table);
        return StepResult.Done;
    }
}
