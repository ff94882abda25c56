using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Kernel.Primitives;

/// <summary>
/// arm64's layer under the generic helpers (arch/arm64/mm/contpte.c): naturally aligned blocks of
/// CONT_PTES entries carry the CONT bit. Core mm never sees the bit being set or cleared; every
/// fold or unfold smears young and dirty over the block. All of it vanishes on x86-64.
/// </summary>
public sealed partial class KernelContext<TArch>
{
    private static bool IsValidCont(Pte pte) =>
        TArch.HasContpte && TArch.PteCont(pte) && TArch.PteHwPresent(pte);

    private int BlockStart(int slot) => slot & ~(Machine.ContPtes - 1);

    /// <summary>contpte_ptep_get: the entry with the block's young and dirty.</summary>
    private Pte ContptePtepGet(PtePointer ptep, Pte pte)
    {
        var start = BlockStart(ptep.Slot);
        for (var i = 0; i < Machine.ContPtes; i++)
        {
            var entry = Load(ptep.Table, start + i);
            pte = TArch.PteDirty(entry) ? TArch.PteMkDirty(pte) : pte;
            pte = TArch.PteYoung(entry) ? TArch.PteMkYoung(pte) : pte;
        }

        return pte;
    }

    /// <summary>contpte_try_unfold: takes CONT from the slot's block, if it has it.</summary>
    public void ContpteTryUnfold(PtePointer ptep)
    {
        if (!TArch.HasContpte)
        {
            return;
        }

        var pte = Load(ptep.Table, ptep.Slot);
        if (IsValidCont(pte))
        {
            Record(
                Primitive.ContpteUnfold,
                ptep.Table,
                BlockStart(ptep.Slot),
                Machine.ContPtes,
                byArch: true
            );
            ContpteConvert(ptep, TArch.PteMkNonCont(pte));
        }
    }

    /// <summary>contpte_try_unfold_partial: unfolds the blocks that a range covers only in part.</summary>
    private void ContpteUnfoldPartial(PtePointer ptep, int nr)
    {
        if (!TArch.HasContpte)
        {
            return;
        }

        if ((Choices & PrimitiveChoices.UnfoldsBeforeClear) != 0)
        {
            for (var slot = ptep.Slot; slot < ptep.Slot + nr; slot++)
            {
                ContpteTryUnfold(ptep with { Slot = slot });
            }
        }

        if (ptep.Slot != BlockStart(ptep.Slot) || nr < Machine.ContPtes)
        {
            ContpteTryUnfold(ptep);
        }

        if (BlockStart(ptep.Slot + nr) != ptep.Slot + nr)
        {
            ContpteTryUnfold(ptep.Add(nr - 1));
        }
    }

    /// <summary>
    /// contpte_convert: empties the block, gathers young and dirty, invalidates the block and waits
    /// (break before make; not under BBML2_NOABORT), then stores it with one common value.
    /// </summary>
    private void ContpteConvert(PtePointer ptep, Pte pte)
    {
        var start = BlockStart(ptep.Slot);
        pte = TArch.PteAdvancePfn(pte, start - ptep.Slot);
        for (var i = 0; i < Machine.ContPtes; i++)
        {
            var entry = Exchange(ptep.Table, start + i, byArch: true);
            pte = TArch.PteDirty(entry) ? TArch.PteMkDirty(pte) : pte;
            pte = TArch.PteYoung(entry) ? TArch.PteMkYoung(pte) : pte;
        }

        ref readonly var table = ref Machine.Tables[ptep.Table];
        var skip = (Choices & PrimitiveChoices.ConvertWithoutTlbi) != 0;
        if (!Machine.Context.Bbml2 && !skip)
        {
            RecordFlush(table.Mm, table.BaseVpn + (uint)start, Machine.ContPtes, byArch: true);
        }

        RawSetPtes(ptep with { Slot = (short)start }, pte, Machine.ContPtes, byArch: true);
    }

    /// <summary>set_ptes of arm64: one entry may unfold and fold its block, more are painted block by block.</summary>
    private void ContpteSetPtes(PtePointer ptep, Pte pte, int nr)
    {
        pte = TArch.PteMkNonCont(pte);
        if (nr == 1)
        {
            ContpteTryUnfold(ptep);
            Store(ptep.Table, ptep.Slot, pte);
            ContpteTryFold(ptep, pte);
            return;
        }

        for (var done = 0; done < nr; )
        {
            var slot = ptep.Slot + done;
            var piece = Math.Min(BlockStart(slot) + Machine.ContPtes - slot, nr - done);
            var first = TArch.PteAdvancePfn(pte, done);
            var aligned =
                piece == Machine.ContPtes
                && (TArch.PtePfn(first) & (ulong)(Machine.ContPtes - 1)) == 0;
            RawSetPtes(ptep.Add(done), aligned ? TArch.PteMkCont(first) : first, piece);
            done += piece;
        }
    }

    /// <summary>contpte_try_fold: at the last slot of a block, fold it when all entries agree modulo young and dirty.</summary>
    private void ContpteTryFold(PtePointer ptep, Pte pte)
    {
        var last = (ulong)(Machine.ContPtes - 1);
        if (
            ((ulong)ptep.Slot & last) != last
            || (TArch.PtePfn(pte) & last) != last
            || !TArch.PteHwPresent(pte)
            || TArch.PteSpecial(pte)
        )
        {
            return;
        }

        var start = BlockStart(ptep.Slot);
        var firstPfn = TArch.PtePfn(pte) & ~last;
        var folio = Machine.FolioOf(TArch.PtePfn(pte));
        if (folio < 0 || Machine.FolioOf(firstPfn) != folio)
        {
            return;
        }

        var expected = TArch.PteMkOld(
            TArch.PteMkClean(TArch.PteAdvancePfn(pte, start - ptep.Slot))
        );
        for (var i = 0; i < Machine.ContPtes; i++)
        {
            var entry = TArch.PteMkOld(TArch.PteMkClean(Load(ptep.Table, start + i)));
            if (entry != TArch.PteAdvancePfn(expected, i))
            {
                return;
            }
        }

        Record(Primitive.ContpteFold, ptep.Table, start, Machine.ContPtes, byArch: true);
        ContpteConvert(ptep, TArch.PteMkCont(pte));
    }
}
