using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.Mremap;

/// <summary>
/// move_normal_pmd (mm/mremap.c): an extent that is all of a source table and all of an empty place moves by one
/// PMD entry, the table and what it holds untouched.
/// </summary>
internal static class MoveNormalPmd
{
    /// <summary>Whether an extent is one that move_page_tables tries to move so: a whole table to a place without one.</summary>
    public static bool Fits<TArch>(KernelContext<TArch> kernel, in MoveExtent extent)
        where TArch : struct, IArch
    {
        var machine = kernel.Machine;
        var rest = (uint)(machine.Slots - 1);
        var whole =
            extent.Pages == machine.Slots
            && (extent.OldVpn & rest) == 0
            && (extent.NewVpn & rest) == 0;
        return whole
            && machine.Pmds[kernel.PmdOffset(extent.Mm, extent.NewVpn)].Entry.IsNone
            && !machine.Vmas[extent.Vma].HasUffdWithoutEventRemap;
    }

    /// <summary>Moves the entry; false where a collapse has taken the table away meanwhile.</summary>
    public static bool Run<TArch>(
        KernelContext<TArch> kernel,
        in MoveExtent extent,
        DecisionSet decisions
    )
        where TArch : struct, IArch
    {
        var from = kernel.PmdOffset(extent.Mm, extent.OldVpn);
        var to = kernel.PmdOffset(extent.Mm, extent.NewVpn);
        kernel.TakeRmapLocks(extent.Vma);
        kernel.SpinLockPmd(extent.Mm);
        var pmd = kernel.PmdpGetLockless(from);
        var isTable = pmd.Kind == PmdKind.Table || decisions.Has(MremapDecisions.DecideBeforeLock);
        if (isTable)
        {
            kernel.PmdClear(from);
            kernel.PmdPopulate(to, kernel.PmdPgtable(pmd));
            kernel.FlushTlbRange(extent.Mm, extent.OldVpn, extent.Pages);
        }

        kernel.SpinUnlockPmd(extent.Mm);
        kernel.DropRmapLocks(extent.Vma);
        return isTable;
    }
}
