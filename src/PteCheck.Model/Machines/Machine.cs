using PteCheck.Model.Architectures;
using MemoryMarshal = System.Runtime.InteropServices.MemoryMarshal;

namespace PteCheck.Model.Machines;

/// <summary>
/// The whole modelled state. Everything is in flat, pinned arrays of blittable values, so that a
/// state is copied, compared and handed to C without translation. Sizes are fixed; the counts say
/// how much of each array is in use, and copying and comparing touch that much alone.
/// </summary>
public sealed class Machine
{
    /// <summary>Most address spaces.</summary>
    public const int MaxMms = 4;

    /// <summary>Most VMAs of an initial state.</summary>
    public const int MaxVmas = 12;

    /// <summary>Room for VMAs, with those into which operations split one.</summary>
    public const int VmaRoom = 32;

    /// <summary>Most page tables.</summary>
    public const int MaxTables = 16;

    /// <summary>Most PMD slots: one for each table of an initial state.</summary>
    public const int MaxPmds = 16;

    /// <summary>Slots that each table has room for.</summary>
    public const int TableStride = 512;

    /// <summary>Most folios.</summary>
    public const int MaxFolios = 1024;

    /// <summary>Frames from <see cref="PfnBase"/> on that folios may occupy.</summary>
    public const int MaxFrames = 8192;

    /// <summary>Swap devices.</summary>
    public const int SwapDevices = 4;

    /// <summary>Slots of each swap device.</summary>
    public const int SwapSlotsPerDevice = 1024;

    /// <summary>Windows of a table that an attempt to collapse may name, see <see cref="WindowResults"/>.</summary>
    public const int MaxWindows = 256;

    /// <summary>Page flag PG_anon_exclusive.</summary>
    public const byte AnonExclusive = 1;

    /// <summary>PFN of the shared zero page. Folios lie above it.</summary>
    public const ulong ZeroPfn = 2;

    /// <summary>Content token of a page full of zeroes.</summary>
    public const ulong ZeroContent = 0;

    /// <summary>Content token of what swap slot 0 holds; those of the others follow.</summary>
    public const ulong FirstSwapContent = 1UL << 48;

    /// <summary>Content token of a page that comes from the allocator as it was left.</summary>
    public const ulong LeftoverContent = ulong.MaxValue;

    /// <summary>Most CPUs; the secondary MMU comes on top.</summary>
    public const int MaxCpus = 4;

    /// <summary>Which architecture's entries <see cref="Ptes"/> holds.</summary>
    public Architecture Architecture;

    /// <summary>Kernel generation and processor features.</summary>
    public PteContext Context;

    /// <summary>Slots of every table: 8, 16, 32 or 512.</summary>
    public int Slots;

    /// <summary>CONT_PTES: entries of a contiguous block, 16 or 4.</summary>
    public int ContPtes;

    /// <summary>CPUs in use.</summary>
    public int Cpus;

    /// <summary>PFN of frame 0.</summary>
    public ulong PfnBase;

    /// <summary>Address spaces in use.</summary>
    public int MmCount;

    /// <summary>VMAs in use.</summary>
    public int VmaCount;

    /// <summary>Tables in use; unlinked and freed ones stay among them.</summary>
    public int TableCount;

    /// <summary>PMD slots in use: every stretch of address space in which a VMA lies has one.</summary>
    public int PmdCount;

    /// <summary>Folios in use.</summary>
    public int FolioCount;

    /// <summary>Frames in use.</summary>
    public int FrameCount;

    /// <summary>Entries of <see cref="SwapCounts"/> in use.</summary>
    public int SwapLimit;

    /// <summary>Entries of <see cref="WindowResults"/> in use.</summary>
    public int WindowLimit;

    /// <summary>The deferred flushes of the task that reclaims (task->tlb_ubc).</summary>
    public TlbUbc TlbUbc;

    /// <summary>Address spaces.</summary>
    public readonly Mm[] Mms = Pinned<Mm>(MaxMms);

    /// <summary>VMAs.</summary>
    public readonly Vma[] Vmas = Pinned<Vma>(VmaRoom);

    /// <summary>Page tables.</summary>
    public readonly PageTable[] Tables = Pinned<PageTable>(MaxTables);

    /// <summary>PMD slots.</summary>
    public readonly Pmd[] Pmds = Pinned<Pmd>(MaxPmds);

    /// <summary>Words of all tables, <see cref="TableStride"/> apart.</summary>
    public readonly ulong[] Ptes = Pinned<ulong>(MaxTables * TableStride);

    /// <summary>Folios.</summary>
    public readonly Folio[] Folios = Pinned<Folio>(MaxFolios);

