using PteCheck.Kernel.NumaFault;
using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.WpFault;

/// <summary>
/// handle_pte_fault of one page: write faults on present entries, faults on protnone entries and on empty slots of
/// anonymous VMAs, and spurious faults. It takes the page-table lock itself; the caller holds mmap_lock for reading, or is
/// another actor of which nothing more is modelled.
/// </summary>
public static class HandlePteFault
{
    private const VmaFlags Rights = VmaFlags.Read | VmaFlags.Write | VmaFlags.Exec;

    /// <summary>Handles the fault.</summary>
    /// <param name="kernel">The primitives of the CPU that faults.</param>
    /// <param name="vma">Index of the VMA.</param>
    /// <param name="vpn">Page number; it lies in the VMA.</param>
    /// <param name="write">FAULT_FLAG_WRITE: a store, or in a shadow stack a store of the processor's.</param>
    public static FaultResult Run<TArch>(KernelContext<TArch> kernel, int vma, uint vpn, bool write)
        where TArch : struct, IArch => Run(kernel, vma, vpn, write, DecisionSet.Empty);

    /// <summary>The same, with decisions taken.</summary>
    internal static FaultResult Run<TArch>(
        KernelContext<TArch> kernel,
        int vma,
        uint vpn,
        bool write,
        DecisionSet decisions
    )
        where TArch : struct, IArch
    {
        ref readonly var owner = ref kernel.Machine.Vmas[vma];
        var result =
            AccessError(owner, write) ? FaultResult.Segv
            : !HasTable(kernel, owner, vpn) ? FaultResult.NotModelled
            : Handle(kernel, new PageFault(owner.Mm, vma, vpn) { Decisions = decisions }, write);
        kernel.PageFaultEnds(owner.Mm, vpn, (int)result);
        return result;
    }

    /// <summary>__handle_mm_fault: an anonymous VMA gets a table where the PMD entry is empty; faults on leaves change nothing.</summary>
    private static bool HasTable<TArch>(KernelContext<TArch> kernel, in Vma vma, uint vpn)
        where TArch : struct, IArch =>
        (vma.Flags & VmaFlags.FileBacked) == 0
            ? kernel.PteAlloc(vma.Mm, vpn)
            : kernel.Machine.FindTable(vma.Mm, vpn) >= 0;

    /// <summary>
    /// A load from a page whose entry is protnone; nothing where it is another, or where the VMA has no rights.
    /// </summary>
    internal static void Hint<TArch>(
        KernelContext<TArch> kernel,
        in OperationCall call,
        DecisionSet decisions
    )
        where TArch : struct, IArch
    {
        var result = FaultResult.Segv;
        if (!AccessError(kernel.Machine.Vmas[call.Vma], write: false))
        {
            var fault = new PageFault(call.Mm, call.Vma, call.Vpn)
            {
                Ptep = kernel.PteOffsetMapLock(call.Mm, call.Vpn, 1),
            };
            fault.OrigPte = kernel.PtepGet(fault.Ptep);
            if (TArch.PtePresent(fault.OrigPte) && TArch.PteProtnone(fault.OrigPte))
            {
                result = DoNumaPage.Run(kernel, fault, call.Migrates, decisions);
            }
            else
            {
                kernel.SpinUnlockPtl(fault.Ptep.Table);
                result = FaultResult.NotModelled;
            }
        }

        kernel.PageFaultEnds(call.Mm, call.Vpn, (int)result);
    }

    private static FaultResult Handle<TArch>(
        KernelContext<TArch> kernel,
        PageFault fault,
        bool write
    )
        where TArch : struct, IArch
    {
        fault.Ptep = kernel.PteOffsetMapLock(fault.Mm, fault.Vpn, 1);
        fault.OrigPte = kernel.PtepGet(fault.Ptep);
        var pte = fault.OrigPte;
        if (TArch.PteNone(pte))
        {
            kernel.SpinUnlockPtl(fault.Ptep.Table);
            return DoAnonymousPage.Run(kernel, fault, write);
        }

        if (!TArch.PtePresent(pte))
        {
            kernel.SpinUnlockPtl(fault.Ptep.Table);
            return FaultResult.NotModelled;
        }

        if (TArch.PteProtnone(pte))
        {
            return DoNumaPage.Run(kernel, fault, misplaced: false, DecisionSet.Empty);
        }

        return write && !TArch.PteWrite(pte, kernel.Machine.Context)
            ? DoWpPage.Run(kernel, fault)
            : Spurious(kernel, fault, write);
    }

    /// <summary>The end of handle_pte_fault: the entry permits the access, and becomes young, and dirty for a write.</summary>
    private static FaultResult Spurious<TArch>(
        KernelContext<TArch> kernel,
        in PageFault fault,
        bool write
    )
        where TArch : struct, IArch
    {
        var entry = write ? TArch.PteMkDirty(fault.OrigPte) : fault.OrigPte;
        kernel.PtepSetAccessFlags(fault.Ptep, TArch.PteMkYoung(entry), write);
        kernel.SpinUnlockPtl(fault.Ptep.Table);
        return FaultResult.Spurious;
    }

    /// <summary>access_error of the architectures: whether the VMA refuses the access.</summary>
    private static bool AccessError(in Vma vma, bool write) =>
        write ? !vma.Has(VmaFlags.Write) : (vma.Flags & Rights) == 0;
}
