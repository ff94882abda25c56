using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Model.Tlbs;

/// <summary>What PMD entries leave behind: huge pages, and pointers to tables through which a CPU may still walk.</summary>
public sealed partial class StaleSet<TArch>
    where TArch : struct, IArch
{
    /// <summary>All that the old value gave may stay cached, and a pointer to a table, too.</summary>
    private void ApplyPmdStore(in TraceEvent e)
    {
        var pmd = links[e.Table];
        var old = TableLinks.Old(e);
        links.Apply(e);
        if (old == TableLinks.New(e))
        {
            return;
        }

        if (TArch.PteHwPresent(old.Page<TArch>(0)))
        {
            for (var first = 0; first < machine.Slots; first += 1 << BlockShift)
            {
                Retire(HugeEntry(pmd, old, first), e.Actor);
            }
        }

        if (old.Table >= 0)
        {
            for (var slot = 0; slot < machine.Slots; slot++)
            {
                var pte = new Pte(Words[Machine.PteIndex(old.Table, slot)]);
                if (TArch.PteHwPresent(pte))
                {
                    Retire(
                        EntryOf(pmd.Mm, pmd.BaseVpn + (uint)slot, pte, IsRead(old.Table, slot)),
                        e.Actor
                    );
                }
            }

            walks.Add(new(pmd.Mm, pmd.BaseVpn, old.Table, machine.Mms[pmd.Mm].CpuMask));
        }

        var linked = TableLinks.New(e).Table;
        for (var i = walks.Count - 1; i >= 0 && linked >= 0; i--)
        {
            if (walks[i].Table == linked && walks[i].BaseVpn == pmd.BaseVpn)
            {
                walks.RemoveAt(i);
            }
        }
    }

    /// <summary>
    /// A flush drops cached pointers to the tables of its range; the architecture's own TLBI of a contiguous
    /// block is for leaves alone, and walks through such a pointer bring the leaves back.
    /// </summary>
    private void DropWalks(int mm, uint vpn, uint pages, bool leafOnly)
    {
        for (var i = walks.Count - 1; i >= 0; i--)
        {
            var walk = walks[i];
            var near =
                walk.Mm == mm
                && walk.BaseVpn < (ulong)vpn + pages
                && vpn < walk.BaseVpn + (uint)machine.Slots;
            if (near && !leafOnly)
            {
                walks.RemoveAt(i);
            }
            else if (near)
            {
                Rewalk(walk);
            }
        }
    }

    private void Rewalk(in StaleWalk walk)
    {
        for (var slot = 0; slot < machine.Slots; slot++)
        {
            var pte = new Pte(Words[Machine.PteIndex(walk.Table, slot)]);
            if (TArch.PteHwPresent(pte))
            {
                Retire(EntryThrough(walk, slot, pte), actor: 0);
            }
        }
    }

    /// <summary>What a CPU may cache through a cached pointer to a table; the secondary MMU has none.</summary>
    private StaleEntry EntryThrough(in StaleWalk walk, int slot, Pte pte) =>
        EntryOf((byte)walk.Mm, walk.BaseVpn + (uint)slot, pte, read: false) with
        {
            Cpus = walk.Cpus,
            DevicePages = 0,
        };

    /// <summary>At most 16 pages of a leaf: it may be cached as a whole or in parts, and a flush of one page drops that page at least.</summary>
    private StaleEntry HugeEntry(in Pmd pmd, PmdEntry huge, int first)
    {
        var pages = Math.Min(machine.Slots, 1 << BlockShift);
        var entry = EntryOf(pmd.Mm, pmd.BaseVpn + (uint)first, huge.Page<TArch>(first), read: true);
        var all = (1u << pages) - 1;
        var allowed = all;
        foreach (var range in notified)
        {
            if (range.Mm == pmd.Mm)
            {
                allowed &= ~Covered(entry.Vpn, range.Start, range.Pages);
            }
        }

        return entry with
        {
            CpuPages = all,
            DevicePages = allowed,
        };
    }

    private void CollectPmd(in Pmd pmd, List<Translation> into)
    {
        if (TArch.PteHwPresent(pmd.Entry.Page<TArch>(0)))
        {
            for (var first = 0; first < machine.Slots; first += 1 << BlockShift)
            {
                Expand(HugeEntry(pmd, pmd.Entry, first), into);
            }
        }

        for (var slot = 0; slot < machine.Slots && pmd.Entry.Table >= 0; slot++)
        {
            var pte = new Pte(machine.Ptes[Machine.PteIndex(pmd.Entry.Table, slot)]);
            if (TArch.PteHwPresent(pte))
            {
                var read = IsRead(pmd.Entry.Table, slot);
                Expand(EntryOf(pmd.Mm, pmd.BaseVpn + (uint)slot, pte, read), into);
            }
        }
    }
}
