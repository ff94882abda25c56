using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.Zap;

/// <summary>One version of the loop body of zap_pte_range.</summary>
internal interface IZapPtes
{
    /// <summary>do_zap_pte_range: zaps one entry or a batch of them.</summary>
    /// <param name="kernel">The primitives.</param>
    /// <param name="extent">The stretch that is being zapped.</param>
    /// <param name="ptep">The first entry.</param>
    /// <param name="vpn">Its page number.</param>
    /// <param name="maxNr">Entries from it to the end of the stretch, 1 or more.</param>
    /// <param name="tlb">The gather.</param>
    /// <param name="state">Counters and what must be done before the unlock.</param>
    /// <returns>How many slots are done, 1 or more.</returns>
    int DoZapPteRange<TArch>(
        KernelContext<TArch> kernel,
        in ZapExtent extent,
        PtePointer ptep,
        uint vpn,
        int maxNr,
        MmuGather tlb,
        ref ZapState state
    )
        where TArch : struct, IArch;
}
