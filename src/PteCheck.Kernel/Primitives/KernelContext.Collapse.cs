using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Kernel.Primitives;

/// <summary>What collapses need beside the rest: the page cache, the frame behind an entry, mappings by a leaf (mm/filemap.c, mm/rmap.c).</summary>
public sealed partial class KernelContext<TArch>
{
    /// <summary>vm_normal_page: the frame behind a present entry; -1 for special entries, which have no page.</summary>
    public int VmNormalFrame(Pte pte) =>
        TArch.PteSpecial(pte) ? -1 : Machine.FrameOf(TArch.PtePfn(pte));

    /// <summary>filemap_get_folio: takes a reference on what the page cache has; false where that is nothing.</summary>
    public bool FilemapGetFolio(int folio)
    {
        const FolioFlags Gone = FolioFlags.Truncated | FolioFlags.Freed;
        if (folio < 0 || (Machine.Folios[folio].Flags & Gone) != 0)
        {
            return false;
        }

        Machine.Folios[folio].ExtraRefs++;
        FolioRefAdd(folio, 1);
        return true;
    }

    /// <summary>folio_put of that reference; the last one frees the folio.</summary>
    public void FilemapPutFolio(int folio)
    {
        Machine.Folios[folio].ExtraRefs--;
        FolioPutRefs(folio, 1);
    }

    /// <summary>folio_add_file_rmap_pmd or folio_add_new_anon_rmap of a leaf: one more mapping of the whole folio.</summary>
    public void FolioAddRmapPmd(int folio) => ChangeRmapPmd(Primitive.AddRmap, folio, 1);

    /// <summary>folio_remove_rmap_pmd.</summary>
    public void FolioRemoveRmapPmd(int folio) => ChangeRmapPmd(Primitive.RemoveRmap, folio, -1);

    /// <summary>The read-only scan has passed: what others do from here on it has not seen.</summary>
    public void ScanPassed() => Record(Primitive.ScanPassed);

    /// <summary>The collapse ends with a result.</summary>
    public void ScanResult(int result) => Record(Primitive.ScanResult, a: (ulong)result);

    private void ChangeRmapPmd(Primitive op, int folio, int by)
    {
        ref var owner = ref Machine.Folios[folio];
        Record(op, folio, nr: owner.Pages, a: (ulong)owner.FirstFrame, b: 1);
        owner.Mapcount += by;
        owner.EntireMapcount += by;
        if (owner.Mapcount < 0 || owner.EntireMapcount < 0)
        {
            Fault(FaultKind.CountBelowZero, folio, 0, "folio_remove_rmap_pmd");
        }
    }
}
