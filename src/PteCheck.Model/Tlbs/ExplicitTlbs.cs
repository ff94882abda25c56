using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Model.Tlbs;

/// <summary>
/// The TLBs of every CPU and of one secondary MMU as sets of entries, filled by simulated walks of
/// the live page tables and emptied by the invalidations of the trace. As the maximal adversary
/// (<see cref="Reset"/> without a seed) they hold at every moment all that they may.
/// </summary>
/// <remarks>
/// A walk reads the descriptor of its own page alone. An entry with the accessed bit clear may be
/// cached as well: the walker sets the bit first, and on x86-64 ageing clears it again without a
/// flush (ptep_clear_flush_young in arch/x86/mm/pgtable.c). A descriptor with CONT may be cached as
/// its whole block or as any pages of it (arch/arm64/mm/contpte.c). Evictions are left out: what an
/// eviction leaves is a subset.
/// </remarks>
/// <typeparam name="TArch">The architecture of the machine.</typeparam>
/// <param name="machine">The machine whose tables are walked; it stays the caller's.</param>
public sealed partial class ExplicitTlbs<TArch>(Machine machine) : ITraceListener
    where TArch : struct, IArch
{
    private readonly HashSet<ExplicitEntry> entries = [];
    private readonly HashSet<CachedTable> tables = [];
    private readonly List<BlockedRange> blockedRanges = [];
    private readonly HashSet<Translation> translations = [];
    private bool maximal = true;
    private ulong random;

    /// <summary>
    /// Walks every table at every event instead of those slots alone for which the event may have
    /// made a fill possible. The result is the same for the maximal adversary; with a seed every
    /// event walks everything in any case, or a fill once passed over would never come back.
    /// </summary>
    public bool FullRewalk { get; init; }

    /// <summary>What is cached, in no particular order.</summary>
    public IReadOnlyCollection<ExplicitEntry> Entries => entries;

    private byte SecondaryMmu => (byte)machine.Cpus;

    /// <summary>
    /// Empties everything, notifier ranges too, and fills from the machine as it stands.
    /// </summary>
    /// <param name="fillSeed">Null: every possible fill happens. Otherwise each happens with
    /// probability 1/2, at this step and at each event; equal seeds, equal choices.</param>
    public void Reset(ulong? fillSeed = null)
    {
        entries.Clear();
        tables.Clear();
        blockedRanges.Clear();
        maximal = fillSeed is null;
        random = fillSeed ?? 0;
        WalkAll();
    }

    /// <summary>Puts in a stale translation of the initial state, as a single page.</summary>
    public void Add(Translation translation) =>
        entries.Add(
            new(
                translation.Cpu,
                translation.Mm,
                translation.Vpn,
                Pages: 1,
                translation.Pfn,
                translation.Rights,
                translation.Block
            )
        );

    /// <inheritdoc/>
    public void OnEvent(in TraceEvent traceEvent)
    {
        Invalidate(traceEvent);
        if (maximal && !FullRewalk)
        {
            WalkAffected(traceEvent);
        }
        else
        {
            WalkAll();
        }
    }

    /// <summary>
    /// Replaces the contents of <paramref name="into"/> by all translations page by page, each once,
    /// in the order of <see cref="Translation.Compare"/>.
    /// </summary>
    public void Collect(List<Translation> into)
    {
        translations.Clear();
        foreach (var entry in entries)
        {
            for (var page = 0; page < entry.Pages; page++)
            {
                translations.Add(entry.Page(page));
            }
        }

        into.Clear();
        into.AddRange(translations);
        into.Sort(Translation.Compare);
    }

    private void Invalidate(in TraceEvent traceEvent)
    {
        var mm = (byte)traceEvent.Table;
        var first = (uint)traceEvent.A;
        var end = first + (uint)traceEvent.Nr;
        switch (traceEvent.Op)
        {
            case Primitive.TlbFlushRange:
                DropFromCpus(mm, first, end);
                DropTables(mm, first, end, leafOnly: traceEvent.ByArch);
                break;
            case Primitive.TlbFlushMm:
                DropFromCpus(mm, 0, uint.MaxValue);
                DropTables(mm, 0, uint.MaxValue, leafOnly: false);
                break;
            case Primitive.NotifierStart:
                Block(mm, first, end);
                break;
            case Primitive.NotifierEnd:
                Unblock(mm, first, end);
                break;
            default:
                break;
        }
    }

    /// <summary>Walks what a walk may bring in now and could not, or need not, before the event.</summary>
    private void WalkAffected(in TraceEvent traceEvent)
    {
        switch (traceEvent.Op)
        {
            case Primitive.PteStore:
                WalkTableSlot(traceEvent.Table, traceEvent.Slot);
                break;
            case Primitive.PmdStore:
                WalkPmd(machine.Pmds[traceEvent.Table], 0, uint.MaxValue);
                break;
            case Primitive.TlbFlushRange:
                var first = (uint)traceEvent.A;
                WalkRange(traceEvent.Table, first, first + (uint)traceEvent.Nr);
                break;
            case Primitive.TlbFlushMm:
            case Primitive.NotifierEnd:
                WalkRange(traceEvent.Table, 0, uint.MaxValue);
                break;
            default:
                break;
        }
    }

    private void DropFromCpus(byte mm, uint first, uint end) =>
        entries.RemoveWhere(entry =>
            entry.Cpu != SecondaryMmu && entry.Mm == mm && entry.Overlaps(first, end)
        );

    /// <summary>A TLBI for leaves alone, as contpte_convert's, leaves cached pointers to tables where they are.</summary>
    private void DropTables(byte mm, uint first, uint end, bool leafOnly)
    {
        if (!leafOnly)
        {
            tables.RemoveWhere(cached =>
                cached.Mm == mm
                && cached.BaseVpn < end
                && first < cached.BaseVpn + (uint)machine.Slots
            );
        }
    }

    /// <summary>From invalidate_range_start on the secondary MMU neither holds nor gets pages of the range.</summary>
    private void Block(byte mm, uint first, uint end)
    {
        entries.RemoveWhere(entry =>
            entry.Cpu == SecondaryMmu && entry.Mm == mm && entry.Overlaps(first, end)
        );
        blockedRanges.Add(new(mm, first, end));
    }

    /// <summary>Ends the range of the start with the same pages, or else the latest of the mm.</summary>
    private void Unblock(byte mm, uint first, uint end)
    {
        var index = blockedRanges.LastIndexOf(new(mm, first, end));
        index = index >= 0 ? index : blockedRanges.FindLastIndex(range => range.Mm == mm);
        if (index >= 0)
        {
            blockedRanges.RemoveAt(index);
        }
    }

    /// <summary>Caches what a walk found: the page, or the block that it belongs to and each page of it.</summary>
    private void Cache(in ExplicitEntry walked)
    {
        if (!walked.Block)
        {
            Fill(walked);
            return;
        }

        var index = walked.Vpn & (uint)(machine.ContPtes - 1);
        var block = walked with
        {
            Vpn = walked.Vpn - index,
            Pages = machine.ContPtes,
            Pfn = walked.Pfn - index,
        };
        Fill(block);
        for (var page = 0; page < block.Pages; page++)
        {
            Fill(
                block with
                {
                    Vpn = block.Vpn + (uint)page,
                    Pages = 1,
                    Pfn = block.Pfn + (ulong)page,
                }
            );
        }
    }

    private void Fill(in ExplicitEntry entry)
    {
        if (entry.Cpu == SecondaryMmu && IsBlocked(entry))
        {
            return;
        }

        if (maximal || (NextRandom() & 1) == 0)
        {
            entries.Add(entry);
        }
    }

    private bool IsBlocked(in ExplicitEntry entry)
    {
        foreach (var range in blockedRanges)
        {
            if (range.Mm == entry.Mm && entry.Overlaps(range.First, range.End))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>SplitMix64.</summary>
    private ulong NextRandom()
    {
        random += 0x9E3779B97F4A7C15;
        var mixed = (random ^ (random >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>A PMD entry in the walk cache of a CPU.</summary>
    private readonly record struct CachedTable(byte Cpu, byte Mm, uint BaseVpn, int Table);

    /// <summary>Pages between a notifier's start and its end.</summary>
    private readonly record struct BlockedRange(byte Mm, uint First, uint End);
}
