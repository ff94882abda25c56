using System.Runtime.InteropServices;

namespace PteCheck.Model.Traces;

/// <summary>One event. Which fields mean something depends on <see cref="Op"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct TraceEvent
{
    /// <summary>What happened.</summary>
    public Primitive Op;

    private byte by;

    /// <summary>The page table, or the mm where the event concerns one, or the folio.</summary>
    public short Table;

    /// <summary>First slot.</summary>
    public short Slot;

    /// <summary>How many slots or pages.</summary>
    public short Nr;

    /// <summary>First operand: an old word, a page number, a value.</summary>
    public ulong A;

    /// <summary>Second operand: a new word.</summary>
    public ulong B;

    private const byte ArchBit = 0x80;

    /// <summary>True when the architecture layer did it on its own account (contpte).</summary>
    public bool ByArch
    {
        readonly get => (by & ArchBit) != 0;
        set => by = (byte)((by & ~ArchBit) | (value ? ArchBit : 0));
    }

    /// <summary>Who did it: 0 the operation, from 1 on the steps of interference in the order of the scenario.</summary>
    public byte Actor
    {
        readonly get => (byte)(by & ~ArchBit);
        set => by = (byte)((by & ArchBit) | value);
    }
}
