using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.Interference;

/// <summary>
/// Writeback of a file folio on another CPU, in two steps: folio_clear_dirty_for_io, which cleans and
/// write-protects every shared mapping of it (folio_mkclean), and the write-out, which reads the pages.
/// </summary>
internal sealed class WriteBacker<TArch>(KernelContext<TArch> kernel)
    where TArch : struct, IArch
{
    private int writing;

    /// <summary>Forgets what the last run left.</summary>
    public void Begin() => writing = -1;

    /// <summary>Adds what is under way to a hash.</summary>
    public void AddTo(ref StateHash hash) => hash.Add(writing);

    /// <summary>
    /// folio_clear_dirty_for_io. Needs the folio lock, i_mmap_rwsem for reading and the page-table locks of
    /// all shared mappings. Shmem is never written back while it is mapped (mapping_can_writeback).
    /// </summary>
    public StepResult Mkclean(in StepFolio target)
    {
        var folio = target.Folio;
        if (folio < 0 || kernel.Machine.Folios[folio].Kind is not FolioKind.File || writing >= 0)
        {
            return StepResult.Done;
        }

        if (MappedVmas.AreBlocked(kernel, target))
        {
            return StepResult.Blocked;
        }

        var cleaned = false;
        for (var vma = 0; vma < kernel.Machine.VmaCount; vma++)
        {
            cleaned |=
                kernel.Machine.Vmas[vma].Has(VmaFlags.Shared)
                && kernel.VmaAddress(vma, folio) is { } walk
                && MkcleanOne(walk);
        }

        if (cleaned)
        {
            kernel.FolioMarkDirty(folio);
        }

        writing = kernel.FolioTestClearDirty(folio) ? folio : -1;
        return StepResult.Done;
    }

    /// <summary>The device reads every page of the folio, when it was dirty.</summary>
    public void WriteOut()
    {
        if (writing < 0)
        {
            return;
        }

        kernel.WriteOut(writing);
        writing = -1;
    }

    /// <summary>page_mkclean_one: whether any entry was writable or dirty.</summary>
    private bool MkcleanOne(MappedWalk walk)
    {
        var cleaned = false;
        var pages = (int)(walk.End - walk.Start);
        kernel.MmuNotifierInvalidateRangeStart(walk.Mm, walk.Start, pages);
        while (kernel.PageVmaMappedWalk(ref walk))
        {
            var pte = kernel.PtepGet(walk.Ptep);
            var found =
                TArch.PtePresent(pte)
                && (TArch.PteDirty(pte) || TArch.PteWrite(pte, kernel.Machine.Context));
            if (found)
            {
                var entry = kernel.PtepClearFlush(walk.Mm, walk.Address, walk.Ptep);
                kernel.SetPteAt(walk.Ptep, TArch.PteMkClean(TArch.PteWrProtect(entry)));
                cleaned = true;
            }
        }

        kernel.MmuNotifierInvalidateRangeEnd(walk.Mm, walk.Start, pages);
        return cleaned;
    }
}
