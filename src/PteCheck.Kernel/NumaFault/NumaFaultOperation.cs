using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Kernel.WpFault;
using PteCheck.Model.Architectures;

namespace PteCheck.Kernel.NumaFault;

/// <summary>
/// numa-fault: a load from one page whose entry is protnone. Upstream rebuilds the entries of a large folio one at a
/// time, so that the reference stands alone, and the oracles that need no other judge it.
/// </summary>
public sealed class NumaFaultOperation : IOperation
{
    /// <summary>The one instance.</summary>
    public static readonly NumaFaultOperation Instance = new();

    private NumaFaultOperation() { }

    /// <inheritdoc/>
    public string Name => "numa-fault";

    /// <inheritdoc/>
    public string KernelFunction => "do_numa_page";

    /// <inheritdoc/>
    public bool OnePage => true;

    /// <inheritdoc/>
    public bool Hints => true;

    /// <inheritdoc/>
    public TlbObligations Obligations => TlbObligations.AllAtUnlock | TlbObligations.OwnAtReturn;

    /// <inheritdoc/>
    public IReadOnlyList<Decision> Decisions => NumaFaultDecisions.All;

    /// <inheritdoc/>
    public IReadOnlyList<Implementation> Implementations { get; } =
    [
        Implementation.Of(
            "numa-fault",
            "per-pte",
            DecisionSet.Empty,
            KernelVersion.V7_2,
            "do_numa_page of 6.10 and later, with numa_rebuild_large_mapping",
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
        var decisions = implementation.IsReference ? DecisionSet.Empty : implementation.Decisions;
        kernel.Choices = decisions.Taken(
            NumaFaultDecisions.IgnorePending,
            PrimitiveChoices.AccessibleIgnoresPending
        );
        kernel.MmapReadLock(call.Mm);
        HandlePteFault.Hint(kernel, call, decisions);
        kernel.MmapReadUnlock(call.Mm);
        kernel.ReturnToUser(call.Mm);
    }

    /// <summary>Every page of the folio, wherever it is mapped.</summary>
    public bool Touches(in OperationCall call, int mm, uint vpn) => true;
}
