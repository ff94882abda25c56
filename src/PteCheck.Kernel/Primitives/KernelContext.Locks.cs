using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Kernel.Primitives;

/// <summary>Locks are state: who takes one that is held, or releases one that is not, is at fault.</summary>
public sealed partial class KernelContext<TArch>
{
    /// <summary>
    /// pte_offset_map_lock: the entry of <paramref name="vpn"/> with its table locked. The pointer may
    /// be walked over <paramref name="pages"/> slots, the range that the caller was given.
    /// </summary>
    public PtePointer PteOffsetMapLock(int mm, uint vpn, int pages)
    {
        var ptep = PteOffsetMap(mm, vpn, pages);
        SpinLockPtl(ptep.Table);
        return ptep;
    }

    /// <summary>
    /// pte_offset_map_lock where the table may be gone: takes no lock and fails unless the PMD entry points to a
    /// table, and still does so once its lock is held.
    /// </summary>
    public bool TryPteOffsetMapLock(int mm, uint vpn, int pages, out PtePointer ptep)
    {
        ptep = default;
        if (Machine.FindTable(mm, vpn) < 0)
        {
            return false;
        }

        ptep = PteOffsetMap(mm, vpn, pages);
        SpinLockPtl(ptep.Table);
        if (Machine.FindTable(mm, vpn) == ptep.Table)
        {
            return true;
        }

        SpinUnlockPtl(ptep.Table);
        return false;
    }

    /// <summary>pte_offset_map through a copy of a PMD entry: the table may be unlinked by now.</summary>
    public PtePointer PteOffsetMapOf(PmdEntry entry, uint vpn, int pages)
    {
        var slot = (short)(vpn & (uint)(Machine.Slots - 1));
        return new((short)PmdPgtable(entry), slot, slot, (short)(slot + pages));
    }

    /// <summary>pte_offset_map: the entry of <paramref name="vpn"/> without its lock.</summary>
    public PtePointer PteOffsetMap(int mm, uint vpn, int pages)
    {
        var table = (short)Machine.FindTable(mm, vpn);
        var slot = (short)(vpn & (uint)(Machine.Slots - 1));
        return new(table, slot, slot, (short)(slot + pages));
    }

    /// <summary>spin_lock of a table's lock.</summary>
    public void SpinLockPtl(int table)
    {
        if (Machine.Tables[table].PtlHeld)
        {
            Fault(FaultKind.LockMisuse, table, 0, "spin_lock");
            throw new RunStoppedException();
        }

        Record(Primitive.PtlLock, table);
        Machine.Tables[table].PtlHeld = true;
    }

    /// <summary>spin_unlock of a table's lock.</summary>
    public void SpinUnlockPtl(int table)
    {
        if (!Machine.Tables[table].PtlHeld)
        {
            Fault(FaultKind.LockMisuse, table, 0, "spin_unlock");
            throw new RunStoppedException();
        }

        Record(Primitive.PtlUnlock, table);
        Machine.Tables[table].PtlHeld = false;
    }

    /// <summary>mmap_write_lock.</summary>
    public void MmapWriteLock(int mm)
    {
        if (Machine.Mms[mm].MmapLock != LockMode.Free)
        {
            Fault(FaultKind.LockMisuse, mm, 0, "mmap_write_lock");
            throw new RunStoppedException();
        }

        Record(Primitive.MmapLock, mm);
        Machine.Mms[mm].MmapLock = LockMode.Write;
    }

    /// <summary>mmap_write_unlock.</summary>
    public void MmapWriteUnlock(int mm)
    {
        if (Machine.Mms[mm].MmapLock != LockMode.Write)
        {
            Fault(FaultKind.LockMisuse, mm, 0, "mmap_write_unlock");
            throw new RunStoppedException();
        }

        Record(Primitive.MmapUnlock, mm);
        Machine.Mms[mm].MmapLock = LockMode.Free;
        Machine.Mms[mm].VmaLocksOpen = false;
    }

