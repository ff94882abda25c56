using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.Mremap;

/// <summary>
/// What stands around move_ptes and is the same for every version of it: the system call's lock and
/// notifier, and move_page_tables, which cuts the range into extents.
/// </summary>
internal static class MovePageTables
{
    /// <summary>mremap of one range of a VMA, from taking mmap_lock to the return to user space.</summary>
    public static void Run<TArch, TMove>(
        KernelContext<TArch> kernel,
        in OperationCall call,
        TMove move,
        DecisionSet decisions
    )
        where TArch : struct, IArch
        where TMove : struct, IMovePtes
    {
        var machine = kernel.Machine;
        var notify = !decisions.Has(MremapDecisions.NoNotifier);
        kernel.MmapWriteLock(call.Mm);
        if (notify)
        {
            kernel.MmuNotifierInvalidateRangeStart(call.Mm, call.Vpn, (int)call.Pages);
        }

        for (uint done = 0; done < call.Pages; )
        {
            var pages = GetExtent(machine, call, done);
            var extent = new MoveExtent(
                call.Mm,
                call.Vma,
                call.NewVma,
                call.Vpn + done,
                call.NewVpn + done,
                pages,
                NeedRmapLocks: call.NewVpn < call.Vpn
            );
            kernel.CondResched();
            done += (uint)pages;
            MoveOne(kernel, extent, move, decisions);
        }

        if (notify)
        {
            kernel.MmuNotifierInvalidateRangeEnd(call.Mm, call.Vpn, (int)call.Pages);
        }

        kernel.MmapWriteUnlock(call.Mm);
        kernel.ReturnToUser(call.Mm);
    }

    /// <summary>One extent: by its PMD entry where it is a whole table, else entry by entry into a table that is there or made.</summary>
    private static void MoveOne<TArch, TMove>(
        KernelContext<TArch> kernel,
        in MoveExtent extent,
        TMove move,
        DecisionSet decisions
    )
        where TArch : struct, IArch
        where TMove : struct, IMovePtes
    {
        var machine = kernel.Machine;
        if (machine.FindTable(extent.Mm, extent.OldVpn) < 0)
        {
            return;
        }

        if (
            MoveNormalPmd.Fits(kernel, extent)
            && (
                MoveNormalPmd.Run(kernel, extent, decisions)
                || machine.FindTable(extent.Mm, extent.OldVpn) < 0
            )
        )
        {
            return;
        }

        if (kernel.PteAlloc(extent.Mm, extent.NewVpn))
        {
            move.MovePtes(kernel, extent);
        }
    }

    /// <summary>get_extent: up to the end of the range, of the source table, or of the destination table.</summary>
    private static int GetExtent(Machine machine, in OperationCall call, uint done)
    {
        var slots = (uint)machine.Slots;
        var toOldEnd = slots - ((call.Vpn + done) & (slots - 1));
        var toNewEnd = slots - ((call.NewVpn + done) & (slots - 1));
        return (int)Math.Min(call.Pages - done, Math.Min(toOldEnd, toNewEnd));
    }
}
