using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Kernel.Zap;
using PteCheck.Model.Architectures;

namespace PteCheck.Kernel.MadviseDontneed;

/// <summary>
/// What stands around zap_huge_pmd: madvise_dontneed_single_vma and zap_pmd_range (mm/madvise.c, mm/memory.c), of
/// memory that leaves map.
/// </summary>
internal static class MadviseDontneedHugePmd
{
    /// <summary>MADV_DONTNEED of a range of one VMA, from taking mmap_lock to the return to user space.</summary>
    public static void Run<TArch>(
        KernelContext<TArch> kernel,
        in OperationCall call,
        DecisionSet decisions
    )
        where TArch : struct, IArch
    {
        var slots = (uint)kernel.Machine.Slots;
        var tlb = kernel.Gather;
        kernel.MmapReadLock(call.Mm);
        kernel.TlbGatherMmu(tlb, call.Mm);
        kernel.MmuNotifierInvalidateRangeStart(call.Mm, call.Vpn, (int)call.Pages);
        for (uint done = 0; done < call.Pages; done += slots)
        {
            ZapPmd(kernel, call, call.Vpn + done, tlb, decisions);
            kernel.CondResched();
        }

        kernel.MmuNotifierInvalidateRangeEnd(call.Mm, call.Vpn, (int)call.Pages);
        ZapPageRange.Finish(kernel, tlb);
        kernel.MmapReadUnlock(call.Mm);
        kernel.ReturnToUser(call.Mm);
    }

    /// <summary>
    /// One round of zap_pmd_range. The first look is without the lock; where the leaf has gone meanwhile, what came
    /// after it is zapped: nothing, or the entries of a table.
    /// </summary>
    private static void ZapPmd<TArch>(
        KernelContext<TArch> kernel,
        in OperationCall call,
        uint vpn,
        MmuGather tlb,
        DecisionSet decisions
    )
        where TArch : struct, IArch
    {
        var slots = kernel.Machine.Slots;
        var pmd = kernel.PmdOffset(call.Mm, vpn);
        var seen = kernel.PmdpGetLockless(pmd);
        if (seen.IsHuge && ZapHugePmd.TryRun(kernel, pmd, seen, tlb, decisions))
        {
            return;
        }

        if (kernel.PmdpGetLockless(pmd).IsNone)
        {
            kernel.UserDiscard(call.Mm, vpn, slots);
            return;
        }

        for (var done = 0; done < slots; )
        {
            var next = vpn + (uint)done;
            done += ZapPageRange.Clear(kernel, call.Mm, call.Vma, next, slots - done, tlb);
            ZapPageRange.FreeForced(kernel, tlb);
        }
    }
}
