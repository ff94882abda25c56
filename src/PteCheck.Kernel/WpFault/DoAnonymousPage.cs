using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.WpFault;

/// <summary>do_anonymous_page: a first access to an empty slot. A load maps the zero page, a store a new page; folios of more than one page are not allocated here.</summary>
public static class DoAnonymousPage
{
    /// <summary>Fills the slot, without the page-table lock at the beginning and at the end.</summary>
    public static FaultResult Run<TArch>(KernelContext<TArch> kernel, PageFault fault, bool write)
        where TArch : struct, IArch
    {
        ref readonly var vma = ref kernel.Machine.Vmas[fault.Vma];
        if ((vma.Flags & VmaFlags.FileBacked) != 0)
        {
            return FaultResult.NotModelled;
        }

        var folio = -1;
        if (write)
        {
            kernel.CondResched();
            folio = kernel.FolioPrealloc();
            if (folio < 0)
            {
                return FaultResult.WouldBlock;
            }
        }

        fault.Ptep = kernel.PteOffsetMapLock(fault.Mm, fault.Vpn, 1);
        var result = Fill(kernel, fault, folio);
        kernel.SpinUnlockPtl(fault.Ptep.Table);
        if (folio >= 0 && result != FaultResult.NewPage)
        {
            kernel.FolioPutRefs(folio, 1);
        }

        return result;
    }

    private static FaultResult Fill<TArch>(
        KernelContext<TArch> kernel,
        in PageFault fault,
        int folio
    )
        where TArch : struct, IArch
    {
        var machine = kernel.Machine;
        ref readonly var vma = ref machine.Vmas[fault.Vma];
        if (!TArch.PteNone(kernel.PtepGet(fault.Ptep)))
        {
            return FaultResult.Spurious;
        }

        if (vma.Has(VmaFlags.UffdMissing))
        {
            return FaultResult.Userfault;
        }

        if (folio < 0)
        {
            var zero = NewEntry<TArch>(vma, Machine.ZeroPfn);
            kernel.SetPteAt(fault.Ptep, TArch.PteMkSpecial(zero));
            return FaultResult.ZeroPage;
        }

        kernel.AddMmCounter(fault.Mm, FolioKind.Anon, 1);
        kernel.FolioAddNewAnonRmap(folio, fault.Vma);
        kernel.SetPteAt(fault.Ptep, Writable(kernel, fault.Vma, folio));
        return FaultResult.NewPage;
    }

    /// <summary>folio_mk_pte, pte_mkdirty and maybe_mkwrite: the entry of a new page that is about to be written.</summary>
    internal static Pte Writable<TArch>(KernelContext<TArch> kernel, int vma, int folio)
        where TArch : struct, IArch
    {
        var machine = kernel.Machine;
        ref readonly var owner = ref machine.Vmas[vma];
        var pfn = machine.PfnBase + (ulong)machine.Folios[folio].FirstFrame;
        var entry = TArch.PteMkDirty(NewEntry<TArch>(owner, pfn));
        return MaybeMkWrite<TArch>(entry, owner, machine.Context);
    }

    /// <summary>maybe_mkwrite: writable, if the VMA is.</summary>
    internal static Pte MaybeMkWrite<TArch>(Pte entry, in Vma vma, in PteContext context)
        where TArch : struct, IArch =>
        vma.Has(VmaFlags.Write)
            ? TArch.PteMkWrite(entry, vma.Has(VmaFlags.ShadowStack), context)
            : entry;

    private static Pte NewEntry<TArch>(in Vma vma, ulong pfn)
        where TArch : struct, IArch =>
        TArch.PteMkYoung(TArch.PfnPte(pfn, TArch.PageReadOnly(vma.Has(VmaFlags.Exec))));
}
