using System.Numerics;
using System.Runtime.CompilerServices;
using PteCheck.Kernel.Mprotect;
using PteCheck.Kernel.MthpSelect;
using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Scenarios;

/// <summary>What an initial entry is.</summary>
public enum EntryKind : byte
{
    /// <summary>Empty.</summary>
    None,

    /// <summary>A page of a folio; protnone with <see cref="PteBits.Protnone"/>.</summary>
    Present,

    /// <summary>The shared zero page.</summary>
    Zero,

    /// <summary>Swapped out.</summary>
    Swap,

    /// <summary>Readable migration entry.</summary>
    MigrationRead,

    /// <summary>Readable migration entry of an exclusive page.</summary>
    MigrationReadExclusive,

    /// <summary>Writable migration entry.</summary>
    MigrationWrite,

    /// <summary>Device-exclusive entry.</summary>
    DeviceExclusive,

    /// <summary>Hardware-poisoned page.</summary>
    HwPoison,

    /// <summary>PTE marker.</summary>
    Marker,
}

/// <summary>The letters of an entry in a scenario file.</summary>
[Flags]
public enum PteBits : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>W: writable.</summary>
    Write = 1,

    /// <summary>D: dirty.</summary>
    Dirty = 2,

    /// <summary>Y: young.</summary>
    Young = 4,

    /// <summary>S: soft-dirty.</summary>
    SoftDirty = 8,

    /// <summary>U: uffd-wp.</summary>
    UffdWp = 16,

    /// <summary>N: protnone.</summary>
    Protnone = 32,

    /// <summary>X: exclusive swap entry.</summary>
    Exclusive = 64,
}

/// <summary>One bit for each page of the largest folio.</summary>
[InlineArray(8)]
public struct PageSet : IEquatable<PageSet>
{
    private ulong word;

    /// <summary>Whether page <paramref name="page"/> (0 to 511) is in the set.</summary>
    public readonly bool Has(int page) => (this[page >> 6] & (1UL << (page & 63))) != 0;

    /// <summary>Puts a page in or takes it out.</summary>
    public void Set(int page, bool value)
    {
        var bit = 1UL << (page & 63);
        this[page >> 6] = value ? this[page >> 6] | bit : this[page >> 6] & ~bit;
    }

    /// <summary>How many pages are in the set.</summary>
    public readonly int Count
    {
        get
        {
            var count = 0;
            foreach (var bits in this)
            {
                count += BitOperations.PopCount(bits);
            }

            return count;
        }
    }

    /// <inheritdoc/>
    public readonly bool Equals(PageSet other) => ((ReadOnlySpan<ulong>)this).SequenceEqual(other);

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is PageSet other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => HashCode.Combine(this[0], this[1], this[7]);
}

/// <summary>A folio of a scenario.</summary>
public record struct FolioSpec
{
    /// <summary>log2 of its pages, 0 to 9; anonymous folios have no order 1.</summary>
    public byte Order;

    /// <summary>What stands behind it.</summary>
    public FolioKind Kind;

    /// <summary>First PFN; 0 where the layout chooses.</summary>
    public ulong Pfn;

    /// <summary>For file and shmem folios, the page of the file at which it begins (<c>first-page-of</c>); -1 where mapping decides.</summary>
    public int FilePage;

    /// <summary>PG_dirty.</summary>
    public bool Dirty;

    /// <summary>PG_locked.</summary>
    public bool Locked;

    /// <summary>In the swap cache.</summary>
    public bool SwapCache;

    /// <summary>References beyond mappings and caches.</summary>
    public int ExtraRefs;

    /// <summary>How many of the extra references are pins; they come on top of <see cref="ExtraRefs"/>.</summary>
    public int Pins;

    /// <summary>Pages with PG_anon_exclusive.</summary>
    public PageSet Exclusive;

    /// <summary>Number of pages.</summary>
    public readonly int Pages => 1 << Order;

    /// <summary>Anonymous or lazyfree.</summary>
    public readonly bool IsAnon => Kind is FolioKind.Anon or FolioKind.Lazyfree;
}

/// <summary>A VMA of a scenario.</summary>
public record struct VmaSpec
{
    /// <summary>Its mm.</summary>
    public byte Mm;

    /// <summary>First page number; -1 where the layout chooses.</summary>
    public int At;

    /// <summary>Length in pages.</summary>
    public int Pages;

    /// <summary>Rights and kinds; a destination takes those of its source.</summary>
    public VmaFlags Flags;

    /// <summary>Size of the file in pages from the VMA's start; 0 means as long as the VMA.</summary>
    public int FilePages;

    /// <summary>The place that mremap moves to, created by the operation itself.</summary>
    public bool Destination;

    /// <summary>arm64: leave the CONT bit clear where the kernel could have folded.</summary>
    public bool NeverFolded;

    /// <summary>Its PMD entries are empty: there is no table yet, or none any more.</summary>
    public bool NoTables;

    /// <summary>Its PMD entries are leaves: the entries of a table together are one, and where there are none it is empty.</summary>
    public bool Leaves;
}

/// <summary>An initial entry that is not none.</summary>
public record struct PteSpec
{
    /// <summary>Index of its VMA.</summary>
    public byte Vma;

    /// <summary>What it is.</summary>
    public EntryKind Kind;

    /// <summary>Its letters.</summary>
    public PteBits Bits;

