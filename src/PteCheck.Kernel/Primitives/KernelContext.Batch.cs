using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Kernel.Primitives;

/// <summary>The flags of folio_pte_batch in 6.15 and 6.16.</summary>
[Flags]
public enum FpbIgnoreFlags
{
    /// <summary>Compare dirty and soft-dirty.</summary>
    None = 0,

    /// <summary>FPB_IGNORE_DIRTY.</summary>
    IgnoreDirty = 1,

    /// <summary>FPB_IGNORE_SOFT_DIRTY.</summary>
    IgnoreSoftDirty = 2,
}

/// <summary>The flags of folio_pte_batch_flags since 6.17.</summary>
[Flags]
public enum FpbFlags
{
    /// <summary>Ignore young, dirty, soft-dirty and write.</summary>
    None = 0,

    /// <summary>FPB_RESPECT_DIRTY.</summary>
    RespectDirty = 1,

    /// <summary>FPB_RESPECT_SOFT_DIRTY.</summary>
    RespectSoftDirty = 2,

    /// <summary>FPB_RESPECT_WRITE.</summary>
    RespectWrite = 4,

    /// <summary>FPB_MERGE_WRITE.</summary>
    MergeWrite = 8,

    /// <summary>FPB_MERGE_YOUNG_DIRTY.</summary>
    MergeYoungDirty = 16,
}

/// <summary>What folio_pte_batch of 6.15 reports of the entries after the first.</summary>
/// <param name="Nr">Length of the batch.</param>
/// <param name="AnyWritable">A later entry is writable.</param>
/// <param name="AnyYoung">A later entry is young.</param>
/// <param name="AnyDirty">A later entry is dirty.</param>
public readonly record struct FolioBatch(int Nr, bool AnyWritable, bool AnyYoung, bool AnyDirty);

/// <summary>The batch helper in its generations (mm/internal.h, mm/util.c) and vm_normal_folio.</summary>
public sealed partial class KernelContext<TArch>
{
    /// <summary>vm_normal_folio: the folio behind a present entry, -1 for special entries.</summary>
    public int VmNormalFolio(Pte pte) =>
        TArch.PteSpecial(pte) ? -1 : Machine.FolioOf(TArch.PtePfn(pte));

    /// <summary>page_folio(pte_page(pte)): a folio where the caller is sure of one; a fault when there is none.</summary>
    public int PageFolio(Pte pte)
    {
        var folio = Machine.FolioOf(TArch.PtePfn(pte));
        if (TArch.PteSpecial(pte) || folio < 0)
        {
            Fault(FaultKind.NullPage, -1, 0, "page_folio");
            throw new RunStoppedException();
        }

        return folio;
    }

    /// <summary>The comparison key of 6.15 and 6.16: write and young are always ignored.</summary>
    public static Pte BatchKey615(Pte pte, FpbIgnoreFlags flags) => BatchKey(pte, Respected(flags));

    /// <summary>The comparison key since 6.17 (__pte_batch_clear_ignored): young is always ignored.</summary>
    public static Pte BatchKey(Pte pte, FpbFlags flags)
    {
        pte = (flags & FpbFlags.RespectDirty) != 0 ? pte : TArch.PteMkClean(pte);
        pte = (flags & FpbFlags.RespectSoftDirty) != 0 ? pte : TArch.PteClearSoftDirty(pte);
        pte = (flags & FpbFlags.RespectWrite) != 0 ? pte : TArch.PteWrProtect(pte);
        return TArch.PteMkOld(pte);
    }

    /// <summary>
    /// folio_pte_batch of 6.15 and 6.16: how many entries from <paramref name="ptep"/> on map
    /// consecutive pages of one folio with equal keys; at most <paramref name="maxNr"/>.
    /// </summary>
    public FolioBatch FolioPteBatch615(
        int folio,
        PtePointer ptep,
        Pte pte,
        int maxNr,
        FpbIgnoreFlags flags
    )
    {
        var respected = Respected(flags);
        if ((Choices & PrimitiveChoices.BatchRespectsWrite) != 0)
        {
            respected |= FpbFlags.RespectWrite;
        }

        return ScanBatch(ptep, pte, CapToFolio(folio, pte, maxNr), respected);
    }

    /// <summary>
    /// folio_pte_batch_flags since 6.17. The merge flags change <paramref name="pte"/>, the caller's
    /// copy of the first entry, by what later entries are.
    /// </summary>
    public int FolioPteBatchFlags(
        int folio,
        int vma,
        PtePointer ptep,
        ref Pte pte,
        int maxNr,
        FpbFlags flags
    )
    {
        var batch = ScanBatch(ptep, pte, CapToFolio(folio, pte, maxNr), flags);
        var keeps =
            (Choices & PrimitiveChoices.BatchKeepsWritable) != 0
            && TArch.PteWrite(pte, Machine.Context);
        if ((flags & FpbFlags.MergeWrite) != 0 && batch.AnyWritable && !keeps)
        {
            var shadowStack = Machine.Vmas[vma].Has(VmaFlags.ShadowStack);
            pte = TArch.PteMkWrite(pte, shadowStack, Machine.Context);
        }

        if ((flags & FpbFlags.MergeYoungDirty) != 0)
        {
            pte = batch.AnyYoung ? TArch.PteMkYoung(pte) : pte;
            pte = batch.AnyDirty ? TArch.PteMkDirty(pte) : pte;
        }

        return batch.Nr;
    }

