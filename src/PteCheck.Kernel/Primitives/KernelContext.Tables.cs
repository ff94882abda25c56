using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Kernel.Primitives;

/// <summary>
/// The life of a page table: allocated, linked, unlinked, deposited, given back (mm/memory.c,
/// mm/pgtable-generic.c, mm/mmu_gather.c). Freed tables are never used again, so that who still walks one is seen.
/// </summary>
public sealed partial class KernelContext<TArch>
{
    /// <summary>pte_alloc_one: a new, empty table; -1 when the machine has no room for it.</summary>
    /// <param name="mm">Index of the mm.</param>
    /// <param name="vpn">A page that it is to translate.</param>
    public int PteAllocOne(int mm, uint vpn)
    {
        if (Machine.TableCount == Machine.MaxTables)
        {
            return -1;
        }

        var table = Machine.TableCount++;
        var baseVpn = vpn & ~(uint)(Machine.Slots - 1);
        Machine.Tables[table] = new() { Mm = (byte)mm, BaseVpn = baseVpn };
        Machine.TableWords(table).Clear();
        Record(Primitive.TableAlloc, table, a: baseVpn);
        return table;
    }

    /// <summary>__pte_alloc: links a new table where the slot is empty; the PMD lock is taken and dropped.</summary>
    /// <returns>Whether the slot points to a table now.</returns>
    public bool PteAlloc(int mm, uint vpn)
    {
        var pmd = PmdOffset(mm, vpn);
        if (pmd < 0 || !Machine.Pmds[pmd].Entry.IsNone)
        {
            return pmd >= 0 && Machine.Pmds[pmd].Kind == PmdKind.Table;
        }

        var table = PteAllocOne(mm, vpn);
        if (table < 0)
        {
            return false;
        }

        SpinLockPmd(mm);
        MmIncNrPtes(mm);
        PmdPopulate(pmd, table);
        SpinUnlockPmd(mm);
        return true;
    }

    /// <summary>mm_inc_nr_ptes.</summary>
    public void MmIncNrPtes(int mm) => Machine.Mms[mm].NrPtes++;

    /// <summary>mm_dec_nr_ptes.</summary>
    public void MmDecNrPtes(int mm)
    {
        Machine.Mms[mm].NrPtes--;
        if (Machine.Mms[mm].NrPtes < 0)
        {
            Fault(FaultKind.CountBelowZero, mm, 0, "mm_dec_nr_ptes");
        }
    }

    /// <summary>pte_free_defer: the table goes after a grace period of RCU, which waits for every walker with interrupts off.</summary>
    public void PteFreeDefer(int table) => FreeTable(table, deferred: true, "pte_free_defer");

    /// <summary>pte_free: the table goes now; nobody may be inside.</summary>
    public void PteFree(int table) => FreeTable(table, deferred: false, "pte_free");

    /// <summary>
    /// pgtable_trans_huge_deposit: an empty table is put aside for the time when the leaf is split. Whoever
    /// withdraws it may free it at once, so that nobody may still be inside.
    /// </summary>
    public void PgtableTransHugeDeposit(int pmd, int table)
    {
        ref var slot = ref Machine.Pmds[pmd];
        NeedPmdLock(slot.Mm, "pgtable_trans_huge_deposit");
        if (slot.Deposited != 0 || Machine.IsLinked(table))
        {
            Fault(FaultKind.TableMisuse, slot.Mm, 0, "pgtable_trans_huge_deposit");
            throw new RunStoppedException();
        }

        CheckEmpty(table, "pgtable_trans_huge_deposit");
        CheckNobodyInside(table, "pgtable_trans_huge_deposit");
        Record(Primitive.TableDeposit, table, a: (ulong)pmd);
        slot.Deposited = (short)(table + 1);
    }

    /// <summary>pgtable_trans_huge_withdraw: the table that was deposited.</summary>
    public int PgtableTransHugeWithdraw(int pmd)
    {
        ref var slot = ref Machine.Pmds[pmd];
        NeedPmdLock(slot.Mm, "pgtable_trans_huge_withdraw");
        if (slot.Deposited == 0)
        {
            Fault(FaultKind.TableMisuse, slot.Mm, 0, "pgtable_trans_huge_withdraw");
            throw new RunStoppedException();
        }

        var table = slot.Deposited - 1;
        Record(Primitive.TableWithdraw, table, a: (ulong)pmd);
        slot.Deposited = 0;
        return table;
    }

    /// <summary>
    /// tlb_remove_table_sync_one: an IPI to every CPU. It is taken when a CPU has interrupts on again, so that on
    /// return no walker of GUP-fast that began before is still inside a table.
    /// </summary>
    public void TlbRemoveTableSyncOne() => Record(Primitive.TlbRemoveTableSync);

    /// <summary>A lockless walker has read a PMD entry that points to a table, with interrupts off.</summary>
    internal void WalkerEnters(int table) => Machine.Tables[table].Walkers++;

    /// <summary>The walker is done with the table.</summary>
    internal void WalkerLeaves(int table) => Machine.Tables[table].Walkers--;

    /// <summary>What still stands in a table would go with it, and nobody count it.</summary>
    private void CheckEmpty(int table, string by)
    {
        if (Machine.TableWords(table).ContainsAnyExcept(0ul))
        {
            Fault(FaultKind.TableMisuse, table, 0, by);
        }
    }

    /// <summary>A lockless walker has interrupts off from the PMD entry on.</summary>
    private void CheckNobodyInside(int table, string by)
    {
        if (Machine.Tables[table].Walkers > 0)
        {
            Fault(FaultKind.TableInUse, table, 0, by);
        }
    }

    private void FreeTable(int table, bool deferred, string by)
    {
        ref var owner = ref Machine.Tables[table];
        if (owner.Freed || Machine.IsLinked(table))
        {
            Fault(FaultKind.TableMisuse, owner.Mm, 0, by);
            throw new RunStoppedException();
        }

        CheckEmpty(table, by);
        if (!deferred)
        {
            CheckNobodyInside(table, by);
        }

        Record(Primitive.TableFree, table, nr: deferred ? 1 : 0);
        owner.Freed = true;
    }

    private void NeedPmdLock(int mm, string by)
    {
        if (!Machine.Mms[mm].PmdLockHeld)
        {
            Fault(FaultKind.PmdLockNotHeld, mm, 0, by);
        }
    }
}
