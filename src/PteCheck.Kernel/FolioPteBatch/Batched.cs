using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.FolioPteBatch;

/// <summary>
/// A caller of the helper as they all are: a batch of one without a large folio, else folio_pte_batch of 6.15 and
/// 6.16 or folio_pte_batch_flags since 6.17 (mm/internal.h).
/// </summary>
internal readonly struct Batched(DecisionSet decisions)
{
    /// <summary>Counts the batch that begins at an entry.</summary>
    public BatchAnswer Count<TArch>(
        KernelContext<TArch> kernel,
        in OperationCall call,
        PtePointer ptep,
        int maxNr
    )
        where TArch : struct, IArch
    {
        var pte = kernel.PtepGet(ptep);
        var folio = TArch.PtePresent(pte) ? kernel.VmNormalFolio(pte) : -1;
        if (folio < 0 || !kernel.Machine.Folios[folio].IsLarge)
        {
            return BatchAnswer.Of(kernel, 1, pte);
        }

        maxNr = Has(BatchDecisions.NoCap) ? 2 * Machine.TableStride : maxNr;
        if (kernel.Machine.Context.Kernel == KernelVersion.V6_15)
        {
            return Count615(kernel, Flags(call.Batch), (folio, ptep, pte), maxNr);
        }

        var nr = kernel.FolioPteBatchFlags(
            folio,
            call.Vma,
            ptep,
            ref pte,
            maxNr,
            Flags(call.Batch)
        );
        return BatchAnswer.Of(kernel, nr, pte);
    }

    private BatchAnswer Count615<TArch>(
        KernelContext<TArch> kernel,
        FpbFlags flags,
        (int Folio, PtePointer Ptep, Pte Pte) first,
        int maxNr
    )
        where TArch : struct, IArch
    {
        var ignored =
            (flags & FpbFlags.RespectDirty) != 0 ? FpbIgnoreFlags.None : FpbIgnoreFlags.IgnoreDirty;
        ignored |=
            (flags & FpbFlags.RespectSoftDirty) != 0
                ? FpbIgnoreFlags.None
                : FpbIgnoreFlags.IgnoreSoftDirty;
        var batch = kernel.FolioPteBatch615(first.Folio, first.Ptep, first.Pte, maxNr, ignored);
        var told = Has(BatchDecisions.DropMerge)
            ? BatchTold.None
            : BatchAnswer.TellOf(batch.AnyWritable, batch.AnyYoung, batch.AnyDirty);
        return new(batch.Nr, first.Pte, told | BatchAnswer.Of(kernel, batch.Nr, first.Pte).Told);
    }

    private FpbFlags Flags(FpbFlags flags)
    {
        flags &= Has(BatchDecisions.IgnoreWrite) ? ~FpbFlags.RespectWrite : flags;
        flags &= Has(BatchDecisions.IgnoreDirty) ? ~FpbFlags.RespectDirty : flags;
        flags &= Has(BatchDecisions.IgnoreSoftDirty) ? ~FpbFlags.RespectSoftDirty : flags;
        const FpbFlags Merges = FpbFlags.MergeWrite | FpbFlags.MergeYoungDirty;
        return Has(BatchDecisions.DropMerge) ? flags & ~Merges : flags;
    }

    private bool Has(Decision decision) => decisions.Has(decision);
}
