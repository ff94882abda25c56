using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Kernel.Primitives;

/// <summary>What page faults need beside the rest: new folios, copies, exclusive pages, upgrades in place (mm/memory.c, mm/rmap.c).</summary>
public sealed partial class KernelContext<TArch>
{
    /// <summary>folio_prealloc: a new folio of one page full of zeroes, with one reference; -1 when the machine has no room for it.</summary>
    public int FolioPrealloc()
    {
        if (Machine.FolioCount == Machine.MaxFolios || Machine.FrameCount == Machine.MaxFrames)
        {
            return -1;
        }

        int folio = Machine.FolioCount++,
            frame = Machine.FrameCount++;
        Machine.Folios[folio] = new()
        {
            FirstFrame = frame,
            RefCount = 1,
            Kind = FolioKind.Lazyfree,
            Flags = FolioFlags.Lru,
        };
        Machine.FrameFolios[frame] = (short)folio;
        Machine.PageMapcounts[frame] = 0;
        Machine.PageFlags[frame] = 0;
        Machine.PageContents[frame] = Machine.ZeroContent;
        Record(Primitive.FolioAlloc, folio, nr: 1, a: Machine.PfnBase + (ulong)frame);
        return folio;
    }

    /// <summary>copy_user_highpage: a page gets what another holds at this moment.</summary>
    public void CopyPage(int fromFrame, int toFrame)
    {
        Record(Primitive.CopyPage, a: (ulong)fromFrame, b: (ulong)toFrame);
        Machine.PageContents[toFrame] = Machine.PageContents[fromFrame];
    }

    /// <summary>
    /// folio_add_new_anon_rmap with RMAP_EXCLUSIVE: the first mapping of a new folio, swap-backed unless the
    /// VMA is droppable.
    /// </summary>
    public void FolioAddNewAnonRmap(int folio, int vma)
    {
        if (!Machine.Vmas[vma].Has(VmaFlags.Droppable))
        {
            Machine.Folios[folio].Kind = FolioKind.Anon;
            FolioSetSwapbacked(folio);
        }

        FolioAddRmapPtes(folio, Machine.Folios[folio].FirstFrame, 1);
        SetPageAnonExclusive(folio, Machine.Folios[folio].FirstFrame);
    }

    /// <summary>SetPageAnonExclusive: the page is this mapping's own.</summary>
    public void SetPageAnonExclusive(int folio, int frame)
    {
        Record(Primitive.PageFlags, folio, nr: 1, a: (ulong)frame, b: Machine.AnonExclusive);
        Machine.PageFlags[frame] |= Machine.AnonExclusive;
    }

    /// <summary>
    /// ptep_set_access_flags: gives an entry more rights, or young and dirty. x86-64 stores for a write alone and does not flush.
    /// arm64 unfolds the slot's block where write changes, else marks the whole block; then it
    /// invalidates the page or the block when dirty is asked for.
    /// </summary>
    public void PtepSetAccessFlags(PtePointer ptep, Pte entry, bool dirty)
    {
        CheckAccess(ptep, 1, "ptep_set_access_flags");
        Record(Primitive.PtepSetAccessFlags, ptep.Table, ptep.Slot, 1, entry.Word);
        var old = Load(ptep.Table, ptep.Slot);
        if (!IsValidCont(old))
        {
            var stores = TArch.HasContpte || dirty;
            if (old != entry && stores)
            {
                Store(ptep.Table, ptep.Slot, entry);
                FlushAccessFlags(ptep, ptep.Slot, 1, dirty);
            }

            return;
        }

        entry = TArch.PteMkNonCont(entry);
        if (TArch.PteWrite(old, Machine.Context) != TArch.PteWrite(entry, Machine.Context))
        {
            ContpteTryUnfold(ptep);
            Store(ptep.Table, ptep.Slot, entry);
            FlushAccessFlags(ptep, ptep.Slot, 1, dirty);
            return;
        }

        if (ContptePtepGet(ptep, TArch.PteMkNonCont(old)) != entry)
        {
            var start = BlockStart(ptep.Slot);
            for (var slot = start; slot < start + Machine.ContPtes; slot++)
            {
                var pte = Load(ptep.Table, slot);
                pte = TArch.PteYoung(entry) ? TArch.PteMkYoung(pte) : pte;
                pte = TArch.PteDirty(entry) ? TArch.PteMkDirty(pte) : pte;
                Store(ptep.Table, slot, pte, byArch: slot != ptep.Slot);
            }

            FlushAccessFlags(ptep, start, Machine.ContPtes, dirty);
        }
    }

    /// <summary>handle_pte_fault has ended with a result.</summary>
    public void PageFaultEnds(int mm, uint vpn, int result) =>
        Record(Primitive.PageFault, mm, a: vpn, b: (ulong)result);

    private void FlushAccessFlags(PtePointer ptep, int slot, int pages, bool dirty)
    {
        if (TArch.HasContpte && dirty)
        {
            ref readonly var table = ref Machine.Tables[ptep.Table];
            RecordFlush(table.Mm, table.BaseVpn + (uint)slot, pages, byArch: true);
        }
    }
}
