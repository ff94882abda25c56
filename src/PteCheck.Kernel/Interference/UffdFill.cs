using PteCheck.Kernel.Primitives;
using PteCheck.Kernel.WpFault;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.Interference;

/// <summary>
/// UFFDIO_ZEROPAGE and UFFDIO_COPY on another CPU (mfill_atomic_pte_zeropage, mfill_atomic_pte_copy): they fill an
/// empty slot of an armed private VMA with the zero page, or with a new page that holds what user space gave.
/// A private mapping of shmem is filled as an anonymous one is, without a look at the page cache.
/// </summary>
internal static class UffdFill
{
    /// <summary>Fills the slot. Needs mmap_lock for reading and the page-table lock, and where there is no table the PMD lock.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="step">The step.</param>
    /// <param name="token">What UFFDIO_COPY brings.</param>
    public static StepResult Run<TArch>(
        KernelContext<TArch> kernel,
        in InterferenceStep step,
        ulong token
    )
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
            if (step.Verb == StepVerb.UffdCopy)
            {
                Copy(kernel, step, ptep, token);
            }
            else
            {
                var prot = TArch.PageReadOnly(vma.Has(VmaFlags.Exec));
                var zero = TArch.PfnPte(Machine.ZeroPfn, prot);
                kernel.SetPteAt(ptep, TArch.PteMkSpecial(zero));
            }
        }

        kernel.SpinUnlockPtl(ptep.Table);
        return StepResult.Done;
    }

    /// <summary>mfill_atomic_install_pte: a new page, dirty, and writable if the VMA is. A machine without room for it is left as it is.</summary>
    private static void Copy<TArch>(
        KernelContext<TArch> kernel,
        in InterferenceStep step,
        PtePointer ptep,
        ulong token
    )
        where TArch : struct, IArch
    {
        var machine = kernel.Machine;
        ref readonly var vma = ref machine.Vmas[step.Vma];
        var folio = kernel.FolioPrealloc();
        if (folio < 0)
        {
            return;
        }

        var frame = machine.Folios[folio].FirstFrame;
        kernel.CopyFromUser(vma.Mm, step.Vpn, frame, token);
        var prot = TArch.PageReadOnly(vma.Has(VmaFlags.Exec));
        var entry = TArch.PteMkDirty(TArch.PfnPte(machine.PfnBase + (ulong)frame, prot));
        kernel.FolioAddNewAnonRmap(folio, step.Vma);
        kernel.AddMmCounter(vma.Mm, FolioKind.Anon, 1);
        kernel.SetPteAt(ptep, DoAnonymousPage.MaybeMkWrite<TArch>(entry, vma, machine.Context));
    }
}
