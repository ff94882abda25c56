using System.Runtime.InteropServices;

namespace PteCheck.Model.Machines;

/// <summary>What stands behind a folio.</summary>
public enum FolioKind : byte
{
    /// <summary>Anonymous and swap-backed.</summary>
    Anon,

    /// <summary>Anonymous after MADV_FREE: not swap-backed, may be dropped while clean.</summary>
    Lazyfree,

    /// <summary>Page cache of a regular file.</summary>
    File,

    /// <summary>Page cache of shmem.</summary>
    Shmem,
}

/// <summary>Folio flags that an operation may read or change.</summary>
[Flags]
public enum FolioFlags : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>PG_dirty.</summary>
    Dirty = 1,

    /// <summary>PG_swapbacked.</summary>
    Swapbacked = 2,

    /// <summary>PG_locked.</summary>
    Locked = 4,

    /// <summary>PG_swapcache.</summary>
    SwapCache = 8,

    /// <summary>On an LRU list.</summary>
    Lru = 16,

    /// <summary>PG_partially_mapped, and with it on the queue of deferred splits (not compared, relaxation R5).</summary>
    DeferredSplit = 32,

    /// <summary>Given back to the page allocator: nobody may reach it any more.</summary>
    Freed = 64,

    /// <summary>Truncated: no longer in the page cache.</summary>
    Truncated = 128,
}

/// <summary>A folio: 2^order physically contiguous pages with one reference count.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Folio
{
    /// <summary>Index of its first frame, counted from <see cref="Machine.PfnBase"/>.</summary>
    public int FirstFrame;

    /// <summary>_refcount.</summary>
    public int RefCount;

    /// <summary>folio_mapcount: mappings of all pages together, a PMD mapping as one.</summary>
    public int Mapcount;

    /// <summary>_entire_mapcount: PMD mappings.</summary>
    public int EntireMapcount;

    /// <summary>References that neither mappings nor caches hold: isolator, GUP, migration.</summary>
    public int ExtraRefs;

    /// <summary>How many of <see cref="ExtraRefs"/> are FOLL_PIN pins.</summary>
    public int Pins;

    /// <summary>log2 of the number of pages, 0 to 9.</summary>
    public byte Order;

    /// <summary>What stands behind it.</summary>
    public FolioKind Kind;

    /// <summary>Flags.</summary>
    public FolioFlags Flags;

    /// <summary>folio_nr_pages.</summary>
    public readonly int Pages => 1 << Order;

    /// <summary>folio_test_large.</summary>
    public readonly bool IsLarge => Order > 0;

    /// <summary>folio_test_anon.</summary>
    public readonly bool IsAnon => Kind is FolioKind.Anon or FolioKind.Lazyfree;
}
