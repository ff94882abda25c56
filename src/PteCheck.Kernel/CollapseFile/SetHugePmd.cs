using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.CollapseFile;

/// <summary>Step 5: set_huge_pmd and do_set_pmd map the folio by one PMD entry, if nobody was faster.</summary>
public static class SetHugePmd
{
    /// <summary>Installs the entry.</summary>
    /// <returns>SCAN_FAIL where something stands there already.</returns>
    internal static ScanResult Run<TArch>(
        KernelContext<TArch> kernel,
        in CollapseState state,
        DecisionSet decisions
    )
        where TArch : struct, IArch
    {
        var blindly = decisions.Has(CollapseFileDecisions.InstallBlindly);
        if (!DoSetPmd(kernel, state.Vma, state.Pmd, state.Folio, blindly))
        {
            return ScanResult.Fail;
        }

        kernel.FolioRefAdd(state.Folio, 1);
        return ScanResult.Succeed;
    }

    /// <summary>do_set_pmd: the reference of the mapping is the caller's to take, after the lock is gone.</summary>
    /// <param name="kernel">What kernel code may do.</param>
    /// <param name="vma">Index of the VMA.</param>
    /// <param name="pmd">Index of the PMD entry.</param>
    /// <param name="folio">Index of the folio.</param>
    /// <param name="blindly">Install whatever stands there.</param>
    /// <returns>Whether it was installed.</returns>
    public static bool DoSetPmd<TArch>(
        KernelContext<TArch> kernel,
        int vma,
        int pmd,
        int folio,
        bool blindly = false
    )
        where TArch : struct, IArch
    {
        var mm = kernel.Machine.Vmas[vma].Mm;
        kernel.SpinLockPmd(mm);
        var isFree = blindly || kernel.PmdpGetLockless(pmd).IsNone;
        if (isFree)
        {
            Install(kernel, vma, pmd, folio);
        }

        kernel.SpinUnlockPmd(mm);
        return isFree;
    }

    private static void Install<TArch>(
        KernelContext<TArch> kernel,
        int vmaIndex,
        int pmd,
        int folio
    )
        where TArch : struct, IArch
    {
        var machine = kernel.Machine;
        ref readonly var vma = ref machine.Vmas[vmaIndex];
        const VmaFlags Rights = VmaFlags.Read | VmaFlags.Write | VmaFlags.Exec;
        var prot =
            (vma.Flags & Rights) == 0 ? TArch.PageNone : TArch.PageReadOnly(vma.Has(VmaFlags.Exec));
        var pfn = machine.PfnBase + (ulong)machine.Folios[folio].FirstFrame;
        kernel.AddMmCounter(vma.Mm, machine.Folios[folio].Kind, machine.Slots);
        kernel.FolioAddRmapPmd(folio);
        kernel.SetPmdAt(pmd, PmdEntry.OfHuge(TArch.PteMkYoung(TArch.PfnPte(pfn, prot))));
    }
}
