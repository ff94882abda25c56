using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.FolioPteBatch;

/// <summary>
/// folio-pte-batch: the batch helper alone, asked once at the first page of the range, under the page-table lock. No
/// entry changes; the length and what the caller is told come out.
/// </summary>
public sealed class FolioPteBatchOperation : IOperation
{
    /// <summary>The one instance.</summary>
    public static readonly FolioPteBatchOperation Instance = new();

    private FolioPteBatchOperation() { }

    /// <inheritdoc/>
    public string Name => "folio-pte-batch";

    /// <inheritdoc/>
    public string KernelFunction => "folio_pte_batch_flags";

    /// <inheritdoc/>
    public bool CountsBatch => true;

    /// <summary>Nothing is taken away, so that nothing is owed.</summary>
    public TlbObligations Obligations => TlbObligations.None;

    /// <inheritdoc/>
    public IReadOnlyList<Decision> Decisions => BatchDecisions.All;

    /// <inheritdoc/>
    public IReadOnlyList<Implementation> Implementations { get; } =
    [
        Implementation.Of(
            "folio-pte-batch",
            "per-pte",
            DecisionSet.Empty,
            KernelVersion.V7_2,
            "the definition of a batch, entry by entry",
            isReference: true
        ),
        Implementation.Of(
            "folio-pte-batch",
            "batched-6.15",
            DecisionSet.Empty,
            KernelVersion.V6_15,
            "folio_pte_batch of 6.15 and 6.16, with FPB_IGNORE flags and three answers"
        ),
        Implementation.Of(
            "folio-pte-batch",
            "batched",
            BatchDecisions.Upstream,
            KernelVersion.V7_2,
            "folio_pte_batch_flags of 6.17 and later"
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
        if (implementation.Subject is not null)
        {
            kernel.Choices = PrimitiveChoices.None;
            kernel.MmapReadLock(call.Mm);
            kernel.Subject!.Invoke(kernel, InvocationOf(kernel.Machine, call));
            kernel.MmapReadUnlock(call.Mm);
            return;
        }

        var decisions = implementation.IsReference ? DecisionSet.Empty : implementation.Decisions;
        kernel.Choices = implementation.IsReference
            ? PrimitiveChoices.None
            : ChoicesOf(decisions, RespectsWrite(kernel.Machine.Context.Kernel, call.Batch));
        var maxNr = MaxNr(kernel.Machine, call);
        kernel.MmapReadLock(call.Mm);
        var ptep = kernel.PteOffsetMapLock(call.Mm, call.Vpn, maxNr);
        var answer = implementation.IsReference
            ? PerPte.Count(kernel, call, ptep, maxNr)
            : new Batched(decisions).Count(kernel, call, ptep, maxNr);
        kernel.BatchReturns(ptep, answer.Nr, answer.Copy, (ulong)answer.Told);
        if (!implementation.IsReference)
        {
            kernel.NoteBatch(answer.Nr);
        }

        kernel.SpinUnlockPtl(ptep.Table);
        kernel.MmapReadUnlock(call.Mm);
    }

    /// <summary>The call of a helper from outside, by a caller that locks the table and reads the first entry.</summary>
    public static SubjectInvocation InvocationOf(Machine machine, in OperationCall call) =>
        new()
        {
            Mm = call.Mm,
            Vma = call.Vma,
            Vpn = call.Vpn,
            Pages = (uint)MaxNr(machine, call),
            Table = machine.FindTable(call.Mm, call.Vpn),
            NewTable = -1,
        };

    /// <summary>What a helper from outside has answered.</summary>
    /// <param name="kernel">What kernel code may do.</param>
    /// <param name="ptep">The first entry.</param>
    /// <param name="nr">The length.</param>
    /// <param name="copy">The caller's copy of the first entry.</param>
    /// <param name="told">The three answers of 6.15; otherwise the copy tells.</param>
    public static void Returns<TArch>(
        KernelContext<TArch> kernel,
        PtePointer ptep,
        int nr,
        Pte copy,
        BatchTold told
    )
        where TArch : struct, IArch
    {
        told |= BatchAnswer.Of(kernel, nr, copy).Told;
        kernel.BatchReturns(ptep, nr, copy, (ulong)told);
        kernel.NoteBatch(nr);
    }

    private static int MaxNr(Machine machine, in OperationCall call)
    {
        var slots = (uint)machine.Slots;
        return (int)Math.Min(call.Pages, slots - (call.Vpn & (slots - 1)));
    }

    /// <summary>Whether write is compared: before 6.17 there is no flag for it.</summary>
    internal static bool RespectsWrite(KernelVersion version, FpbFlags flags) =>
        version != KernelVersion.V6_15 && (flags & FpbFlags.RespectWrite) != 0;

    private static PrimitiveChoices ChoicesOf(DecisionSet decisions, bool respectsWrite)
    {
        var choices = PrimitiveChoices.None;
        if (
            respectsWrite
            && !decisions.Has(BatchDecisions.IgnoreWrite)
            && !decisions.Has(BatchDecisions.CompareRawWrite)
        )
        {
            choices |= PrimitiveChoices.BatchComparesPteWrite;
        }

        choices |= decisions.Mended(
            BatchDecisions.MergeWriteAgain,
            PrimitiveChoices.BatchKeepsWritable
        );
        choices |= decisions.Taken(BatchDecisions.IgnoreUffd, PrimitiveChoices.BatchIgnoresUffdWp);
        choices |= decisions.Taken(
            BatchDecisions.IgnoreProtnone,
            PrimitiveChoices.BatchIgnoresProtnone
        );
        choices |= decisions.Taken(
            BatchDecisions.IgnoreFolioEnd,
            PrimitiveChoices.BatchIgnoresFolioEnd
        );
        choices |= decisions.Taken(BatchDecisions.TrustHint, PrimitiveChoices.BatchTrustsHint);
        choices |= decisions.Taken(BatchDecisions.StepByOne, PrimitiveChoices.BatchStepsByOne);
        return choices;
    }
}
