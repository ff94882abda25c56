using System.Numerics;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Model.Tlbs;

/// <summary>
/// The first of the two TLB models: what may still be cached, computed from the history of entries
/// and flushes. A word that stood in an entry at some time since the last invalidation of its page
/// may be cached by any CPU of the mm; no page table is walked and no TLB exists here. An entry whose
/// access flag is clear counts as well, since ageing clears the flag without a flush.
/// </summary>
public sealed partial class StaleSet<TArch>(Machine machine)
    where TArch : struct, IArch
{
    private const int BlockShift = 4;
    private const int BlockCounters = Machine.MaxTables * Machine.TableStride >> BlockShift;

    /// <summary>Entries by their block of 16 pages, so that most questions need no look at the entries.</summary>
    private readonly int[] entriesOfBlock = new int[BlockCounters];
    private StaleEntry[] entries = new StaleEntry[256];
    private uint lowest = uint.MaxValue;
    private uint highest;
    private uint devicePages;
    private int onlyMm = -1;
    private readonly List<StaleWalk> walks = [];
    private readonly TableLinks links = new();

    /// <summary>
    /// Where the words of all tables stand at the event that is applied. The machine's own, unless somebody
    /// follows a trace after the run.
    /// </summary>
    public ulong[] Words { get; init; } = machine.Ptes;

    /// <summary>The PMD entries as of the last event applied.</summary>
    public TableLinks Links => links;

    /// <summary>Unlinked tables that a CPU may still walk through a cached PMD entry.</summary>
    public IReadOnlyList<StaleWalk> Walks => walks;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>What may be cached and is not what the entries say now.</summary>
    public ReadOnlySpan<StaleEntry> Entries => entries.AsSpan(0, Count);

    /// <summary>Forgets everything: the state in which only what stands in the tables may be cached.</summary>
    public void Reset()
    {
        Forget();
        notified.Clear();
        walks.Clear();
        links.Reset(machine);
        if (unreadCount > 0)
        {
            Array.Clear(unread);
            unreadCount = 0;
        }
    }

    /// <summary>The last of <see cref="Entries"/>, among them all that concern a page; most often none or few.</summary>
    public ReadOnlySpan<StaleEntry> Near(uint vpn) => Entries[FirstIn(vpn, 1)..];

    /// <summary>Adds a stale translation, whose pages lie in one naturally aligned block of 16.</summary>
    public void Add(in StaleEntry entry)
    {
        if (Count == entries.Length)
        {
            Array.Resize(ref entries, entries.Length * 2);
        }

        entries[Count++] = entry;
        entriesOfBlock[BlockOf(entry.Vpn)]++;
        devicePages |= entry.DevicePages;
        onlyMm = Count == 1 || onlyMm == entry.Mm ? entry.Mm : -1;
        lowest = Math.Min(lowest, entry.Vpn);
        var last = 31 - BitOperations.LeadingZeroCount(entry.CpuPages | entry.DevicePages);
        highest = Math.Max(highest, entry.Vpn + (uint)last);
    }

    /// <summary>The same, to say anew where one comes from.</summary>
    public Span<StaleEntry> MutableEntries => entries.AsSpan(0, Count);

    /// <summary>Takes one event of the trace into account.</summary>
    public void Apply(in TraceEvent e)
    {
        switch (e.Op)
        {
            case Primitive.PteStore when e.A != e.B:
                ApplyStore(e);
                NoteUnread(e);
                break;
            case Primitive.PmdStore:
                ApplyPmdStore(e);
                break;
            case Primitive.TlbFlushRange:
                Drop(e.Table, (uint)e.A, (uint)e.Nr, device: false);
                DropWalks(e.Table, (uint)e.A, (uint)e.Nr, leafOnly: e.ByArch);
                break;
            case Primitive.TlbFlushMm:
                Drop(e.Table, 0, uint.MaxValue, device: false);
                DropWalks(e.Table, 0, uint.MaxValue, leafOnly: false);
                break;
            case Primitive.NotifierStart:
                notified.Add(new(e.Table, (uint)e.A, (uint)e.Nr));
                Drop(e.Table, (uint)e.A, (uint)e.Nr, device: true);
                break;
            case Primitive.NotifierEnd:
                EndNotifier(new(e.Table, (uint)e.A, (uint)e.Nr));
                ReadAgain();
                break;
        }
    }

    /// <summary>
    /// Every translation that may be cached now, the ones that the tables still give included, in the
    /// order of <see cref="Translation.Compare"/> and without repetitions.
    /// </summary>
    public void Collect(List<Translation> into)
    {
        into.Clear();
        foreach (ref readonly var entry in Entries)
        {
            Expand(entry, into);
        }

        for (var pmd = 0; pmd < machine.PmdCount; pmd++)
        {
            CollectPmd(machine.Pmds[pmd], into);
        }

        into.Sort(Translation.Compare);
        var kept = 0;
        for (var i = 0; i < into.Count; i++)
        {
            if (i == 0 || into[i] != into[i - 1])
            {
                into[kept++] = into[i];
            }
        }

        into.RemoveRange(kept, into.Count - kept);
    }

    /// <summary>Adds what may be cached, and what the secondary MMU may not refill, to a hash.</summary>
    public void AddTo(ref StateHash hash)
    {
        hash.Add(Count);
        foreach (ref readonly var entry in Entries)
        {
            hash.Add(entry.Word);
            hash.Add(((ulong)entry.CpuPages << 32) | entry.DevicePages);
            hash.Add(((ulong)entry.Cpus << 32) | entry.Vpn);
            hash.Add(((ulong)entry.Mm << 8) | (ulong)entry.Origin);
        }

        hash.Add(notified.Count);
        foreach (var range in notified)
        {
            hash.Add(range.Mm);
            hash.Add(((ulong)range.Start << 32) | range.Pages);
        }
    }

    /// <summary>The rights of a stale entry.</summary>
    public TlbRights RightsOf(in StaleEntry entry) =>
        TArch.HardwareRights(new(entry.Word), machine.Context);

    private static int BlockOf(uint vpn) => (int)(vpn >> BlockShift) & (BlockCounters - 1);

    private void Forget()
    {
        if (Count > 0)
        {
            Array.Clear(entriesOfBlock);
        }

        Count = 0;
        lowest = uint.MaxValue;
        highest = 0;
        devicePages = 0;
    }

    /// <summary>The old word may stay cached; the new one may come in through a cached pointer to an unlinked table.</summary>
    private void ApplyStore(in TraceEvent e)
    {
        var link = links.LinkOf(e.Table);
        if (link >= 0 && TArch.PteHwPresent(new(e.A)))
        {
            ref readonly var pmd = ref links[link];
            Retire(
                EntryOf(pmd.Mm, pmd.BaseVpn + (uint)e.Slot, new(e.A), IsRead(e.Table, e.Slot)),
                e.Actor
            );
        }

        if (walks.Count > 0 && TArch.PteHwPresent(new(e.B)))
        {
            foreach (var walk in walks)
            {
                if (walk.Table == e.Table)
                {
                    Retire(EntryThrough(walk, e.Slot, new(e.B)), e.Actor);
                }
            }
        }
    }

    private void Retire(StaleEntry entry, byte actor)
    {
        entry.Origin = actor == 0 ? StaleOrigin.Run : StaleOrigin.Other;
        var repeated = entry.CpuPages > 1 && Count > 0 && entries[Count - 1] == entry;
        if (!repeated)
        {
            Add(entry);
        }
    }

    /// <summary>What may be cached of a word: its page, or its whole block when it has CONT.</summary>
    private StaleEntry EntryOf(byte mm, uint vpn, Pte pte, bool read)
    {
        var pages = 1;
        if (TArch.PteCont(pte))
        {
            var index = (int)vpn & (machine.ContPtes - 1);
            pte = TArch.PteAdvancePfn(pte, -index);
            vpn -= (uint)index;
            pages = machine.ContPtes;
        }

        var all = (1u << pages) - 1;
        var entry = new StaleEntry
        {
            Mm = mm,
            Vpn = vpn,
            Word = pte.Word,
            CpuPages = all,
            Cpus = machine.Mms[mm].CpuMask,
            DevicePages = read ? all : 0,
        };
        foreach (var range in notified)
        {
            if (range.Mm == mm)
            {
                entry.DevicePages &= ~Covered(entry.Vpn, range.Start, range.Pages);
            }
        }

        return entry;
    }

    private void Drop(int mm, uint vpn, uint pages, bool device)
    {
        var all = vpn <= lowest && (ulong)vpn + pages > highest;
        if (all && !device && devicePages == 0 && onlyMm == mm)
        {
            Forget();
            return;
        }

        var kept = FirstIn(vpn, pages);
        for (var i = kept; i < Count; i++)
        {
            ref var entry = ref entries[i];
            if (entry.Mm == mm)
            {
                var left = ~Covered(entry.Vpn, vpn, pages);
                entry.CpuPages &= device ? uint.MaxValue : left;
                entry.DevicePages &= device ? left : uint.MaxValue;
            }

            if ((entry.CpuPages | entry.DevicePages) != 0)
            {
                entries[kept++] = entry;
            }
            else
            {
                entriesOfBlock[BlockOf(entry.Vpn)]--;
            }
        }

        Count = kept;
        if (kept == 0)
        {
            lowest = uint.MaxValue;
            highest = 0;
            devicePages = 0;
        }
    }

    /// <summary>
    /// Index before which no entry lies in the range. Blocks are flushed soon after they are changed,
    /// so the search from the end is short; a range beyond one block is not searched.
    /// </summary>
    private int FirstIn(uint vpn, uint pages)
    {
        var block = BlockOf(vpn);
        if ((vpn & ((1u << BlockShift) - 1)) + (ulong)pages > 1u << BlockShift)
        {
            return 0;
        }

        var first = Count;
        for (var left = entriesOfBlock[block]; left > 0; )
        {
            first--;
            left -= BlockOf(entries[first].Vpn) == block ? 1 : 0;
        }

        return first;
    }

    /// <summary>Which of the 32 pages from <paramref name="first"/> on lie in the range.</summary>
    private static uint Covered(uint first, uint start, uint pages)
    {
        var from = start > first ? (ulong)start - first : 0;
        var end = (ulong)start + pages;
        var to = end > first ? Math.Min(end - first, 32) : 0;
        return from >= to ? 0 : (uint)(((1UL << (int)to) - 1) & ~((1UL << (int)from) - 1));
    }

    private void Expand(in StaleEntry entry, List<Translation> into)
    {
        var pte = new Pte(entry.Word);
        var rights = RightsOf(entry);
        var block = TArch.PteCont(pte);
        var holders = machine.Cpus + 1;
        for (var page = 0; page < 32; page++)
        {
            for (var holder = 0; holder < holders; holder++)
            {
                var held =
                    holder == machine.Cpus
                        ? (entry.DevicePages & (1u << page)) != 0
                        : (entry.CpuPages & (1u << page)) != 0
                            && (entry.Cpus & (1u << holder)) != 0;
                if (held)
                {
                    var pfn = TArch.PtePfn(pte) + (ulong)page;
                    into.Add(
                        new((byte)holder, entry.Mm, entry.Vpn + (uint)page, pfn, rights, block)
                    );
                }
            }
        }
    }
}
