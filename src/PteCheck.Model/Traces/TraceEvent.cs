using System.Runtime.InteropServices;

namespace PteCheck.Model.Traces;

/// <summary>One event. Which fields mean something depends on <see cref="Op"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct TraceEvent
{
    /// <summary>What happened.</summary>
    public Primitive Op;

    /// <summary>True when the architecture layer did it on its own account (contpte).</summary>
    public bool ByArch;

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
}