    /// <summary>The folio of each frame, -1 where there is none.</summary>
    public readonly short[] FrameFolios = Pinned<short>(MaxFrames);

    /// <summary>Mappings of each page.</summary>
    public readonly int[] PageMapcounts = Pinned<int>(MaxFrames);

    /// <summary>Flags of each page (<see cref="AnonExclusive"/>).</summary>
    public readonly byte[] PageFlags = Pinned<byte>(MaxFrames);

    /// <summary>What each page holds, as a token: equal tokens, equal contents.</summary>
    public readonly ulong[] PageContents = Pinned<ulong>(MaxFrames);

    /// <summary>References to each swap slot by page-table entries.</summary>
    public readonly short[] SwapCounts = Pinned<short>(SwapDevices * SwapSlotsPerDevice);

    /// <summary>arm64: the ranges whose invalidation reclaim has issued and not waited for; <see cref="TlbUbc.RangeCount"/> are in use.</summary>
    public readonly TlbUbcRange[] TlbUbcRanges = Pinned<TlbUbcRange>(TlbUbc.MaxRanges);

    /// <summary>
    /// What an attempt to collapse a window will come to, as far as nothing else in the machine says: locks, pins and
    /// memory at that later time. By number of the window; a run reads it and changes nothing.
    /// </summary>
    public readonly byte[] WindowResults = Pinned<byte>(MaxWindows);

    /// <summary>The words of one table.</summary>
    public Span<ulong> TableWords(int table) => Ptes.AsSpan(table * TableStride, Slots);

    /// <summary>Index into <see cref="Ptes"/> of a slot.</summary>
    public static int PteIndex(int table, int slot) => (table * TableStride) + slot;

    /// <summary>The PMD slot of a page of an mm, or -1.</summary>
    public int FindPmd(int mm, uint vpn)
    {
        var baseVpn = vpn & ~(uint)(Slots - 1);
        for (var pmd = 0; pmd < PmdCount; pmd++)
        {
            if (Pmds[pmd].BaseVpn == baseVpn && Pmds[pmd].Mm == mm)
            {
                return pmd;
            }
        }

        return -1;
    }

    /// <summary>The table that translates a page of an mm, or -1 where the PMD entry is no table.</summary>
    public int FindTable(int mm, uint vpn)
    {
        var pmd = FindPmd(mm, vpn);
        return pmd >= 0 && Pmds[pmd].Kind == PmdKind.Table ? (int)Pmds[pmd].Value : -1;
    }

