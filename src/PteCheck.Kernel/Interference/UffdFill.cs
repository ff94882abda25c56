using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.Interference;

/// <summary>UFFDIO_ZEROPAGE on another CPU (mfill_atomic_pte_zeropage): fills an empty slot of an armed anonymous VMA with the zero page.</summary>
internal static class UffdFill
{
    /// <summary>Fills the slot. Needs mmap_lock for reading and the page-table lock.</summary>
    public static StepResult Run<TArch>(KernelContext<TArch> kernel, in InterferenceStep step)
        where TArch : struct, IArch
    {
        var machine = kernel.Machine;
        ref readonly var vma = ref machine.Vmas[step.Vma];
        var table = machine.FindTable(vma.Mm, step.Vpn);
        var armed = (vma.Flags & VmaFlags.UffdAny) != 0;
        if (!armed || (vma.Flags & VmaFlags.FileBacked) != 0)
        {
            return StepResult.Done;
        }

        if (machine.Mms[vma.Mm].MmapLock == LockMode.Write || machine.Tables[table].PtlHeld)
        {
            return StepResult.Blocked;
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
