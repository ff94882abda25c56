using PteCheck.Kernel.Mremap;
using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;

namespace PteCheck.Properties.Campaigns;

/// <summary>mremap with a reference that is at fault.</summary>
/// <param name="reference">Stands where the reference should.</param>
/// <param name="beforeRun">Done before every run; nothing where it is null.</param>
internal sealed class BrokenReference(Implementation reference, Action? beforeRun = null)
    : IOperation
{
    private static readonly MremapOperation Mremap = MremapOperation.Instance;

    /// <inheritdoc/>
    public string Name => Mremap.Name;

    /// <inheritdoc/>
    public string KernelFunction => Mremap.KernelFunction;

    /// <inheritdoc/>
    public bool Moves => Mremap.Moves;

    /// <inheritdoc/>
    public IReadOnlyList<Decision> Decisions => Mremap.Decisions;

    /// <inheritdoc/>
    public IReadOnlyList<Implementation> Implementations =>
        [reference, .. Mremap.Implementations.Skip(1)];

    /// <inheritdoc/>
    public void Run<TArch>(
        KernelContext<TArch> kernel,
        in OperationCall call,
        Implementation implementation
    )
        where TArch : struct, IArch
    {
        beforeRun?.Invoke();
        Mremap.Run(kernel, call, implementation);
    }

    /// <inheritdoc/>
    public uint OriginOf(in OperationCall call, int mm, uint vpn) => Mremap.OriginOf(call, mm, vpn);

    /// <inheritdoc/>
    public uint TargetOf(in OperationCall call, int mm, uint vpn) => Mremap.TargetOf(call, mm, vpn);

    /// <inheritdoc/>
    public bool Touches(in OperationCall call, int mm, uint vpn) => Mremap.Touches(call, mm, vpn);
}
