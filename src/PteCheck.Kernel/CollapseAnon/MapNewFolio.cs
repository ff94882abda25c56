using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.CollapseAnon;

/// <summary>Maps the new folio: by a leaf for the whole table, else by entries (mm/khugepaged.c, mm/huge_memory.c, mm/memory.c).</summary>
internal static class MapNewFolio
{
    /// <summary>
    /// map_anon_folio_pmd_nopf: the emptied table is deposited, and a leaf set. It is dirty, and writable where the
    /// VMA is.
    /// </summary>
    public static void ByLeaf<TArch>(KernelContext<TArch> kernel, ref AnonCollapse state)
        where TArch : struct, IArch
    {
        kernel.SpinLockPmd(state.Mm);
        kernel.PgtableTransHugeDeposit(state.Pmd, state.Old.Table);
        kernel.FolioAddNewAnonRmap(state.Folio, state.Vma, leaf: true);
        var entry = TArch.PteMkDirty(NewEntry(kernel, state));
        kernel.SetPmdAt(state.Pmd, PmdEntry.OfHuge(MaybeMkWrite(kernel, state, entry)));
        kernel.SpinUnlockPmd(state.Mm);
        state.Unlinked = false;
    }

    /// <summary>
    /// pmd_populate, then map_anon_folio_pte_nopf with the page-table lock inside the PMD lock: some architectures
    /// look at the linked table when entries are set.
    /// </summary>
    public static void ByEntries<TArch, TRelease>(
        KernelContext<TArch> kernel,
        ref AnonCollapse state,
        TRelease release
    )
        where TArch : struct, IArch
        where TRelease : struct, IReleaseSources
    {
        Reference(kernel, state);
        kernel.SpinLockPmd(state.Mm);
        var relink = state.Unlinked;
        var first = !state.Has(CollapseAnonDecisions.SetDetached);
        if (relink && first)
        {
            kernel.PmdPopulate(state.Pmd, state.Old.Table);
        }

        kernel.SpinLockPtl(state.Ptep.Table);
        release.Set(kernel, state, Writable(kernel, state));
        kernel.SpinUnlockPtl(state.Ptep.Table);
        if (relink && !first)
        {
            kernel.PmdPopulate(state.Pmd, state.Old.Table);
        }

        kernel.SpinUnlockPmd(state.Mm);
        state.Unlinked = false;
    }

    /// <summary>RFC 9/12: under the page-table lock that was held all the time.</summary>
    public static void InPlace<TArch, TRelease>(
        KernelContext<TArch> kernel,
        in AnonCollapse state,
        TRelease release
    )
        where TArch : struct, IArch
        where TRelease : struct, IReleaseSources
    {
        Reference(kernel, state);
        release.Set(kernel, state, Writable(kernel, state));
    }

    /// <summary>One reference a page, and the mappings.</summary>
    private static void Reference<TArch>(KernelContext<TArch> kernel, in AnonCollapse state)
        where TArch : struct, IArch
    {
        kernel.FolioRefAdd(state.Folio, state.Pages - 1);
        kernel.FolioAddNewAnonRmap(state.Folio, state.Vma, leaf: false);
    }

    /// <summary>Dirty and writable where the VMA is writable; else neither.</summary>
    private static Pte Writable<TArch>(KernelContext<TArch> kernel, in AnonCollapse state)
        where TArch : struct, IArch
    {
        var entry = NewEntry(kernel, state);
        return kernel.Machine.Vmas[state.Vma].Has(VmaFlags.Write)
            ? MaybeMkWrite(kernel, state, TArch.PteMkDirty(entry))
            : entry;
    }

    private static Pte MaybeMkWrite<TArch>(
        KernelContext<TArch> kernel,
        in AnonCollapse state,
        Pte entry
    )
        where TArch : struct, IArch
    {
        ref readonly var vma = ref kernel.Machine.Vmas[state.Vma];
        return vma.Has(VmaFlags.Write)
            ? TArch.PteMkWrite(entry, vma.Has(VmaFlags.ShadowStack), kernel.Machine.Context)
            : entry;
    }

    private static Pte NewEntry<TArch>(KernelContext<TArch> kernel, in AnonCollapse state)
        where TArch : struct, IArch
    {
        const VmaFlags Rights = VmaFlags.Read | VmaFlags.Write | VmaFlags.Exec;
        var machine = kernel.Machine;
        ref readonly var vma = ref machine.Vmas[state.Vma];
        var prot =
            (vma.Flags & Rights) == 0 ? TArch.PageNone : TArch.PageReadOnly(vma.Has(VmaFlags.Exec));
        var pfn = machine.PfnBase + (ulong)machine.Folios[state.Folio].FirstFrame;
        return TArch.PteMkYoung(TArch.PfnPte(pfn, prot));
    }
}