    /// <summary>
    /// The loop of every generation: compares keys from hint to hint, and clamps in the end, since a
    /// hint may lead past the maximum. Entries that a hint covers are not looked at one by one.
    /// </summary>
    private FolioBatch ScanBatch(PtePointer ptep, Pte pte, int maxNr, FpbFlags flags)
    {
        bool anyWritable = false,
            anyYoung = false,
            anyDirty = false;
        var hint = BatchHint(pte, ptep.Slot);
        var nr = hint;
        var expected = Key(TArch.PteAdvancePfn(pte, hint), flags);
        while (nr < maxNr)
        {
            var entry = PtepGet(ptep.Add(nr));
            if (Key(entry, flags) != expected || !SameByChoice(pte, entry))
            {
                break;
            }

            anyWritable |= TArch.PteWrite(entry, Machine.Context);
            anyYoung |= TArch.PteYoung(entry);
            anyDirty |= TArch.PteDirty(entry);
            hint = BatchHint(entry, ptep.Slot + nr);
            expected = TArch.PteAdvancePfn(expected, hint);
            nr += hint;
        }

        nr = (Choices & PrimitiveChoices.BatchTrustsHint) != 0 ? nr : Math.Min(nr, maxNr);
        Record(Primitive.FolioPteBatch, ptep.Table, ptep.Slot, nr, (ulong)maxNr);
        return new(nr, anyWritable, anyYoung, anyDirty);
    }

    /// <summary>The helper returns to a caller that wants nothing but its answer: the length, the caller's copy of the first entry, and what it is told.</summary>
    /// <param name="ptep">The first entry.</param>
    /// <param name="nr">Length of the batch.</param>
    /// <param name="copy">The caller's copy.</param>
    /// <param name="told">Writable, young and dirty, as bits of 1, 2 and 4.</param>
    public void BatchReturns(PtePointer ptep, int nr, Pte copy, ulong told)
    {
        var rest = TArch.PteMkOld(TArch.PteWrProtect(TArch.PteMkClean(copy)));
        Record(Primitive.BatchReturn, ptep.Table, ptep.Slot, nr, rest.Word, told);
    }

    private int BatchHint(Pte pte, int slot) =>
        (Choices & PrimitiveChoices.BatchStepsByOne) != 0
            ? 1
            : TArch.PteBatchHint(pte, slot, Machine.ContPtes);

    /// <summary>What the flags of 6.15 leave in the comparison, in those of 6.17.</summary>
    private static FpbFlags Respected(FpbIgnoreFlags flags) =>
        ((flags & FpbIgnoreFlags.IgnoreDirty) != 0 ? FpbFlags.None : FpbFlags.RespectDirty)
        | (
            (flags & FpbIgnoreFlags.IgnoreSoftDirty) != 0
                ? FpbFlags.None
                : FpbFlags.RespectSoftDirty
        );

    /// <summary>swap_pte_batch: how many entries from <paramref name="ptep"/> on are consecutive swap entries with equal bits.</summary>
    public int SwapPteBatch(PtePointer ptep, Pte pte, int maxNr)
    {
        var nr = 1;
        var expected = PteNextSwpOffset(pte);
        while (nr < maxNr && PtepGet(ptep.Add(nr)) == expected)
        {
            expected = PteNextSwpOffset(expected);
            nr++;
        }

        Record(Primitive.FolioPteBatch, ptep.Table, ptep.Slot, nr, (ulong)maxNr);
        return nr;
    }

    /// <summary>pte_next_swp_offset: the entry of the next swap slot, with the same type and bits.</summary>
    public static Pte PteNextSwpOffset(Pte pte)
    {
        var next = TArch.SwpEntryToPte(TArch.SwpType(pte), TArch.SwpOffset(pte) + 1);
        next = TArch.PteSwpSoftDirty(pte) ? TArch.PteSwpMkSoftDirty(next) : next;
        next = TArch.PteSwpExclusive(pte) ? TArch.PteSwpMkExclusive(next) : next;
        return TArch.PteSwpUffdWp(pte) ? TArch.PteSwpMkUffdWp(next) : next;
    }

    private int CapToFolio(int folio, Pte pte, int maxNr)
    {
        if ((Choices & PrimitiveChoices.BatchIgnoresFolioEnd) != 0)
        {
            return maxNr;
        }

        ref readonly var owner = ref Machine.Folios[folio];
        var end = Machine.PfnBase + (ulong)(owner.FirstFrame + owner.Pages);
        return (int)Math.Min((ulong)maxNr, end - TArch.PtePfn(pte));
    }

    private Pte Key(Pte pte, FpbFlags flags) => Loosen(BatchKey(pte, flags));

    /// <summary>Takes out of a key what a faulty choice does not compare.</summary>
    private Pte Loosen(Pte key)
    {
        if ((Choices & PrimitiveChoices.BatchIgnoresUffdWp) != 0)
        {
            key = TArch.PteClearUffdWp(key);
        }

        return (Choices & PrimitiveChoices.BatchIgnoresProtnone) != 0 && TArch.PteProtnone(key)
            ? TArch.PteMkOld(TArch.PteModify(key, TArch.PageReadOnly(executable: false)))
            : key;
    }

    private bool SameByChoice(Pte first, Pte entry) =>
        (Choices & PrimitiveChoices.BatchComparesPteWrite) == 0
        || TArch.PteWrite(first, Machine.Context) == TArch.PteWrite(entry, Machine.Context);
}
