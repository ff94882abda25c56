using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;

namespace PteCheck.Kernel.Mremap;

/// <summary>A move_ptes from outside: its calls, carried out.</summary>
internal readonly struct SubjectMove : IMovePtes
{
    /// <inheritdoc/>
    public void MovePtes<TArch>(KernelContext<TArch> kernel, in MoveExtent extent)
        where TArch : struct, IArch => kernel.Subject!.MovePtes(kernel, extent);
}
