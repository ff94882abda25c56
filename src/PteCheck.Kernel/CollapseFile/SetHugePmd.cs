using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.CollapseFile;

/// <summary>Step 5: set_huge_pmd and do_set_pmd map the folio by one PMD entry, if nobody was faster.</summary>
internal static class SetHugePmd
{
    /// <summary>Installs the entry.</summary>
    /// <returns>SCAN_FAIL where something stands there already.</returns>
    public static ScanResult Run<TArch>(
        KernelContext<TArch> kernel,
        in CollapseState state,
        DecisionSet decisions
    )
        where TArch : struct, IArch
    {
        var machine = kernel.Machine;
        ref readonly var vma = ref machine.Vmas[state.Vma];
        kernel.SpinLockPmd(state.Mm);
        var blindly = decisions.Has(CollapseFileDecisions.InstallBlindly);
        if (!blindly && !kernel.PmdpGetLockless(state.Pmd).IsNone)
        {
            kernel.SpinUnlockPmd(state.Mm);
            return ScanResult.Fail;
        }

        const VmaFlags Rights = VmaFlags.Read | VmaFlags.Write | VmaFlags.Exec;
        var prot =
            (vma.Flags & Rights) == 0 ? TArch.PageNone : TArch.PageReadOnly(vma.Has(VmaFlags.Exec));
        var pfn = machine.PfnBase + (ulong)machine.Folios[state.Folio].FirstFrame;
        kernel.AddMmCounter(state.Mm, machine.Folios[state.Folio].Kind, machine.Slots);
        kernel.FolioAddRmapPmd(state.Folio);
        kernel.SetPmdAt(state.Pmd, PmdEntry.OfHuge(TArch.PteMkYoung(TArch.PfnPte(pfn, prot))));
        kernel.FolioRefAdd(state.Folio, 1);
        kernel.SpinUnlockPmd(state.Mm);
        return ScanResult.Succeed;
    }
}
