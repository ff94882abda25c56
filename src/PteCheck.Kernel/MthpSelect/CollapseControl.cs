using System.Runtime.CompilerServices;

namespace PteCheck.Kernel.MthpSelect;

/// <summary>One bit for each slot of a table.</summary>
[InlineArray(8)]
internal struct SlotBits
{
    private ulong word;

    /// <summary>Whether the bit of a slot is set.</summary>
    public readonly bool Has(int slot) => (this[slot >> 6] & (1UL << (slot & 63))) != 0;

    /// <summary>Sets the bit of a slot.</summary>
    public void Set(int slot) => this[slot >> 6] |= 1UL << (slot & 63);
}

/// <summary>One byte for each slot of a table.</summary>
[InlineArray(512)]
internal struct SlotBytes
{
    private byte value;
}

/// <summary>A window that waits: the pair that mthp_collapse keeps on its stack.</summary>
internal readonly record struct WaitingWindow(ushort Offset, byte Order);

/// <summary>Room for the windows that wait, as many as a table of 512 slots can need.</summary>
[InlineArray(8)]
internal struct WindowStack
{
    private WaitingWindow window;
}

/// <summary>What khugepaged keeps from the scan of a table to the choice of windows (collapse_control).</summary>
internal struct CollapseControl
{
    /// <summary>mthp_present_ptes: the slots whose page may be collapsed.</summary>
    public SlotBits Present;

    /// <summary>Entries that are not present, as collapse_scan_pmd has counted them.</summary>
    public int Unmapped;

    /// <summary>The order of the folio that an earlier attempt of this run has put into each slot; 0 for none.</summary>
    public SlotBytes Collapsed;

    /// <summary>The stack of v17.</summary>
    public WindowStack Stack;
}
