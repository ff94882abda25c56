using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.Mprotect;

/// <summary>One version of the loop body of change_pte_range.</summary>
internal interface IChangePtes
{
    /// <summary>Changes one entry or a batch of them.</summary>
    /// <param name="kernel">The primitives.</param>
    /// <param name="extent">The stretch, and what to make of it.</param>
    /// <param name="ptep">The first entry.</param>
    /// <param name="vpn">Its page number.</param>
    /// <param name="maxNr">Entries from it to the end of the stretch, 1 or more.</param>
    /// <param name="tlb">The gather.</param>
    /// <returns>How many slots are done, 1 or more.</returns>
    int ChangePtes<TArch>(
        KernelContext<TArch> kernel,
        in ProtectExtent extent,
        PtePointer ptep,
        uint vpn,
        int maxNr,
        MmuGather tlb
    )
        where TArch : struct, IArch;
}
