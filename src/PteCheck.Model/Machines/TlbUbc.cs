using System.Runtime.InteropServices;

namespace PteCheck.Model.Machines;

/// <summary>What reclaim has unmapped and not flushed yet (<c>struct tlbflush_unmap_batch</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct TlbUbc
{
    /// <summary>Most ranges that are kept apart; a further one counts for its whole mm.</summary>
    public const int MaxRanges = 64;

    /// <summary>The mms that the batch will flush whole, one bit each: on x86-64 every one, on arm64 those past the ranges kept.</summary>
    public uint Mms;

    /// <summary>Ranges of <see cref="Machine.TlbUbcRanges"/> in use.</summary>
    public int RangeCount;

    /// <summary>flush_required.</summary>
    public bool FlushRequired;

    /// <summary>writable: one of the entries was dirty, so a CPU may still write silently.</summary>
    public bool Writable;
}

/// <summary>A range whose invalidation has been issued and not waited for.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct TlbUbcRange
{
    /// <summary>Index of the mm.</summary>
    public int Mm;

    /// <summary>First page number.</summary>
    public uint Vpn;

    /// <summary>Length in pages.</summary>
    public int Pages;
}
