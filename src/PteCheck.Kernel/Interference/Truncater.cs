using PteCheck.Kernel.MadviseDontneed;
using PteCheck.Kernel.Primitives;
using PteCheck.Kernel.Zap;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.Interference;

/// <summary>
/// Truncation of a file folio on another CPU: unmap_mapping_folio zaps every mapping of it and flushes, then
/// its dirty flag goes (folio_cancel_dirty) and filemap_remove_folio puts the references of the page cache.
/// </summary>
internal static class Truncater
{
    /// <summary>
    /// truncate_inode_folio. Needs the folio lock, i_mmap_rwsem for reading and the page-table locks of all
    /// mappings.
    /// </summary>
    /// <remarks>Where somebody unknown holds the folio lock from before the run, it passes the folio over.</remarks>
    public static StepResult Run<TArch>(
        KernelContext<TArch> kernel,
        MmuGather gather,
        in StepFolio target
    )
        where TArch : struct, IArch
    {
        var machine = kernel.Machine;
        var folio = target.Folio;
        var passedOver =
            folio < 0
            || target.WasLocked
            || machine.Folios[folio].IsAnon
            || IsGone(machine.Folios[folio]);
        if (passedOver)
        {
            return StepResult.Done;
        }

        if (MappedVmas.AreBlocked(kernel, target))
        {
            return StepResult.Blocked;
        }

        for (var vma = 0; vma < machine.VmaCount; vma++)
        {
            if (kernel.VmaAddress(vma, folio) is not { } walk)
            {
                continue;
            }

            var pages = (int)(walk.End - walk.Start);
            kernel.TlbGatherMmu(gather, walk.Mm);
            kernel.MmuNotifierInvalidateRangeStart(walk.Mm, walk.Start, pages);
            ZapMapped(kernel, gather, walk);
            kernel.MmuNotifierInvalidateRangeEnd(walk.Mm, walk.Start, pages);
            ZapPageRange.Finish(kernel, gather);
        }

        ZapLeaves(kernel, gather, folio);
        machine.Folios[folio].Flags &= ~FolioFlags.Dirty;
        machine.Folios[folio].Flags |= FolioFlags.Truncated;
        kernel.FolioPutRefs(folio, machine.Folios[folio].Pages);
        return StepResult.Done;
    }

    /// <summary>unmap_mapping_folio at PMD level.</summary>
    private static void ZapLeaves<TArch>(KernelContext<TArch> kernel, MmuGather gather, int folio)
        where TArch : struct, IArch
    {
        for (var pmd = 0; pmd < kernel.Machine.PmdCount; pmd++)
        {
            if (ZapHugePmd.FolioOf(kernel, pmd) != folio)
            {
                continue;
            }

            int mm = kernel.Machine.Pmds[pmd].Mm;
            kernel.TlbGatherMmu(gather, mm);
            var vpn = kernel.Machine.Pmds[pmd].BaseVpn;
            kernel.MmuNotifierInvalidateRangeStart(mm, vpn, kernel.Machine.Slots);
            ZapHugePmd.Run(kernel, pmd, gather);
            kernel.UserDiscard(mm, vpn, kernel.Machine.Slots);
            kernel.MmuNotifierInvalidateRangeEnd(mm, vpn, kernel.Machine.Slots);
            ZapPageRange.Finish(kernel, gather);
        }
    }

    private static bool IsGone(in Folio folio) =>
        (folio.Flags & (FolioFlags.Freed | FolioFlags.Truncated)) != 0;

    /// <summary>Pages of the folio only: what COW has put beside them stays (even_cows is false).</summary>
    private static void ZapMapped<TArch>(
        KernelContext<TArch> kernel,
        MmuGather gather,
        in MappedWalk walk
    )
        where TArch : struct, IArch
    {
        for (var vpn = walk.Start; vpn < walk.End; vpn++)
        {
            var pte = kernel.Machine.PteAt(walk.Mm, vpn);
            if (TArch.PtePresent(pte) && kernel.Machine.FolioOf(TArch.PtePfn(pte)) == walk.Folio)
            {
                ZapPageRange.Clear(kernel, walk.Mm, walk.Vma, vpn, 1, gather);
                ZapPageRange.FreeForced(kernel, gather);
            }
        }
    }
}
