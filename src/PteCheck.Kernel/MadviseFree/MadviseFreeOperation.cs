using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;

namespace PteCheck.Kernel.MadviseFree;

/// <summary>
/// madvise-free: MADV_FREE of memory that leaves map. One entry stands for a table, so that there is nothing to batch;
/// the reference stands alone, and the oracles that need no other judge it.
/// </summary>
public sealed class MadviseFreeOperation : IOperation
{
    /// <summary>The one instance.</summary>
    public static readonly MadviseFreeOperation Instance = new();

    private MadviseFreeOperation() { }

    /// <inheritdoc/>
    public string Name => "madvise-free";

    /// <inheritdoc/>
    public string KernelFunction => "madvise_free_huge_pmd";

    /// <inheritdoc/>
    public bool WorksOnLeaves => true;

    /// <inheritdoc/>
    public TlbObligations Obligations => TlbObligations.OwnAtReturn;

    /// <inheritdoc/>
    public IReadOnlyList<Decision> Decisions => MadviseFreeDecisions.All;

    /// <inheritdoc/>
    public IReadOnlyList<Implementation> Implementations { get; } =
    [
        Implementation.Of(
            "madvise-free",
            "per-pmd",
            DecisionSet.Empty,
            KernelVersion.V7_2,
            "madvise_free_huge_pmd of 4.11 and later",
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
        var decisions = implementation.IsReference ? DecisionSet.Empty : implementation.Decisions;
        MadviseFreeHugePmd.Run(kernel, call, decisions);
    }
}
