using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Kernel.Primitives;

/// <summary>PMD entries and the lock above the page-table locks (include/linux/pgtable.h, mm/pgtable-generic.c).</summary>
public sealed partial class KernelContext<TArch>
{
    /// <summary>pmd_offset: the PMD slot of a page, or -1 where no VMA lies near.</summary>
    public int PmdOffset(int mm, uint vpn) => Machine.FindPmd(mm, vpn);

    /// <summary>pmdp_get_lockless: the value now, with or without its lock.</summary>
    public PmdEntry PmdpGetLockless(int pmd)
    {
        Record(Primitive.PmdpGet, pmd);
        return Machine.Pmds[pmd].Entry;
    }

    /// <summary>pmd_same: whether the slot still holds a value that was read before.</summary>
    public bool PmdSame(int pmd, PmdEntry value) => PmdpGetLockless(pmd) == value;

    /// <summary>
    /// pmd_lock. The order is mmap_lock, rmap locks, PMD lock, page-table lock: who already holds a page-table
    /// lock would wait for one who holds the PMD lock and waits for the page-table lock.
    /// </summary>
    public void SpinLockPmd(int mm)
    {
        if (Machine.Mms[mm].PmdLockHeld || HoldsPtl(mm))
        {
            Fault(FaultKind.LockMisuse, mm, 0, "pmd_lock");
            throw new RunStoppedException();
        }

        Record(Primitive.PmdLock, mm);
        Machine.Mms[mm].PmdLockHeld = true;
    }

    /// <summary>spin_unlock of the PMD lock.</summary>
    public void SpinUnlockPmd(int mm)
    {
        if (!Machine.Mms[mm].PmdLockHeld)
        {
            Fault(FaultKind.LockMisuse, mm, 0, "pmd_unlock");
            throw new RunStoppedException();
        }

        Record(Primitive.PmdUnlock, mm);
        Machine.Mms[mm].PmdLockHeld = false;
    }

    /// <summary>pmd_clear.</summary>
    public void PmdClear(int pmd) => StorePmd(pmd, PmdEntry.None, "pmd_clear");

    /// <summary>pmdp_huge_get_and_clear: empties the slot and returns what was there, without a flush.</summary>
    public PmdEntry PmdpHugeGetAndClear(int pmd)
    {
        BeforePmdStore(pmd, PmdEntry.None);
        var old = Machine.Pmds[pmd].Entry;
        ReplacePmd(pmd, PmdEntry.None, "pmdp_huge_get_and_clear");
        return old;
    }

    /// <summary>
    /// pmdp_collapse_flush: empties a slot that points to a table, and flushes, as page-table entries, the
    /// pages that the table translates.
    /// </summary>
    /// <param name="mm">Index of the mm.</param>
    /// <param name="pmd">The slot.</param>
    /// <param name="vpn">The first page to flush, that of the slot.</param>
    /// <returns>What was there.</returns>
    public PmdEntry PmdpCollapseFlush(int mm, int pmd, uint vpn)
    {
        var old = PmdpHugeGetAndClear(pmd);
        FlushTlbRange(mm, vpn, Machine.Slots);
        return old;
    }

    /// <summary>
    /// pmdp_invalidate: takes a leaf out of the sight of hardware before it is changed, and flushes its pages. The
    /// entry never reads as empty, so that nobody who looks without the lock passes it over.
    /// </summary>
    /// <param name="mm">Index of the mm.</param>
    /// <param name="pmd">The slot; it holds a leaf.</param>
    /// <param name="vpn">The first page to flush, that of the slot.</param>
    /// <returns>What was there.</returns>
    public PmdEntry PmdpInvalidate(int mm, int pmd, uint vpn)
    {
        BeforePmdStore(pmd, Machine.Pmds[pmd].Entry.MkInvalid());
        var old = Machine.Pmds[pmd].Entry;
        ReplacePmd(pmd, old.MkInvalid(), "pmdp_invalidate");
        FlushTlbRange(mm, vpn, Machine.Slots);
        return old;
    }

    /// <summary>set_pmd_at, for a leaf or the new value of one.</summary>
    public void SetPmdAt(int pmd, PmdEntry value) => StorePmd(pmd, value, "set_pmd_at");

    /// <summary>pmd_populate: links a table into an empty slot.</summary>
    public void PmdPopulate(int pmd, int table)
    {
        var free = Machine.Tables[table].Freed || Machine.IsLinked(table);
        if (!Machine.Pmds[pmd].Entry.IsNone || free)
        {
            Fault(FaultKind.PmdNotNone, Machine.Pmds[pmd].Mm, 0, "pmd_populate");
            throw new RunStoppedException();
        }

        Machine.Tables[table].BaseVpn = Machine.Pmds[pmd].BaseVpn;
        StorePmd(pmd, PmdEntry.OfTable(table), "pmd_populate");
    }

    /// <summary>pmd_pgtable: the table that an entry points to; a fault where it is none.</summary>
    public int PmdPgtable(PmdEntry entry)
    {
        if (entry.Table < 0)
        {
            Fault(FaultKind.NotATable, -1, 0, "pmd_pgtable");
            throw new RunStoppedException();
        }

        return entry.Table;
    }

    /// <summary>Whether the operation holds a page-table lock of an mm; others take and drop theirs within a step.</summary>
    private bool HoldsPtl(int mm)
    {
        for (var table = 0; table < Machine.TableCount && Actor == 0; table++)
        {
            if (Machine.Tables[table].PtlHeld && Machine.Tables[table].Mm == mm)
            {
                return true;
            }
        }

        return false;
    }

    private void StorePmd(int pmd, PmdEntry value, string by)
    {
        BeforePmdStore(pmd, value);
        ReplacePmd(pmd, value, by);
    }

    private void ReplacePmd(int pmd, PmdEntry value, string by)
    {
        ref var slot = ref Machine.Pmds[pmd];
        if (!Machine.Mms[slot.Mm].PmdLockHeld)
        {
            Fault(FaultKind.PmdLockNotHeld, slot.Mm, 0, by);
        }

        var old = slot.Entry;
        slot.Entry = value;
        Record(Primitive.PmdStore, pmd, (int)old.Kind, (int)value.Kind, old.Value, value.Value);
    }

    /// <summary>Others may act before the slot changes, and not between the reading of the old value and the writing of the new one.</summary>
    private void BeforePmdStore(int pmd, PmdEntry value)
    {
        if (Interference is null)
        {
            return;
        }

        var old = Machine.Pmds[pmd].Entry;
        Interference.Before(
            new()
            {
                Op = Primitive.PmdStore,
                Table = (short)pmd,
                Slot = (short)old.Kind,
                Nr = (short)value.Kind,
                A = old.Value,
                B = value.Value,
            }
        );
    }
}
