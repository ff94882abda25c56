using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;

namespace PteCheck.Kernel.LazyfreeUnmap;

/// <summary>lazyfree-unmap: reclaim unmaps a folio after MADV_FREE, and drops it unless somebody wrote to it or holds it.</summary>
public sealed class LazyfreeOperation : IOperation
{
    private static readonly DecisionSet Bounded = LazyfreeDecisions
        .Upstream.With(LazyfreeDecisions.IgnoreWriteSoftDirty.Set)
        .With(LazyfreeDecisions.StaleCount.Set);

    private static readonly DecisionSet V4 = LazyfreeDecisions
        .Upstream.With(LazyfreeDecisions.IgnoreWriteSoftDirty.Set)
        .With(LazyfreeDecisions.WholeFolio.Set)
        .With(LazyfreeDecisions.UnboundedScan.Set);

    /// <summary>The one instance.</summary>
    public static readonly LazyfreeOperation Instance = new();

    private LazyfreeOperation() { }

    /// <inheritdoc/>
    public string Name => "lazyfree-unmap";

    /// <inheritdoc/>
    public string KernelFunction => "try_to_unmap_one";

    /// <inheritdoc/>
    public bool WorksOnFolio => true;

    /// <inheritdoc/>
    public IReadOnlyList<Decision> Decisions => LazyfreeDecisions.All;

    /// <inheritdoc/>
    public IReadOnlyList<Implementation> Implementations { get; } =
    [
        Implementation.Of(
            "lazyfree-unmap",
            "per-pte",
            DecisionSet.Empty,
            KernelVersion.V7_2,
            "try_to_unmap_one of 6.14, one entry at a time, swap-backed only if dirty (6.15)",
            isReference: true
        ),
        Implementation.Of(
            "lazyfree-unmap",
            "as-posted-v4",
            V4,
            KernelVersion.V6_15,
            "mm: Support batched unmap for lazyfree large folios during reclamation, v4 3/4, Barry Song, 2025-02-14; 6.15.0"
        ),
        Implementation.Of(
            "lazyfree-unmap",
            "bounded",
            Bounded,
            KernelVersion.V6_15,
            "try_to_unmap_one of 6.15.7 and 6.16: bounded scan, any batch"
        ),
        Implementation.Of(
            "lazyfree-unmap",
            "batched",
            LazyfreeDecisions.Upstream,
            KernelVersion.V7_2,
            "try_to_unmap_one of 7.0 and later: write and soft-dirty compared, count begins anew"
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
            TryToUnmap.Run(kernel, call, default(PerPte), notify: true, freeFirst: false);
            return;
        }

        if (implementation.Subject is not null)
        {
            kernel.Choices = PrimitiveChoices.None;
            TryToUnmap.Run(kernel, call, default(SubjectUnmap), notify: false, freeFirst: false);
            return;
        }

        var decisions = implementation.Decisions;
        kernel.Choices = ChoicesOf(decisions);
        TryToUnmap.Run(
            kernel,
            call,
            new Batched(decisions),
            notify: !decisions.Has(LazyfreeDecisions.NoNotifier),
            freeFirst: decisions.Has(LazyfreeDecisions.FreeBeforeFlush),
            leaveDeferred: decisions.Has(LazyfreeDecisions.LeaveUnnoted)
        );
    }

    /// <inheritdoc/>
    public bool Touches(in OperationCall call, int mm, uint vpn) => true;

    private static PrimitiveChoices ChoicesOf(DecisionSet decisions)
    {
        var choices = PrimitiveChoices.None;
        if (!decisions.Has(LazyfreeDecisions.IgnoreWriteSoftDirty))
        {
            choices |= decisions.Mended(
                LazyfreeDecisions.CompareRawWrite,
                PrimitiveChoices.BatchComparesPteWrite
            );
        }

        choices |= decisions.Mended(
            LazyfreeDecisions.MergeUndoesShadowStack,
            PrimitiveChoices.MergeKeepsShadowStack
        );
        choices |= decisions.Mended(
            LazyfreeDecisions.MergeMarksSoftDirty,
            PrimitiveChoices.MergeKeepsSoftDirty
        );
        choices |= decisions.Mended(
            LazyfreeDecisions.IgnoreWriteSoftDirty,
            PrimitiveChoices.BatchRespectsWrite
        );
        choices |= decisions.Mended(
            LazyfreeDecisions.ClearFolded,
            PrimitiveChoices.UnfoldsBeforeClear
        );
        choices |= decisions.Taken(
            LazyfreeDecisions.IgnoreProtnone,
            PrimitiveChoices.BatchIgnoresProtnone
        );
        choices |= decisions.Taken(
            LazyfreeDecisions.MergeDropsYoungDirty,
            PrimitiveChoices.MergeDropsYoungDirty
        );
        return choices;
    }
}
