using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;

namespace PteCheck.Kernel.WpFault;

/// <summary>wp-fault: a store to one page. There is nothing to batch: the reference stands alone, and the oracles that need no other judge it.</summary>
public sealed class WpFaultOperation : IOperation
{
    /// <summary>The one instance.</summary>
    public static readonly WpFaultOperation Instance = new();

    private WpFaultOperation() { }

    /// <inheritdoc/>
    public string Name => "wp-fault";

    /// <inheritdoc/>
    public string KernelFunction => "handle_pte_fault";

    /// <inheritdoc/>
    public bool OnePage => true;

    /// <inheritdoc/>
    public TlbObligations Obligations => TlbObligations.AllAtUnlock | TlbObligations.OwnAtReturn;

    /// <inheritdoc/>
    public IReadOnlyList<Decision> Decisions => WpFaultDecisions.All;

    /// <inheritdoc/>
    public IReadOnlyList<Implementation> Implementations { get; } =
    [
        Implementation.Of(
            "wp-fault",
            "per-pte",
            DecisionSet.Empty,
            KernelVersion.V7_2,
            "handle_pte_fault of 6.15 and later, for a write",
            isReference: true
        ),
    ];

    /// <inheritdoc/>
    public void Run<TArch>(
        KernelContext<TArch> kernel,
        in OperationCall call,
        Implementation implementation
    )
        where TArch : struct, IArch
    {
        kernel.Choices = PrimitiveChoices.None;
        kernel.MmapReadLock(call.Mm);
        var decisions = implementation.IsReference ? DecisionSet.Empty : implementation.Decisions;
        var result = HandlePteFault.Run(kernel, call.Vma, call.Vpn, write: true, decisions);
        if (result == FaultResult.NumaHint)
        {
            HandlePteFault.Run(kernel, call.Vma, call.Vpn, write: true, decisions);
        }

        kernel.MmapReadUnlock(call.Mm);
        kernel.ReturnToUser(call.Mm);
    }

    /// <inheritdoc/>
    public bool Touches(in OperationCall call, int mm, uint vpn) =>
        mm == call.Mm && vpn == call.Vpn;
}
