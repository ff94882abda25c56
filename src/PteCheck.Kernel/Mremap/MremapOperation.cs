using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;

namespace PteCheck.Kernel.Mremap;

/// <summary>mremap: move the entries of a range to another place of the same address space.</summary>
public sealed class MremapOperation : IOperation
{
    private static readonly DecisionSet V4 = MremapDecisions
        .Upstream.With(MremapDecisions.IgnoreWrite.Set)
        .With(MremapDecisions.AnyArch.Set);

    private static readonly DecisionSet SplitRespectWrite = MremapDecisions
        .Upstream.With(MremapDecisions.AnyArch.Set)
        .With(MremapDecisions.SplitBranches.Set);

    /// <summary>The one instance.</summary>
    public static readonly MremapOperation Instance = new();

    private MremapOperation() { }

    /// <inheritdoc/>
    public string Name => "mremap";

    /// <inheritdoc/>
    public string KernelFunction => "move_ptes";

    /// <inheritdoc/>
    public bool Moves => true;

    /// <inheritdoc/>
    public IReadOnlyList<Decision> Decisions => MremapDecisions.All;

    /// <inheritdoc/>
    public IReadOnlyList<Implementation> Implementations { get; } =
    [
        Implementation.Of(
            "mremap",
            "per-pte",
            DecisionSet.Empty,
            KernelVersion.V7_2,
            "move_ptes of 6.16, one entry at a time",
            isReference: true
        ),
        Implementation.Of(
            "mremap",
            "as-posted-v4",
            V4,
            KernelVersion.V6_15,
            "mm: Optimize mremap() by PTE batching, v4 2/2, Dev Jain, 2025-06-10"
        ),
        Implementation.Of(
            "mremap",
            "sketch-split",
            V4.With(MremapDecisions.SplitBranches.Set),
            KernelVersion.V6_15,
            "David Hildenbrand's sketch on top of v4 2/2, 2025-06-11"
        ),
        Implementation.Of(
            "mremap",
            "sketch-split-respect-write",
            SplitRespectWrite,
            KernelVersion.V6_17,
            "the sketch over a batch that compares the write bit"
        ),
        Implementation.Of(
            "mremap",
            "sketch-split-no-clear",
            SplitRespectWrite.With(MremapDecisions.NoClear.Set),
            KernelVersion.V6_17,
            "that, without pte_clear of the old entry in the swap branch (Dev Jain's question, 2025-06-13)"
        ),
        Implementation.Of(
            "mremap",
            "batched",
            MremapDecisions.Upstream,
            KernelVersion.V7_2,
            "move_ptes of 6.18 and later: hint test, FPB_RESPECT_WRITE"
        ),
        Implementation.Of(
            "mremap",
            "batched-any-arch",
            MremapDecisions.Upstream.With(MremapDecisions.AnyArch.Set),
            KernelVersion.V7_2,
            "move_ptes of 6.18 without the hint test, so that x86-64 batches too"
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
            MovePageTables.Run(kernel, call, default(PerPte), DecisionSet.Empty);
            return;
        }

        if (implementation.Subject is not null)
        {
            kernel.Choices = PrimitiveChoices.None;
            MovePageTables.Run(kernel, call, default(SubjectMove), DecisionSet.Empty);
            return;
        }

        var decisions = implementation.Decisions;
        kernel.Choices = ChoicesOf(decisions);
        MovePageTables.Run(kernel, call, new Batched(decisions), decisions);
    }

    /// <inheritdoc/>
    public uint OriginOf(in OperationCall call, int mm, uint vpn) =>
        mm == call.Mm && vpn - call.NewVpn < call.Pages ? vpn - call.NewVpn + call.Vpn : vpn;

    /// <inheritdoc/>
    public uint TargetOf(in OperationCall call, int mm, uint vpn) =>
        mm == call.Mm && vpn - call.Vpn < call.Pages ? vpn - call.Vpn + call.NewVpn : vpn;

    /// <inheritdoc/>
    public bool Touches(in OperationCall call, int mm, uint vpn) =>
        mm == call.Mm && (vpn - call.Vpn < call.Pages || vpn - call.NewVpn < call.Pages);

    private static PrimitiveChoices ChoicesOf(DecisionSet decisions)
    {
        var choices = PrimitiveChoices.None;
        if (!decisions.Has(MremapDecisions.IgnoreWrite))
        {
            choices |= decisions.Mended(
                MremapDecisions.CompareRawWrite,
                PrimitiveChoices.BatchComparesPteWrite
            );
        }

        choices |= decisions.Mended(
            MremapDecisions.MergeUndoesShadowStack,
            PrimitiveChoices.MergeKeepsShadowStack
        );
        choices |= decisions.Mended(
            MremapDecisions.IgnoreWrite,
            PrimitiveChoices.BatchRespectsWrite
        );
        choices |= decisions.Taken(MremapDecisions.IgnoreUffd, PrimitiveChoices.BatchIgnoresUffdWp);
        choices |= decisions.Taken(
            MremapDecisions.IgnoreProtnone,
            PrimitiveChoices.BatchIgnoresProtnone
        );
        choices |= decisions.Taken(
            MremapDecisions.IgnoreFolioEnd,
            PrimitiveChoices.BatchIgnoresFolioEnd
        );
        choices |= decisions.Taken(
            MremapDecisions.PlainAdvance,
            PrimitiveChoices.AdvanceIgnoresInversion
        );
        choices |= decisions.Taken(
            MremapDecisions.MergeDropsYoungDirty,
            PrimitiveChoices.MergeDropsYoungDirty
        );
        choices |= decisions.Taken(
            MremapDecisions.MergeMarksAlways,
            PrimitiveChoices.MergeMarksAlways
        );
        choices |= decisions.Taken(
            MremapDecisions.ConvertWithoutTlbi,
            PrimitiveChoices.ConvertWithoutTlbi
        );
        return choices;
    }
}
