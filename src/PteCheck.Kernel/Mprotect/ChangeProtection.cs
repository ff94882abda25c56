using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.Mprotect;

/// <summary>
/// What stands around the loop of change_pte_range and is the same for every version of it: the system call
/// mprotect, the NUMA scan of a task, UFFDIO_WRITEPROTECT, and change_protection with its gather.
/// </summary>
internal static class ChangeProtection
{
    private const VmaFlags Rights = VmaFlags.Read | VmaFlags.Write | VmaFlags.Exec;

    /// <summary>From taking mmap_lock to the return to user space: mprotect, change_prot_numa of a scan, or UFFDIO_WRITEPROTECT.</summary>
    public static void Run<TArch, TChange>(
        KernelContext<TArch> kernel,
        in OperationCall call,
        TChange change,
        DecisionSet decisions
    )
        where TArch : struct, IArch
        where TChange : struct, IChangePtes
    {
        if (call.Mode == ProtectMode.Protect)
        {
            kernel.MmapWriteLock(call.Mm);
            kernel.TlbGatherMmu(kernel.Gather, call.Mm);
            MprotectFixup(kernel, call, change, decisions);
            kernel.TlbFinishMmu(kernel.Gather);
            kernel.MmapWriteUnlock(call.Mm);
        }
        else
        {
            var flags = kernel.Machine.Vmas[call.Vma].Flags;
            kernel.MmapReadLock(call.Mm);
            kernel.TlbGatherMmu(kernel.Gather, call.Mm);
            var prot =
                call.Mode == ProtectMode.Numa
                    ? TArch.PageNone
                    : KernelContext<TArch>.VmaPageProt(flags);
            var upgrade =
                call.Mode == ProtectMode.UffdResolve
                && KernelContext<TArch>.VmaWantsManualPteWriteUpgrade(flags, prot);
            Change(kernel, call, prot, upgrade, change, decisions);
            kernel.TlbFinishMmu(kernel.Gather);
            kernel.MmapReadUnlock(call.Mm);
        }

        kernel.ReturnToUser(call.Mm);
    }

    /// <summary>
    /// mprotect_fixup: nothing where the rights stay; else the VMA gets them, and then its entries. Whether entries
    /// may become writable is asked while vm_page_prot is still the old one.
    /// </summary>
    private static void MprotectFixup<TArch, TChange>(
        KernelContext<TArch> kernel,
        in OperationCall call,
        TChange change,
        DecisionSet decisions
    )
        where TArch : struct, IArch
        where TChange : struct, IChangePtes
    {
        var old = kernel.Machine.Vmas[call.Vma].Flags;
        if ((old & Rights) == call.Rights)
        {
            return;
        }

        var flags = (old & ~Rights) | call.Rights;
        kernel.VmaModifyFlags(call.Vma, call.Vpn, call.Pages, call.Rights);
        var upgrade = KernelContext<TArch>.VmaWantsManualPteWriteUpgrade(
            flags,
            KernelContext<TArch>.VmaPageProt(old)
        );
        var prot = KernelContext<TArch>.VmaPageProt(flags);
        Change(kernel, call, prot, upgrade, change, decisions);
    }

    /// <summary>change_protection down to change_pmd_range: from table to table; arm64 flushes at the end of the VMA (tlb_end_vma).</summary>
    private static void Change<TArch, TChange>(
        KernelContext<TArch> kernel,
        in OperationCall call,
        Pte prot,
        bool upgrade,
        TChange change,
        DecisionSet decisions
    )
        where TArch : struct, IArch
        where TChange : struct, IChangePtes
    {
        var notify = !decisions.Has(MprotectDecisions.NoNotifier);
        if (notify)
        {
            kernel.MmuNotifierInvalidateRangeStart(call.Mm, call.Vpn, (int)call.Pages);
        }

        var slots = (uint)kernel.Machine.Slots;
        for (uint done = 0; done < call.Pages; )
        {
            var vpn = call.Vpn + done;
            var pages = Math.Min(call.Pages - done, slots - (vpn & (slots - 1)));
            var extent = new ProtectExtent(
                call.Mm,
                call.Vma,
                vpn,
                (int)pages,
                call.Mode,
                prot,
                upgrade
            );
            ChangePteRange(kernel, extent, change, decisions);
            kernel.CondResched();
            done += pages;
        }

        if (notify)
        {
            kernel.MmuNotifierInvalidateRangeEnd(call.Mm, call.Vpn, (int)call.Pages);
        }

        if (TArch.HasContpte)
        {
            kernel.TlbFlushMmuTlbOnly(kernel.Gather);
        }
    }

    /// <summary>change_pte_range around its loop.</summary>
    private static void ChangePteRange<TArch, TChange>(
        KernelContext<TArch> kernel,
        in ProtectExtent extent,
        TChange change,
        DecisionSet decisions
    )
        where TArch : struct, IArch
        where TChange : struct, IChangePtes
    {
        var ptep = kernel.PteOffsetMapLock(extent.Mm, extent.Vpn, extent.Pages);
        if (!decisions.Has(MprotectDecisions.TrustNone))
        {
            kernel.FlushTlbBatchedPending(extent.Mm);
        }

        for (var done = 0; done < extent.Pages; )
        {
            done += change.ChangePtes(
                kernel,
                extent,
                ptep.Add(done),
                extent.Vpn + (uint)done,
                extent.Pages - done,
                kernel.Gather
            );
        }

        kernel.SpinUnlockPtl(ptep.Table);
    }
}
