using PteCheck.Kernel.Migration;
using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Kernel.WpFault;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.NumaFault;

/// <summary>
/// do_numa_page: an access to an entry that a NUMA scan made protnone. The folio is migrated where it should be
/// elsewhere; else the entry, and those of its large folio in the same table and VMA, become accessible again.
/// </summary>
public static class DoNumaPage
{
    /// <summary>Handles the fault. The page-table lock of the entry is held at the beginning, and dropped.</summary>
    /// <param name="kernel">The primitives of the CPU that faults.</param>
    /// <param name="fault">The fault; its entry is protnone.</param>
    /// <param name="misplaced">Whether the folio should be on another node (mpol_misplaced).</param>
    /// <param name="decisions">What is done otherwise than in the reference.</param>
    internal static FaultResult Run<TArch>(
        KernelContext<TArch> kernel,
        PageFault fault,
        bool misplaced,
        DecisionSet decisions
    )
        where TArch : struct, IArch
    {
        var machine = kernel.Machine;
        var flags = machine.Vmas[fault.Vma].Flags;
        var prot = KernelContext<TArch>.VmaPageProt(flags);
        var upgrade = KernelContext<TArch>.VmaWantsManualPteWriteUpgrade(flags, prot);
        var pte = TArch.PteModify(fault.OrigPte, prot);
        var writable = IsWritable(kernel, fault.Vma, pte, upgrade, decisions);
        var folio = kernel.VmNormalFolio(pte);
        var ignoreWritable = false;
        if (folio >= 0 && misplaced && MigrateMisplacedFolioPrepare(kernel, folio))
        {
            kernel.SpinUnlockPtl(fault.Ptep.Table);
            ignoreWritable = !decisions.Has(NumaFaultDecisions.KeepWritable);
            writable &= !ignoreWritable;
            if (MigrateMisplacedFolio(kernel, folio, decisions))
            {
                return FaultResult.NumaMigrated;
            }

            kernel.SpinLockPtl(fault.Ptep.Table);
            if (kernel.PtepGet(fault.Ptep) != fault.OrigPte)
            {
                kernel.SpinUnlockPtl(fault.Ptep.Table);
                return FaultResult.NumaRetry;
            }
        }

        var large = folio >= 0 && machine.Folios[folio].IsLarge;
        if (large && !decisions.Has(NumaFaultDecisions.RebuildOne))
        {
            upgrade &= !ignoreWritable;
            RebuildLargeMapping(kernel, fault, folio, prot, upgrade, ignoreWritable, decisions);
        }
        else
        {
            RebuildSingleMapping(kernel, fault.Vma, fault.Ptep, prot, writable);
        }

        kernel.SpinUnlockPtl(fault.Ptep.Table);
        return FaultResult.NumaHint;
    }

    /// <summary>migrate_misplaced_folio_prepare: whether the folio could be isolated; here the kinds that are migrated, and not locked.</summary>
    private static bool MigrateMisplacedFolioPrepare<TArch>(KernelContext<TArch> kernel, int folio)
        where TArch : struct, IArch =>
        MigrateFolio.IsMigratable(kernel.Machine.Folios[folio]) && kernel.IsolateAndLock(folio);

    /// <summary>migrate_misplaced_folio: migrate_pages of one folio in mode MIGRATE_ASYNC.</summary>
    private static bool MigrateMisplacedFolio<TArch>(
        KernelContext<TArch> kernel,
        int folio,
        DecisionSet decisions
    )
        where TArch : struct, IArch
    {
        var dst = kernel.AllocMisplacedDstFolio(folio);
        if (dst < 0)
        {
            kernel.UnlockAndPutBack(folio);
            return false;
        }

        var late = decisions.Has(NumaFaultDecisions.CopyBeforeFlush);
        var unmapped = MigrateFolio.TryToMigrate(kernel, folio);
        if (!late)
        {
            kernel.TryToUnmapFlush();
        }

        var moved = unmapped && MigrateFolio.Copy(kernel, folio, dst);
        if (late)
        {
            kernel.TryToUnmapFlush();
        }

        MigrateFolio.RemoveMigrationPtes(kernel, folio, moved ? dst : folio);
        kernel.FolioPutRefs(dst, 1);
        kernel.UnlockAndPutBack(folio);
        return moved;
    }

    /// <summary>numa_rebuild_large_mapping: every protnone entry of the folio, from its first page on, within table and VMA.</summary>
    private static void RebuildLargeMapping<TArch>(
        KernelContext<TArch> kernel,
        PageFault fault,
        int folio,
        Pte prot,
        bool upgrade,
        bool ignoreWritable,
        DecisionSet decisions
    )
        where TArch : struct, IArch
    {
        var machine = kernel.Machine;
        ref readonly var vma = ref machine.Vmas[fault.Vma];
        ref readonly var owner = ref machine.Folios[folio];
        var page = machine.FrameOf(TArch.PtePfn(fault.OrigPte)) - owner.FirstFrame;
        var table = (long)(fault.Vpn & ~(uint)(machine.Slots - 1));
        var first = (long)fault.Vpn - page;
        var start = Math.Max(first, Math.Max(vma.Start, table));
        var end = Math.Min(first + owner.Pages, Math.Min(vma.End, table + machine.Slots));
        var within = fault.Ptep with { First = (short)(start - table), End = (short)(end - table) };
        if (decisions.Has(NumaFaultDecisions.RebuildPastTable))
        {
            start = Math.Max(first, vma.Start);
            end = Math.Min(start + owner.Pages, vma.End);
        }

        for (var vpn = start; vpn < end; vpn++)
        {
            var ptep = within.Add((int)(vpn - fault.Vpn));
            var pte = kernel.PtepGet(ptep);
            if (!TArch.PtePresent(pte) || !TArch.PteProtnone(pte))
            {
                continue;
            }

            if (kernel.VmNormalFolio(pte) != folio)
            {
                continue;
            }

            pte = TArch.PteModify(pte, prot);
            var writable =
                !ignoreWritable && IsWritable(kernel, fault.Vma, pte, upgrade, decisions);
            RebuildSingleMapping(kernel, fault.Vma, ptep, prot, writable);
        }
    }

    /// <summary>numa_rebuild_single_mapping.</summary>
    private static void RebuildSingleMapping<TArch>(
        KernelContext<TArch> kernel,
        int vma,
        PtePointer ptep,
        Pte prot,
        bool writable
    )
        where TArch : struct, IArch
    {
        var pte = TArch.PteMkYoung(TArch.PteModify(kernel.PtepGetAndClear(ptep), prot));
        if (writable)
        {
            var shadowStack = kernel.Machine.Vmas[vma].Has(VmaFlags.ShadowStack);
            pte = TArch.PteMkWrite(pte, shadowStack, kernel.Machine.Context);
        }

        kernel.SetPteAt(ptep, pte);
    }

    private static bool IsWritable<TArch>(
        KernelContext<TArch> kernel,
        int vma,
        Pte pte,
        bool upgrade,
        DecisionSet decisions
    )
        where TArch : struct, IArch =>
        TArch.PteWrite(pte, kernel.Machine.Context)
        || (
            upgrade
            && (
                decisions.Has(NumaFaultDecisions.UpgradeAlways)
                || kernel.CanChangePteWritable(vma, pte)
            )
        );
}
