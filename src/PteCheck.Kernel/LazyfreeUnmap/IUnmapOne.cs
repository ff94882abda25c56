using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;

namespace PteCheck.Kernel.LazyfreeUnmap;

/// <summary>One version of try_to_unmap_one, as far as a lazyfree folio goes through it.</summary>
public interface IUnmapOne
{
    /// <summary>Unmaps the folio from the VMA of the walk.</summary>
    /// <returns>False when the rmap walk must end.</returns>
    bool TryToUnmapOne<TArch>(
        KernelContext<TArch> kernel,
        in OperationCall call,
        ref MappedWalk walk
    )
        where TArch : struct, IArch;
}
