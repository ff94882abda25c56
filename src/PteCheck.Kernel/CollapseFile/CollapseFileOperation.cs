using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.CollapseFile;

/// <summary>collapse-file: a huge folio of a file or of shmem is mapped by single entries; they go, and their table with them.</summary>
public sealed class CollapseFileOperation : IOperation
{
    /// <summary>The one instance.</summary>
    public static readonly CollapseFileOperation Instance = new();

    private CollapseFileOperation() { }

    /// <inheritdoc/>
    public string Name => "collapse-file";

    /// <inheritdoc/>
    public string KernelFunction => "collapse_pte_mapped_thp";

    /// <inheritdoc/>
    public bool Empties => true;

    /// <inheritdoc/>
    public bool CollapsesFile => true;

    /// <inheritdoc/>
    public bool TablesMayGo => true;

    /// <summary>
    /// The folio lock keeps write-back and truncation away until the flush of the PMD entry, so that nothing is owed
    /// before the end (comments in collapse_pte_mapped_thp).
    /// </summary>
    public TlbObligations Obligations => TlbObligations.OwnAtReturn;

    /// <inheritdoc/>
    public IReadOnlyList<Decision> Decisions => CollapseFileDecisions.All;

    /// <inheritdoc/>
    public IReadOnlyList<Implementation> Implementations { get; } =
    [
        Implementation.Of(
            "collapse-file",
            "per-pte",
            DecisionSet.Empty,
            KernelVersion.V7_2,
            "collapse_pte_mapped_thp of 6.16, one entry at a time",
            isReference: true
        ),
        Implementation.Of(
            "collapse-file",
            "as-posted-v2",
            CollapseFileDecisions.FolioBeforeCheck.Set,
            KernelVersion.V6_15,
            "khugepaged: Optimize collapse_pte_mapped_thp() for large folios by PTE batching, v2 2/3, Dev Jain, 2025-06-25"
        ),
        Implementation.Of(
            "collapse-file",
            "batched",
            DecisionSet.Empty,
            KernelVersion.V7_2,
            "collapse_pte_mapped_thp of 6.17 and later: the locked folio itself, clear_ptes"
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
            CollapsePteMappedThp.Run(kernel, call, default(PerPte), DecisionSet.Empty);
            return;
        }

        if (implementation.Subject is not null)
        {
            RunSubject(kernel, call);
            return;
        }

        var decisions = implementation.Decisions;
        kernel.Choices |= decisions.Taken(
            CollapseFileDecisions.UnboundedBatch,
            PrimitiveChoices.BatchIgnoresFolioEnd
        );
        kernel.Choices |= decisions.Taken(
            CollapseFileDecisions.IgnoreProtnone,
            PrimitiveChoices.BatchIgnoresProtnone
        );
        CollapsePteMappedThp.Run(kernel, call, new Batched(decisions), decisions);
    }

    /// <summary>The call of a collapse_pte_mapped_thp from outside.</summary>
    public static SubjectInvocation InvocationOf(Machine machine, in OperationCall call) =>
        new()
        {
            Mm = call.Mm,
            Vma = call.Vma,
            Vpn = call.Vpn,
            Pages = (uint)machine.Slots,
            Table = -1,
            NewTable = -1,
        };

    private static void RunSubject<TArch>(KernelContext<TArch> kernel, in OperationCall call)
        where TArch : struct, IArch
    {
        kernel.MmapReadLock(call.Mm);
        var result = kernel.Subject!.Invoke(kernel, InvocationOf(kernel.Machine, call));
        kernel.ScanResult((int)result);
        kernel.MmapReadUnlock(call.Mm);
        kernel.ReturnToUser(call.Mm);
    }
}