    /// <summary>take_rmap_locks: i_mmap_rwsem and anon_vma lock for writing, so that rmap walks find the page in the old place or the new.</summary>
    public void TakeRmapLocks(int vma) =>
        RmapLockWrite(vma, (Machine.Vmas[vma].Flags & VmaFlags.FileBacked) != 0, anonVma: true);

    /// <summary>drop_rmap_locks.</summary>
    public void DropRmapLocks(int vma) => RmapUnlockWrite(vma, mapping: true, anonVma: true);

    /// <summary>i_mmap_lock_write, anon_vma_lock_write, or one right after the other.</summary>
    public void RmapLockWrite(int vma, bool mapping, bool anonVma)
    {
        ref var owner = ref Machine.Vmas[vma];
        if (
            (anonVma && owner.AnonVmaLock != LockMode.Free)
            || (mapping && owner.IMmapLock != LockMode.Free)
        )
        {
            Fault(FaultKind.LockMisuse, vma, 0, "take_rmap_locks");
            throw new RunStoppedException();
        }

        Record(Primitive.RmapLock, vma);
        owner.IMmapLock = mapping ? LockMode.Write : owner.IMmapLock;
        owner.AnonVmaLock = anonVma ? LockMode.Write : owner.AnonVmaLock;
    }

    /// <summary>anon_vma_unlock_write, i_mmap_unlock_write, or one right after the other.</summary>
    public void RmapUnlockWrite(int vma, bool mapping, bool anonVma)
    {
        ref var owner = ref Machine.Vmas[vma];
        Record(Primitive.RmapUnlock, vma);
        owner.IMmapLock = mapping ? LockMode.Free : owner.IMmapLock;
        owner.AnonVmaLock = anonVma ? LockMode.Free : owner.AnonVmaLock;
    }

    /// <summary>folio_lock: sleeps until the folio is free.</summary>
    public void FolioLock(int folio)
    {
        CondResched();
        if ((Machine.Folios[folio].Flags & FolioFlags.Locked) != 0)
        {
            Fault(FaultKind.LockMisuse, folio, 0, "folio_lock");
            throw new RunStoppedException();
        }

        Record(Primitive.FolioLock, folio);
        Machine.Folios[folio].Flags |= FolioFlags.Locked;
    }

    /// <summary>folio_unlock.</summary>
    public void FolioUnlock(int folio)
    {
        if ((Machine.Folios[folio].Flags & FolioFlags.Locked) == 0)
        {
            Fault(FaultKind.LockMisuse, folio, 0, "folio_unlock");
            throw new RunStoppedException();
        }

        Record(Primitive.FolioUnlock, folio);
        Machine.Folios[folio].Flags &= ~FolioFlags.Locked;
    }

    /// <summary>cond_resched and everything else that may sleep. Others may sleep whatever the operation holds: their own locks they take and drop within a step.</summary>
    public void CondResched()
    {
        for (var table = 0; table < Machine.TableCount && Actor == 0; table++)
        {
            if (Machine.Tables[table].PtlHeld)
            {
                Fault(FaultKind.SleepUnderPtl, table, 0, "cond_resched");
            }
        }

        for (var mm = 0; mm < Machine.MmCount && Actor == 0; mm++)
        {
            if (Machine.Mms[mm].PmdLockHeld)
            {
                Fault(FaultKind.SleepUnderPtl, mm, 0, "cond_resched");
            }
        }

        Record(Primitive.MightSleep);
    }

    /// <summary>The system call returns: no lock may be held any more.</summary>
    public void ReturnToUser(int mm)
    {
        for (var table = 0; table < Machine.TableCount; table++)
        {
            if (Machine.Tables[table].PtlHeld)
            {
                Fault(FaultKind.LockMisuse, table, 0, "return to user");
            }
        }

        if (Machine.Mms[mm].PmdLockHeld)
        {
            Fault(FaultKind.LockMisuse, mm, 0, "return to user");
        }

        Record(Primitive.ReturnToUser, mm);
    }
}
