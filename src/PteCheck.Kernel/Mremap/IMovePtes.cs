using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;

namespace PteCheck.Kernel.Mremap;

/// <summary>One version of move_ptes.</summary>
internal interface IMovePtes
{
    /// <summary>Moves the entries of one extent.</summary>
    void MovePtes<TArch>(KernelContext<TArch> kernel, in MoveExtent extent)
        where TArch : struct, IArch;
}
