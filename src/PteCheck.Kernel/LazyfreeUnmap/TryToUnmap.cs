using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;

namespace PteCheck.Kernel.LazyfreeUnmap;

/// <summary>
/// What stands around try_to_unmap_one and is the same for every version of it: the rmap walk over the
/// VMAs, and what shrink_folio_list does with a lazyfree folio afterwards (mm/rmap.c, mm/vmscan.c). The
/// caller has isolated the folio, holds one reference and the folio lock.
/// </summary>
internal static class TryToUnmap
{
    /// <summary>Unmaps the folio, and frees it where nothing else holds it.</summary>
    public static void Run<TArch, TUnmap>(
        KernelContext<TArch> kernel,
        in OperationCall call,
        TUnmap unmap,
        bool notify,
        bool freeFirst,
        bool leaveDeferred = false
    )
        where TArch : struct, IArch
        where TUnmap : struct, IUnmapOne
    {
        RmapWalkAnon(kernel, call, unmap, notify);
        var free =
            kernel.Machine.Folios[call.Folio].Mapcount == 0 && kernel.FolioRefFreeze(call.Folio, 1);
        if (free && freeFirst)
        {
            kernel.FreeFolio(call.Folio);
        }

        if (free || !leaveDeferred)
        {
            kernel.TryToUnmapFlush();
        }

        if (free && !freeFirst)
        {
            kernel.FreeFolio(call.Folio);
        }
    }

    /// <summary>rmap_walk_anon: from VMA to VMA until one fails or nothing maps the folio any more.</summary>
    public static void RmapWalkAnon<TArch, TUnmap>(
        KernelContext<TArch> kernel,
        in OperationCall call,
        TUnmap unmap,
        bool notify
    )
        where TArch : struct, IArch
        where TUnmap : struct, IUnmapOne
    {
        var going = true;
        for (var vma = 0; vma < kernel.Machine.VmaCount && going; vma++)
        {
            if (kernel.VmaAddress(vma, call.Folio) is not { } walk)
            {
                continue;
            }

            kernel.CondResched();
            kernel.AnonVmaLockRead(vma);
            if (notify)
            {
                var pages = (int)(walk.End - walk.Start);
                kernel.MmuNotifierInvalidateRangeStart(walk.Mm, walk.Start, pages);
            }

            going = unmap.TryToUnmapOne(kernel, call, ref walk);
            if (notify)
            {
                var pages = (int)(walk.End - walk.Start);
                kernel.MmuNotifierInvalidateRangeEnd(walk.Mm, walk.Start, pages);
            }

            kernel.AnonVmaUnlockRead(vma);
            going &= kernel.Machine.Folios[call.Folio].Mapcount > 0;
        }
    }
}
