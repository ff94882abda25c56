using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.LazyfreeUnmap;

/// <summary>A try_to_unmap_one from outside: its calls, carried out.</summary>
public readonly struct SubjectUnmap : IUnmapOne
{
    /// <summary>The call of the function for a VMA.</summary>
    public static SubjectInvocation InvocationOf(Machine machine, in MappedWalk walk) =>
        new()
        {
            Mm = walk.Mm,
            Vma = walk.Vma,
            Vpn = walk.Start,
            Pages = walk.End - walk.Start,
            Table = machine.FindTable(walk.Mm, walk.Start),
        };

    /// <inheritdoc/>
    public bool TryToUnmapOne<TArch>(
        KernelContext<TArch> kernel,
        in OperationCall call,
        ref MappedWalk walk
    )
        where TArch : struct, IArch =>
        kernel.Subject!.Invoke(kernel, InvocationOf(kernel.Machine, walk)) != 0;
}
