namespace PteCheck.Model.Tlbs;

/// <summary>Where a stale translation comes from.</summary>
public enum StaleOrigin : byte
{
    /// <summary>The run itself changed the entry.</summary>
    Run,

    /// <summary>The initial state: reclaim unmapped the page and has not flushed yet.</summary>
    Reclaim,

    /// <summary>The initial state: a weaker copy of an entry that still stands.</summary>
    Weaker,

    /// <summary>Somebody else took it away during the run, and has to flush it.</summary>
    Other,

    /// <summary>Somebody else took it away, and since then the operation has held the table's lock: it knows.</summary>
    Seen,
}

/// <summary>
/// A translation, or one for each page of a contiguous block, that a CPU or the secondary MMU may
/// still hold although the entry that gave it has changed.
/// </summary>
public record struct StaleEntry
{
    /// <summary>The entry's word, for the first page.</summary>
    public ulong Word;

    /// <summary>First page number.</summary>
    public uint Vpn;

    /// <summary>Pages from <see cref="Vpn"/> on that CPUs may still use, one bit each.</summary>
    public uint CpuPages;

    /// <summary>Pages that the secondary MMU may still use.</summary>
    public uint DevicePages;

    /// <summary>The CPUs, one bit each.</summary>
    public uint Cpus;

    /// <summary>Index of the mm.</summary>
    public byte Mm;

    /// <summary>Where it comes from.</summary>
    public StaleOrigin Origin;
}
