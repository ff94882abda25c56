namespace PteCheck.Model.Machines;

/// <summary>Adds what a machine holds to a hash: all that a run can change, and nothing that it cannot.</summary>
public static class MachineHash
{
    /// <summary>Adds everything.</summary>
    public static void AddTo(this Machine machine, ref StateHash hash)
    {
        machine.AddEntriesTo(ref hash);
        hash.Add(machine.FolioCount);
        for (var folio = 0; folio < machine.FolioCount; folio++)
        {
            machine.Folios[folio].AddTo(ref hash);
        }

        AddFrames(machine, ref hash);
        AddPmds(machine, ref hash);
        AddMms(machine, ref hash);
        AddLocks(machine, ref hash);
        foreach (var count in machine.SwapCounts.AsSpan(0, machine.SwapLimit))
        {
            hash.Add(count);
        }
    }

    /// <summary>Adds the words of all tables.</summary>
    public static void AddEntriesTo(this Machine machine, ref StateHash hash)
    {
        for (var table = 0; table < machine.TableCount; table++)
        {
            hash.Add(machine.TableWords(table));
        }
    }

    /// <summary>Adds counts and flags of a folio.</summary>
    public static void AddTo(this in Folio folio, ref StateHash hash)
    {
        hash.Add(((ulong)(uint)folio.RefCount << 32) | (uint)folio.Mapcount);
        hash.Add(((ulong)(uint)folio.ExtraRefs << 32) | (uint)folio.Pins);
        hash.Add(
            ((ulong)(uint)folio.EntireMapcount << 16)
                | ((ulong)folio.Kind << 8)
                | (ulong)folio.Flags
        );
    }

    /// <summary>What each slot holds, and the table that is deposited for it.</summary>
    private static void AddPmds(Machine machine, ref StateHash hash)
    {
        foreach (ref readonly var pmd in machine.Pmds.AsSpan(0, machine.PmdCount))
        {
            hash.Add(pmd.Value);
            hash.Add(((ulong)(ushort)pmd.Deposited << 8) | (ulong)pmd.Kind);
        }
    }

    private static void AddFrames(Machine machine, ref StateHash hash)
    {
        hash.Add(machine.FrameCount);
        for (var frame = 0; frame < machine.FrameCount; frame++)
        {
            if (machine.FrameFolios[frame] < 0)
            {
                continue;
            }

            hash.Add(machine.PageContents[frame]);
            hash.Add(
                ((ulong)(uint)machine.PageMapcounts[frame] << 32)
                    | ((ulong)(ushort)machine.FrameFolios[frame] << 8)
                    | machine.PageFlags[frame]
            );
        }
    }

    private static void AddMms(Machine machine, ref StateHash hash)
    {
        for (var mm = 0; mm < machine.MmCount; mm++)
        {
            ref readonly var owner = ref machine.Mms[mm];
            hash.Add(((ulong)(uint)owner.RssFile << 32) | (uint)owner.RssAnon);
            hash.Add(((ulong)(uint)owner.RssShmem << 32) | (uint)owner.SwapEntries);
            hash.Add(((ulong)owner.TlbFlushBatched << 32) | (uint)owner.TlbFlushPending);
            hash.Add(((ulong)owner.CpuMask << 32) | (uint)owner.NotifierDepth);
            hash.Add(((ulong)(uint)owner.NrPtes << 8) | (ulong)owner.MmapLock);
            hash.Add(owner.VmaLocksOpen);
            hash.Add(owner.PmdLockHeld);
        }

        ref readonly var deferred = ref machine.TlbUbc;
        hash.Add(((ulong)deferred.Mms << 32) | (uint)deferred.RangeCount);
        hash.Add(deferred.FlushRequired);
        hash.Add(deferred.Writable);
        foreach (ref readonly var range in machine.TlbUbcRanges.AsSpan(0, deferred.RangeCount))
        {
            hash.Add(((ulong)range.Vpn << 32) | (uint)range.Pages);
            hash.Add(range.Mm);
        }
    }

    private static void AddLocks(Machine machine, ref StateHash hash)
    {
        for (var table = 0; table < machine.TableCount; table++)
        {
            ref readonly var owner = ref machine.Tables[table];
            hash.Add(((ulong)owner.BaseVpn << 8) | owner.Walkers);
            hash.Add(owner.PtlHeld);
            hash.Add(owner.Freed);
        }

        for (var vma = 0; vma < machine.VmaCount; vma++)
        {
            ref readonly var owner = ref machine.Vmas[vma];
            hash.Add(((ulong)owner.IMmapLock << 8) | (ulong)owner.AnonVmaLock);
        }
    }
}
