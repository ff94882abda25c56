using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;

namespace PteCheck.Kernel.CollapseAnon;

/// <summary>collapse-anon: anonymous pages of a table, or of a window of it, are copied into one new folio.</summary>
public sealed class CollapseAnonOperation : IOperation
{
    /// <summary>The one instance.</summary>
    public static readonly CollapseAnonOperation Instance = new();

    private CollapseAnonOperation() { }

    /// <inheritdoc/>
    public string Name => "collapse-anon";

    /// <inheritdoc/>
    public string KernelFunction => "collapse_huge_page";

    /// <inheritdoc/>
    public bool CollapsesAnon => true;

    /// <inheritdoc/>
    public bool TablesMayGo => true;

    /// <summary>Copies and freed pages have rules of their own; what the call took away must be gone when it returns.</summary>
    public TlbObligations Obligations => TlbObligations.OwnAtReturn;

    /// <inheritdoc/>
    public IReadOnlyList<Decision> Decisions => CollapseAnonDecisions.All;

    /// <inheritdoc/>
    public IReadOnlyList<Implementation> Implementations { get; } =
    [
        Implementation.Of(
            "collapse-anon",
            "per-pte",
            DecisionSet.Empty,
            KernelVersion.V7_2,
            "collapse_huge_page of 6.16 with the windows of 7.2, one entry at a time",
            isReference: true
        ),
        Implementation.Of(
            "collapse-anon",
            "rfc-9of12",
            CollapseAnonDecisions
                .CopyBeforeClear.Set.With(CollapseAnonDecisions.NoFlush.Set)
                .With(CollapseAnonDecisions.CheckFirst.Set)
                .With(CollapseAnonDecisions.OneLevel.Set)
                .With(CollapseAnonDecisions.ClearOneByOne.Set),
            KernelVersion.V6_15,
            "khugepaged: Introduce vma_collapse_anon_folio(), RFC PATCH 09/12, Dev Jain, 2024-12-16"
        ),
        Implementation.Of(
            "collapse-anon",
            "simple-pmd",
            CollapseAnonDecisions.SetDetached.Set.With(CollapseAnonDecisions.ClearOneByOne.Set),
            KernelVersion.V6_15,
            "the order that David Hildenbrand asks for in his reply to it, 2024-12-16"
        ),
        Implementation.Of(
            "collapse-anon",
            "batched",
            DecisionSet.Empty,
            KernelVersion.V7_2,
            "collapse_huge_page of 7.2: windows, and batches when the sources are released"
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
        if (implementation.IsReference)
        {
            CollapseHugePage.Run(kernel, call, default(PerPte), DecisionSet.Empty);
            return;
        }

        CollapseHugePage.Run(kernel, call, default(Batched), implementation.Decisions);
    }
}
