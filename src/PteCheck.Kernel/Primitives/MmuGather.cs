using PteCheck.Model.Machines;

namespace PteCheck.Kernel.Primitives;

/// <summary>Consecutive pages of one folio whose mappings are gone and whose references are still held (an encoded page of the gather).</summary>
/// <param name="Folio">Index of the folio.</param>
/// <param name="Frame">First frame.</param>
/// <param name="Nr">Number of pages, 1 or more.</param>
/// <param name="DelayRmap">ENCODED_PAGE_BIT_DELAY_RMAP: the rmap is removed after the flush.</param>
public readonly record struct GatheredPages(int Folio, int Frame, int Nr, bool DelayRmap);

/// <summary>
/// What a gather collects between tlb_gather_mmu and tlb_finish_mmu (<c>struct mmu_gather</c>): a range to
/// flush, and pages to free after the flush. Self-contained and reusable: whoever gathers has one of
/// its own, and nothing is allocated after it is made.
/// </summary>
public sealed class MmuGather
{
    /// <summary>MMU_GATHER_BUNDLE: words for pages that are part of the gather itself.</summary>
    public const int Bundle = 8;

    /// <summary>MAX_GATHER_BATCH: words of the page that is allocated when the bundle is full.</summary>
    public const int NextBatch = 510;

    private readonly GatheredPages[] pages = new GatheredPages[Bundle + NextBatch];

    /// <summary>Index of the mm.</summary>
    public int Mm { get; internal set; }

    /// <summary>First page to flush.</summary>
    public uint Start { get; internal set; }

    /// <summary>Page after the last; not above <see cref="Start"/> while nothing is to be flushed.</summary>
    public uint End { get; internal set; }

    /// <summary>Whether the flush covers the whole mm, whatever was gathered (fullmm).</summary>
    public bool FullMm { get; internal set; }

    /// <summary>Whether the rmap of some pages is to be removed after the flush (delayed_rmap).</summary>
    public bool DelayedRmap { get; internal set; }

    /// <summary>Whether the section that ended last had to flush before its unlock (force_flush), so that its pages are to be freed now.</summary>
    public bool FlushForced { get; internal set; }

    /// <summary>Words for pages, at most 518.</summary>
    public int Limit { get; private set; }

    /// <summary>Words in use: one for a page, two for a run of pages.</summary>
    public int Words { get; private set; }

    /// <summary>How many runs of pages are gathered.</summary>
    public int Count { get; private set; }

    /// <summary>The runs of pages in the order in which they came.</summary>
    public ReadOnlySpan<GatheredPages> Pages => pages.AsSpan(0, Count);

    /// <summary>Adds what was gathered to a hash.</summary>
    internal void AddTo(ref StateHash hash)
    {
        hash.Add(((ulong)Start << 32) | End);
        hash.Add(((ulong)(uint)Mm << 32) | (uint)Count);
        hash.Add(FullMm);
        hash.Add(FlushForced);
        foreach (ref readonly var run in Pages)
        {
            hash.Add(((ulong)(uint)run.Frame << 32) | (uint)run.Nr);
            hash.Add(run.DelayRmap);
        }
    }

    /// <summary>Begins anew for an mm.</summary>
    /// <param name="mm">Index of the mm.</param>
    /// <param name="limit">Words for pages.</param>
    internal void Begin(int mm, int limit)
    {
        Mm = mm;
        Limit = limit;
        FlushForced = false;
        ResetRange();
        ForgetPages();
    }

    /// <summary>__tlb_reset_range: nothing is to be flushed any more.</summary>
    internal void ResetRange()
    {
        Start = uint.MaxValue;
        End = 0;
        FullMm = false;
    }

    /// <summary>Adds a run of pages.</summary>
    /// <returns>True when there may be no room for another run.</returns>
    internal bool Add(in GatheredPages run)
    {
        pages[Count++] = run;
        Words += run.Nr > 1 ? 2 : 1;
        return Words >= Limit - 1;
    }

    /// <summary>The gathered pages are freed.</summary>
    internal void ForgetPages()
    {
        Count = 0;
        Words = 0;
        DelayedRmap = false;
    }
}
