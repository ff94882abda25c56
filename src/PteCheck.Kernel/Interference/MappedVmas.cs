using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.Interference;

/// <summary>What keeps an rmap walk of another CPU waiting.</summary>
internal static class MappedVmas
{
    /// <summary>
    /// Whether the operation holds a lock that an rmap walk over a folio needs: the rmap lock of a VMA that
    /// maps it, or the page-table lock of one of its entries. The walk is one step, so it waits for all.
    /// </summary>
    public static bool AreBlocked<TArch>(KernelContext<TArch> kernel, int folio)
        where TArch : struct, IArch
    {
        var machine = kernel.Machine;
        for (var vma = 0; vma < machine.VmaCount; vma++)
        {
            ref readonly var owner = ref machine.Vmas[vma];
            if (owner.AnonVmaLock != LockMode.Free || owner.IMmapLock == LockMode.Write)
            {
                return true;
            }

            if (kernel.VmaAddress(vma, folio) is not { } walk)
            {
                continue;
            }

            for (var vpn = walk.Start; vpn < walk.End; vpn++)
            {
                var table = machine.FindTable(walk.Mm, vpn);
                if (machine.Tables[table].PtlHeld)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
