using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;

namespace PteCheck.Kernel.CollapseFile;

/// <summary>One way to carry out step 2 of collapse_pte_mapped_thp: clear the entries and take the mappings back.</summary>
internal interface IClearPtes
{
    /// <summary>
    /// Goes over the table, whose lock is held. Counts what it cleared in <see cref="CollapseState.Mapped"/>, also
    /// where it gives up.
    /// </summary>
    /// <returns><see cref="ScanResult.Succeed"/>, or why it gave up.</returns>
    ScanResult Clear<TArch>(KernelContext<TArch> kernel, ref CollapseState state)
        where TArch : struct, IArch;
}
