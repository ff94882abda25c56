using System.Runtime.InteropServices;

namespace PteCheck.Kernel.Operations;

/// <summary>One call of a function from outside, as the code around it makes it. Blittable: the child reads it.</summary>
[StructLayout(LayoutKind.Sequential)]
public record struct SubjectInvocation
{
    /// <summary>Index of the mm.</summary>
    public int Mm;

    /// <summary>Index of the VMA.</summary>
    public int Vma;

    /// <summary>First page of the range that the function is given.</summary>
    public uint Vpn;

    /// <summary>mremap: first page of the destination.</summary>
    public uint NewVpn;

    /// <summary>Length in pages.</summary>
    public uint Pages;

    /// <summary>The table of the first page.</summary>
    public int Table;

    /// <summary>mremap: the table of the destination.</summary>
    public int NewTable;

    /// <summary>Zero.</summary>
    public int Reserved;
}
