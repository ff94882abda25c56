using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;

namespace PteCheck.Kernel.Mremap;

/// <summary>A move_ptes from outside: its calls, carried out.</summary>
internal readonly struct SubjectMove : IMovePtes
{
    /// <inheritdoc/>
    public void MovePtes<TArch>(KernelContext<TArch> kernel, in MoveExtent extent)
        where TArch : struct, IArch
    {
        var call = new SubjectInvocation
        {
            Mm = extent.Mm,
            Vma = extent.Vma,
            Vpn = extent.OldVpn,
            NewVpn = extent.NewVpn,
            Pages = (uint)extent.Pages,
            Table = kernel.Machine.FindTable(extent.Mm, extent.OldVpn),
            NewTable = kernel.Machine.FindTable(extent.Mm, extent.NewVpn),
        };
        kernel.Subject!.Invoke(kernel, call);
    }
}
