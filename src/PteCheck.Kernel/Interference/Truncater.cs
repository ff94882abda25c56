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
    public static StepResult Run<TArch>(
        KernelContext<TArch> kernel,
        MmuGather gather,
        in StepFolio target
    )
        where TArch : struct, IArch
    {
        var machine = kernel.Machine;
        var folio = target.Folio;
        if (folio < 0 || machine.Folios[folio].IsAnon || IsGone(machine.Folios[folio]))
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

        machine.Folios[folio].Flags &= ~FolioFlags.Dirty;
        machine.Folios[folio].Flags |= FolioFlags.Truncated;
        kernel.FolioPutRefs(folio, machine.Folios[folio].Pages);
        return StepResult.Done;
    }

    private static bool IsGone(in Folio folio) =>
        (folio.Flags & (FolioFlags.Freed | FolioFlags.Locked | FolioFlags.Truncated)) != 0;

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
