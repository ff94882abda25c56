using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;

namespace PteCheck.Kernel.MadviseDontneed;

/// <summary>
/// madvise-dontneed: MADV_DONTNEED of memory that leaves map. One entry stands for a table, so that there is nothing to
/// batch;
/// the reference stands alone, and the oracles that need no other judge it.
/// </summary>
public sealed class MadviseDontneedOperation : IOperation
{
    /// <summary>The one instance.</summary>
    public static readonly MadviseDontneedOperation Instance = new();

    private MadviseDontneedOperation() { }

    /// <inheritdoc/>
    public string Name => "madvise-dontneed";

    /// <inheritdoc/>
    public string KernelFunction => "zap_huge_pmd";

    /// <inheritdoc/>
    public bool WorksOnLeaves => true;

    /// <inheritdoc/>
    public bool Empties => true;

    /// <inheritdoc/>
    public TlbObligations Obligations => TlbObligations.RangeAtReturn;

    /// <inheritdoc/>
    public IReadOnlyList<Decision> Decisions => MadviseDontneedDecisions.All;

    /// <inheritdoc/>
    public IReadOnlyList<Implementation> Implementations { get; } =
    [
        Implementation.Of(
            "madvise-dontneed",
            "per-pmd",
            DecisionSet.Empty,
            KernelVersion.V7_2,
            "zap_huge_pmd of 4.8 and later",
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
        MadviseDontneedHugePmd.Run(kernel, call, decisions);
    }
}
