using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;

namespace PteCheck.Kernel.Mprotect;

/// <summary>mprotect: other rights for the entries of a range, for mprotect itself, for the NUMA scan and for uffd write protection.</summary>
public sealed class MprotectOperation : IOperation
{
    /// <summary>The one instance.</summary>
    public static readonly MprotectOperation Instance = new();

    private MprotectOperation() { }

    /// <inheritdoc/>
    public string Name => "mprotect";

    /// <inheritdoc/>
    public string KernelFunction => "change_pte_range";

    /// <inheritdoc/>
    public bool Protects => true;

    /// <summary>The flush may come after the unlock, and is done at the return to user space, whoever left what is stale.</summary>
    public TlbObligations Obligations => TlbObligations.RangeAtReturn;

    /// <inheritdoc/>
    public IReadOnlyList<Decision> Decisions => MprotectDecisions.All;

    /// <inheritdoc/>
    public IReadOnlyList<Implementation> Implementations { get; } =
    [
        Implementation.Of(
            "mprotect",
            "per-pte",
            DecisionSet.Empty,
            KernelVersion.V7_2,
            "change_pte_range of 6.16, one entry at a time",
            isReference: true
        ),
        Implementation.Of(
            "mprotect",
            "batched-6.17-rc1",
            MprotectDecisions.Upstream.With(MprotectDecisions.ExclusiveFromFolio.Set),
            KernelVersion.V6_17,
            "mm: optimize mprotect() by PTE batching, v5 6/7, Dev Jain, 2025-07-18; 6.17-rc1"
        ),
        Implementation.Of(
            "mprotect",
            "batched",
            MprotectDecisions.Upstream,
            KernelVersion.V7_2,
            "change_pte_range of 6.17 and later: AnonExclusive of the pages of the batch"
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
            ChangeProtection.Run(kernel, call, default(PerPte), DecisionSet.Empty);
            return;
        }

        var decisions = implementation.Decisions;
        kernel.Choices = ChoicesOf(decisions);
        ChangeProtection.Run(kernel, call, new Batched(decisions), decisions);
    }

    private static PrimitiveChoices ChoicesOf(DecisionSet decisions)
    {
        var choices = PrimitiveChoices.None;
        choices |= decisions.Mended(
            MprotectDecisions.MergeMarksSoftDirty,
            PrimitiveChoices.MergeKeepsSoftDirty
        );
        if (!decisions.Has(MprotectDecisions.IgnoreWrite))
        {
            choices |= decisions.Mended(
                MprotectDecisions.CompareRawWrite,
                PrimitiveChoices.BatchComparesPteWrite
            );
        }

        choices |= decisions.Mended(
            MprotectDecisions.MergeUndoesShadowStack,
            PrimitiveChoices.MergeKeepsShadowStack
        );
        choices |= decisions.Mended(
            MprotectDecisions.ClearFolded,
            PrimitiveChoices.UnfoldsBeforeClear
        );
        choices |= decisions.Taken(
            MprotectDecisions.IgnoreUffd,
            PrimitiveChoices.BatchIgnoresUffdWp
        );
        choices |= decisions.Taken(
            MprotectDecisions.IgnoreProtnone,
            PrimitiveChoices.BatchIgnoresProtnone
        );
        choices |= decisions.Taken(
            MprotectDecisions.IgnoreFolioEnd,
            PrimitiveChoices.BatchIgnoresFolioEnd
        );
        choices |= decisions.Taken(
            MprotectDecisions.MergeDropsYoungDirty,
            PrimitiveChoices.MergeDropsYoungDirty
        );
        choices |= decisions.Taken(
            MprotectDecisions.MergeMarksAlways,
            PrimitiveChoices.MergeMarksAlways
        );
        choices |= decisions.Taken(
            MprotectDecisions.PlainAdvance,
            PrimitiveChoices.AdvanceIgnoresInversion
        );
        choices |= decisions.Taken(
            MprotectDecisions.IgnoreNested,
            PrimitiveChoices.GatherIgnoresOthers
        );
        return choices;
    }
}