    /// <summary>Whether a PMD entry points to a table, which a walk therefore reaches.</summary>
    public bool IsLinked(int table)
    {
        for (var pmd = 0; pmd < PmdCount; pmd++)
        {
            if (Pmds[pmd].Entry.Table == table)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Adds an empty table with its PMD slot, as the beginning of an initial state.</summary>
    /// <returns>The index of the table.</returns>
    public int AddTable(byte mm, uint baseVpn)
    {
        var table = TableCount++;
        Tables[table] = new() { Mm = mm, BaseVpn = baseVpn };
        TableWords(table).Clear();
        AddPmd(mm, baseVpn, PmdEntry.OfTable(table));
        return table;
    }

    /// <summary>Adds a PMD slot to an initial state.</summary>
    public void AddPmd(byte mm, uint baseVpn, PmdEntry entry) =>
        Pmds[PmdCount++] = new()
        {
            Mm = mm,
            BaseVpn = baseVpn,
            Entry = entry,
        };

    /// <summary>The VMA that holds a page of an mm, or -1.</summary>
    public int FindVma(int mm, uint vpn)
    {
        for (var vma = 0; vma < VmaCount; vma++)
        {
            if (Vmas[vma].Mm == mm && vpn - Vmas[vma].Start < Vmas[vma].Pages)
            {
                return vma;
            }
        }

        return -1;
    }

    /// <summary>The page-table entry at a page of an mm; none where no table is, under a leaf too.</summary>
    public Pte PteAt(int mm, uint vpn)
    {
        var table = FindTable(mm, vpn);
        return table < 0 ? Pte.None : new(Ptes[PteIndex(table, (int)vpn & (Slots - 1))]);
    }

    /// <summary>What a walk finds at a page of an mm: the entry of the table, or the page of a leaf.</summary>
    public Pte Walk<TArch>(int mm, uint vpn)
        where TArch : struct, IArch
    {
        var pmd = FindPmd(mm, vpn);
        if (pmd < 0)
        {
            return Pte.None;
        }

        var index = (int)vpn & (Slots - 1);
        return Pmds[pmd].Kind == PmdKind.Table
            ? new(Ptes[PteIndex((int)Pmds[pmd].Value, index)])
            : Pmds[pmd].Entry.Page<TArch>(index);
    }

    /// <summary>The frame of a PFN, or -1 when no folio owns it.</summary>
    public int FrameOf(ulong pfn)
    {
        var frame = pfn - PfnBase;
        return frame < (ulong)FrameCount && FrameFolios[frame] >= 0 ? (int)frame : -1;
    }

    /// <summary>The folio of a PFN, or -1.</summary>
    public int FolioOf(ulong pfn)
    {
        var frame = pfn - PfnBase;
        return frame < (ulong)FrameCount ? FrameFolios[frame] : -1;
    }

    /// <summary>Makes this machine an exact copy of <paramref name="other"/>.</summary>
    public void CopyFrom(Machine other)
    {
        CopyScalars(other);
        other.Mms.AsSpan(0, MmCount).CopyTo(Mms);
        other.Vmas.AsSpan(0, VmaCount).CopyTo(Vmas);
        other.Tables.AsSpan(0, TableCount).CopyTo(Tables);
        other.Pmds.AsSpan(0, PmdCount).CopyTo(Pmds);
        for (var table = 0; table < TableCount; table++)
        {
            other.TableWords(table).CopyTo(TableWords(table));
        }

        other.Folios.AsSpan(0, FolioCount).CopyTo(Folios);
        other.FrameFolios.AsSpan(0, FrameCount).CopyTo(FrameFolios);
        other.PageMapcounts.AsSpan(0, FrameCount).CopyTo(PageMapcounts);
        other.PageFlags.AsSpan(0, FrameCount).CopyTo(PageFlags);
        other.PageContents.AsSpan(0, FrameCount).CopyTo(PageContents);
        other.SwapCounts.AsSpan(0, SwapLimit).CopyTo(SwapCounts);
        other.WindowResults.AsSpan(0, WindowLimit).CopyTo(WindowResults);
        other.TlbUbcRanges.AsSpan(0, TlbUbc.RangeCount).CopyTo(TlbUbcRanges);
    }

    /// <summary>Whether every PMD entry and every page-table word equals that of <paramref name="other"/>.</summary>
    public bool SamePtes(Machine other)
    {
        var samePmds =
            TableCount == other.TableCount
            && MemoryMarshal
                .AsBytes(Pmds.AsSpan(0, PmdCount))
                .SequenceEqual(MemoryMarshal.AsBytes(other.Pmds.AsSpan(0, other.PmdCount)));
        if (!samePmds)
        {
            return false;
        }

        for (var table = 0; table < TableCount; table++)
        {
            if (!TableWords(table).SequenceEqual(other.TableWords(table)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether page flags, counts and contents equal those of <paramref name="other"/>.</summary>
    public bool SamePages(Machine other) =>
        PageMapcounts.AsSpan(0, FrameCount).SequenceEqual(other.PageMapcounts.AsSpan(0, FrameCount))
        && PageFlags.AsSpan(0, FrameCount).SequenceEqual(other.PageFlags.AsSpan(0, FrameCount))
        && PageContents
            .AsSpan(0, FrameCount)
            .SequenceEqual(other.PageContents.AsSpan(0, FrameCount))
        && SwapCounts.AsSpan(0, SwapLimit).SequenceEqual(other.SwapCounts.AsSpan(0, SwapLimit));

    /// <summary>Whether every folio and every counter of an mm equals that of <paramref name="other"/>.</summary>
    public bool SameCounts(Machine other) =>
        MemoryMarshal
            .AsBytes(Folios.AsSpan(0, FolioCount))
            .SequenceEqual(MemoryMarshal.AsBytes(other.Folios.AsSpan(0, FolioCount)))
        && MemoryMarshal
            .AsBytes(Mms.AsSpan(0, MmCount))
            .SequenceEqual(MemoryMarshal.AsBytes(other.Mms.AsSpan(0, MmCount)));

    private void CopyScalars(Machine other)
    {
        Architecture = other.Architecture;
        Context = other.Context;
        Slots = other.Slots;
        ContPtes = other.ContPtes;
        Cpus = other.Cpus;
        PfnBase = other.PfnBase;
        MmCount = other.MmCount;
        VmaCount = other.VmaCount;
        TableCount = other.TableCount;
        PmdCount = other.PmdCount;
        FolioCount = other.FolioCount;
        FrameCount = other.FrameCount;
        SwapLimit = other.SwapLimit;
        WindowLimit = other.WindowLimit;
        TlbUbc = other.TlbUbc;
    }

    private static T[] Pinned<T>(int length)
        where T : unmanaged => GC.AllocateArray<T>(length, pinned: true);
}
