using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;

namespace PteCheck.Kernel.MthpSelect;

/// <summary>
/// mthp-select: khugepaged scans a table and chooses the windows that it tries to collapse. The attempts, in their
/// order, and the result are what comes out; no entry changes.
/// </summary>
public sealed class MthpSelectOperation : IOperation
{
    /// <summary>The one instance.</summary>
    public static readonly MthpSelectOperation Instance = new();

    private const string Series = "mm/khugepaged: Introduce mTHP collapse support";

    private MthpSelectOperation() { }

    /// <inheritdoc/>
    public string Name => "mthp-select";

    /// <inheritdoc/>
    public string KernelFunction => "mthp_collapse";

    /// <inheritdoc/>
    public bool Selects => true;

    /// <inheritdoc/>
    public string Newest => "linear";

    /// <inheritdoc/>
    public TlbObligations Obligations => TlbObligations.None;

    /// <inheritdoc/>
    public IReadOnlyList<Decision> Decisions => MthpDecisions.All;

    /// <inheritdoc/>
    public IReadOnlyList<Implementation> Implementations { get; } =
    [
        Implementation.Of(
            "mthp-select",
            "recursive",
            MthpDecisions.Upstream,
            KernelVersion.V7_2,
            "the algorithm as the commit message tells it, with result classes",
            isReference: true
        ),
        Implementation.Of(
            "mthp-select",
            "stack-v17",
            MthpDecisions.V17,
            KernelVersion.V7_2,
            $"{Series}, v17 11/14 (2026-05-11): an explicit stack"
        ),
        Implementation.Of(
            "mthp-select",
            "linear-v19",
            MthpDecisions.V19,
            KernelVersion.V7_2,
            $"{Series}, v19 (2026-06-05): a linear walk"
        ),
        Implementation.Of(
            "mthp-select",
            "linear",
            MthpDecisions.Upstream,
            KernelVersion.V7_2,
            "mthp_collapse of the newest tree: the linear walk that counts swapped-out pages"
        ),
    ];

    /// <inheritdoc/>
    public Implementation ReferenceFor(Implementation candidate)
    {
        var policy = new DecisionSet(candidate.Decisions.Bits & MthpDecisions.Policies.Bits);
        return this.Reference() with { Decisions = policy };
    }

    /// <inheritdoc/>
    public void Run<TArch>(
        KernelContext<TArch> kernel,
        in OperationCall call,
        Implementation implementation
    )
        where TArch : struct, IArch
    {
        kernel.Choices = PrimitiveChoices.None;
        var decisions = implementation.Decisions;
        if (implementation.IsReference)
        {
            CollapseSinglePmd.Run(kernel, call, default(Recursive), decisions);
        }
        else if (implementation.Name.StartsWith("stack", StringComparison.Ordinal))
        {
            CollapseSinglePmd.Run(kernel, call, default(StackWalk), decisions);
        }
        else
        {
            CollapseSinglePmd.Run(kernel, call, default(LinearWalk), decisions);
        }

        kernel.ReturnToUser(call.Mm);
    }
}
