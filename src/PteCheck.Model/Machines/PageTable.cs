using System.Runtime.InteropServices;

namespace PteCheck.Model.Machines;

/// <summary>A last-level page table: where it stands and who holds its lock. Its entries are in <see cref="Machine.Ptes"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct PageTable
{
    /// <summary>The page number that slot 0 translates, or translated before the table was unlinked.</summary>
    public uint BaseVpn;

    /// <summary>Index of its mm.</summary>
    public byte Mm;

    /// <summary>Whether the split page-table lock is held.</summary>
    public bool PtlHeld;

    /// <summary>Given back: at once, or after a grace period of RCU.</summary>
    public bool Freed;

    /// <summary>Lockless walkers (GUP-fast, interrupts off) that have read the PMD entry and are inside.</summary>
    public byte Walkers;
}