    /// <summary>Bits of a marker.</summary>
    public PteMarkers Markers;

    /// <summary>Page within the VMA.</summary>
    public short Page;

    /// <summary>Index of the folio of a present, migration, device-exclusive or poisoned entry.</summary>
    public short Folio;

    /// <summary>Page of the folio.</summary>
    public short FolioPage;

    /// <summary>Offset in the swap device, 1 to 1023.</summary>
    public short SwapOffset;

    /// <summary>Swap device, 0 to 3.</summary>
    public byte SwapDevice;

    /// <summary>Whether it refers to a page of a folio.</summary>
    public readonly bool HasFolio =>
        Kind
            is EntryKind.Present
                or EntryKind.MigrationRead
                or EntryKind.MigrationReadExclusive
                or EntryKind.MigrationWrite
                or EntryKind.DeviceExclusive
                or EntryKind.HwPoison;

    /// <summary>Whether it counts as a mapping of its page.</summary>
    public readonly bool IsMapping => Kind is EntryKind.Present or EntryKind.DeviceExclusive;

    /// <summary>Whether all of <paramref name="bits"/> are set.</summary>
    public readonly bool Has(PteBits bits) => (Bits & bits) == bits;
}

/// <summary>A translation that a CPU still holds though no entry gives it any more, or not as it is now.</summary>
public record struct TlbSpec
{
    /// <summary>The CPU.</summary>
    public byte Cpu;

    /// <summary>Index of the VMA.</summary>
    public byte Vma;

    /// <summary>Page within the VMA.</summary>
    public short Page;

    /// <summary>Index of the folio translated to.</summary>
    public short Folio;

    /// <summary>Page of the folio.</summary>
    public short FolioPage;

    /// <summary><see cref="PteBits.Write"/> and <see cref="PteBits.Dirty"/> as cached.</summary>
    public PteBits Bits;
}

/// <summary>What <c>run:</c> says.</summary>
public record struct RunSpec
{
    /// <summary>Index of the operation in the catalog.</summary>
    public byte Operation;

    /// <summary>Index of the VMA worked on.</summary>
    public byte Vma;

    /// <summary>mremap: index of the destination VMA.</summary>
    public byte NewVma;

    /// <summary>First page within the VMA.</summary>
    public short First;

    /// <summary>Length in pages.</summary>
    public short Pages;

    /// <summary>
    /// lazyfree-unmap: index of the folio. VMA and range follow from it, see <see cref="RunTarget"/>. collapse-file: what
    /// the page cache has, see <see cref="CollapseTarget"/>.
    /// </summary>
    public short Folio;

    /// <summary>collapse-file: install a huge PMD entry in the end.</summary>
    public bool Install;

    /// <summary>collapse-anon: order of the window; 0 for a whole table.</summary>
    public byte Order;

    /// <summary>collapse-anon: khugepaged's limits and tests; else those of MADV_COLLAPSE. Always below PMD order.</summary>
    public bool Khugepaged;

    /// <summary>collapse-anon: max_ptes_none; null for the default.</summary>
    public short? MaxNone;

    /// <summary>collapse-anon: max_ptes_swap; null for the default.</summary>
    public short? MaxSwap;

    /// <summary>collapse-anon: max_ptes_shared; null for the default.</summary>
    public short? MaxShared;

    /// <summary>collapse-anon: what goes wrong.</summary>
    public CollapseMishap Mishap;

    /// <summary>collapse-anon: at which page of the window, where it is one of a page.</summary>
    public short MishapPage;

    /// <summary>lazyfree-unmap: the flush may be deferred.</summary>
    public bool Deferred;

    /// <summary>numa-fault: the folio should be on another node, and is migrated.</summary>
    public bool Migrates;

    /// <summary>mprotect: who asks for what.</summary>
    public ProtectMode Mode;

    /// <summary>mprotect: the new rights, of read, write and execute; none in other modes.</summary>
    public VmaFlags Rights;

    /// <summary>folio-pte-batch: what the helper compares and merges.</summary>
    public FpbFlags Batch;

    /// <summary>mthp-select: MADV_COLLAPSE instead of khugepaged; only the order of the whole table is then enabled.</summary>
    public bool Forced;

    /// <summary>mthp-select: how often the table is scanned, 1 to 8.</summary>
    public byte Scans;

    /// <summary>mthp-select: the enabled orders, one bit each.</summary>
    public ushort Orders;

    /// <summary>mthp-select: max_ptes_none, less than the table has slots.</summary>
    public short MaxPtesNone;

    /// <summary>mthp-select: max_ptes_swap, at most as many as the table has slots.</summary>
    public short MaxPtesSwap;

    /// <summary>mthp-select: max_ptes_shared, at most as many as the table has slots.</summary>
    public short MaxPtesShared;

    /// <summary>mthp-select: what an attempt comes to where <see cref="Scenario.Windows"/> does not say.</summary>
    public WindowResult Result;
}

/// <summary>What an attempt to collapse one window of the run's range comes to.</summary>
public record struct WindowSpec
{
    /// <summary>First page of the window, within the VMA.</summary>
    public short Page;

    /// <summary>log2 of its pages, 2 up to that of the range.</summary>
    public byte Order;

    /// <summary>The result, another than that of the run.</summary>
    public WindowResult Result;
}
