using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;

namespace PteCheck.Kernel.Zap;

/// <summary>zap: MADV_DONTNEED takes the entries of a range away, and frees what nothing else holds.</summary>
public sealed class ZapOperation : IOperation
{
    /// <summary>The one instance.</summary>
    public static readonly ZapOperation Instance = new();

    private ZapOperation() { }

    /// <inheritdoc/>
    public string Name => "zap";

    /// <inheritdoc/>
    public string KernelFunction => "zap_pte_range";

    /// <inheritdoc/>
    public bool Empties => true;

    /// <inheritdoc/>
    public TlbObligations Obligations =>
        TlbObligations.DirtyFileAtUnlock
        | TlbObligations.DirtyFileAtRmap
        | TlbObligations.RangeAtReturn;

    /// <inheritdoc/>
    public IReadOnlyList<Decision> Decisions => ZapDecisions.All;

    /// <inheritdoc/>
    public IReadOnlyList<Implementation> Implementations { get; } =
    [
        Implementation.Of(
            "zap",
            "per-pte",
            DecisionSet.Empty,
            KernelVersion.V7_2,
            "zap_pte_range of 6.8, one entry at a time",
            isReference: true
        ),
        Implementation.Of(
            "zap",
            "batched",
            ZapDecisions.Upstream,
            KernelVersion.V7_2,
            "zap_pte_range of 6.14 and later: folio batches (6.9), swap batches (6.10), empty runs (6.14)"
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
        if (implementation.IsReference)
        {
            kernel.Choices = PrimitiveChoices.None;
            ZapPageRange.Run(kernel, call, default(PerPte), DecisionSet.Empty);
            return;
        }

        var decisions = implementation.Decisions;
        kernel.Choices = ChoicesOf(decisions);
        ZapPageRange.Run(kernel, call, new Batched(decisions), decisions);
    }

    private static PrimitiveChoices ChoicesOf(DecisionSet decisions)
    {
        var choices = PrimitiveChoices.None;
        choices |= decisions.Mended(ZapDecisions.ClearFolded, PrimitiveChoices.UnfoldsBeforeClear);
        choices |= decisions.Taken(ZapDecisions.FlushAfterFree, PrimitiveChoices.GatherFreesFirst);
        choices |= decisions.Taken(ZapDecisions.IgnoreNested, PrimitiveChoices.GatherIgnoresOthers);
        choices |= decisions.Taken(ZapDecisions.IgnoreUffd, PrimitiveChoices.BatchIgnoresUffdWp);
        choices |= decisions.Taken(
            ZapDecisions.IgnoreFolioEnd,
            PrimitiveChoices.BatchIgnoresFolioEnd
        );
        choices |= decisions.Taken(
            ZapDecisions.DirtyFirstOnly,
            PrimitiveChoices.MergeDropsYoungDirty
        );
        return choices;
    }
}
