using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Model.Tlbs;

/// <summary>What walks of the live tables, and of tables that a cached PMD entry points to, bring in.</summary>
public sealed partial class ExplicitTlbs<TArch>
    where TArch : struct, IArch
{
    private void WalkAll()
    {
        for (var mm = 0; mm < machine.MmCount; mm++)
        {
            WalkRange(mm, 0, uint.MaxValue);
        }
    }

    /// <summary>
    /// Walks the pages of a range, on arm64 widened to whole contiguous blocks: dropping one page of
    /// a block drops the block's entry, which a walk of any other page of it may bring back.
    /// </summary>
    private void WalkRange(int mm, uint first, uint end)
    {
        for (var pmd = 0; pmd < machine.PmdCount; pmd++)
        {
            if (machine.Pmds[pmd].Mm == mm)
            {
                WalkPmd(machine.Pmds[pmd], first, end);
            }
        }

        foreach (var cached in tables.ToArray())
        {
            if (cached.Mm == mm)
            {
                WalkSlots(cached, first, end);
            }
        }
    }

    /// <summary>Walks a live PMD entry for every CPU that runs its mm, and for the secondary MMU.</summary>
    private void WalkPmd(in Pmd pmd, uint first, uint end)
    {
        if (pmd.Entry.IsHuge)
        {
            WalkHuge(pmd, first, end);
        }

        if (pmd.Entry.Table < 0)
        {
            return;
        }

        for (byte holder = 0; holder <= machine.Cpus; holder++)
        {
            var walk = new CachedTable(holder, pmd.Mm, pmd.BaseVpn, pmd.Entry.Table);
            if (MayWalk(holder, pmd.Mm))
            {
                WalkSlots(walk, first, end);
                FillTable(walk);
            }
        }
    }

    private void WalkHuge(in Pmd pmd, uint first, uint end)
    {
        var rights = TArch.HardwareRights(pmd.Entry.Page<TArch>(0), machine.Context);
        var reached = pmd.BaseVpn < end && first < pmd.BaseVpn + (uint)machine.Slots;
        for (byte holder = 0; holder <= machine.Cpus && reached && rights != 0; holder++)
        {
            if (!MayWalk(holder, pmd.Mm))
            {
                continue;
            }

            var pfn = TArch.PtePfn(pmd.Entry.Page<TArch>(0));
            var whole = new ExplicitEntry(
                holder,
                pmd.Mm,
                pmd.BaseVpn,
                machine.Slots,
                pfn,
                rights,
                Block: false
            );
            Fill(whole);
            for (var page = 0; page < machine.Slots; page++)
            {
                Fill(
                    whole with
                    {
                        Vpn = whole.Vpn + (uint)page,
                        Pages = 1,
                        Pfn = pfn + (ulong)page,
                    }
                );
            }
        }
    }

    private bool MayWalk(byte holder, byte mm) =>
        holder == SecondaryMmu || (machine.Mms[mm].CpuMask >> holder & 1) != 0;

    private void FillTable(in CachedTable walk)
    {
        if (walk.Cpu != SecondaryMmu && (maximal || (NextRandom() & 1) == 0))
        {
            tables.Add(walk);
        }
    }

    /// <summary>Walks the slots of a table within a range, widened as said above.</summary>
    private void WalkSlots(in CachedTable walk, uint first, uint end)
    {
        var align = TArch.HasContpte ? (ulong)machine.ContPtes : 1;
        var from = Math.Max(first / align * align, walk.BaseVpn);
        var to = Math.Min((end + align - 1) / align * align, walk.BaseVpn + (ulong)machine.Slots);
        for (var vpn = from; vpn < to; vpn++)
        {
            WalkSlot(walk, (int)(vpn - walk.BaseVpn));
        }
    }

    /// <summary>Walks one slot of a table wherever that is linked, and wherever a CPU holds a pointer to it.</summary>
    private void WalkTableSlot(int table, int slot)
    {
        for (var pmd = 0; pmd < machine.PmdCount; pmd++)
        {
            ref readonly var live = ref machine.Pmds[pmd];
            for (byte holder = 0; holder <= machine.Cpus && live.Entry.Table == table; holder++)
            {
                if (MayWalk(holder, live.Mm))
                {
                    WalkSlot(new(holder, live.Mm, live.BaseVpn, table), slot);
                }
            }
        }

        foreach (var cached in tables)
        {
            if (cached.Table == table)
            {
                WalkSlot(cached, slot);
            }
        }
    }

    /// <summary>Walks one slot for one holder.</summary>
    private void WalkSlot(in CachedTable walk, int slot)
    {
        var pte = new Pte(machine.Ptes[Machine.PteIndex(walk.Table, slot)]);
        var rights = TArch.HardwareRights(pte, machine.Context);
        if (rights == TlbRights.None)
        {
            return;
        }

        var page = new ExplicitEntry(
            walk.Cpu,
            walk.Mm,
            walk.BaseVpn + (uint)slot,
            Pages: 1,
            TArch.PtePfn(pte),
            rights,
            TArch.PteCont(pte) && TArch.PteHwPresent(pte)
        );
        if (walk.Cpu != SecondaryMmu || !IsBlocked(page))
        {
            Cache(page);
        }
    }
}
