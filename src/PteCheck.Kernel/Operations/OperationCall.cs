using System.Runtime.InteropServices;

namespace PteCheck.Kernel.Operations;

/// <summary>The arguments of one operation, blittable like the machine that it runs on.</summary>
[StructLayout(LayoutKind.Sequential)]
public record struct OperationCall
{
    /// <summary>Index of the mm.</summary>
    public int Mm;

    /// <summary>Index of the VMA that the operation works on.</summary>
    public int Vma;

    /// <summary>mremap: index of the VMA that it moves to.</summary>
    public int NewVma;

    /// <summary>First page of the range.</summary>
    public uint Vpn;

    /// <summary>mremap: first page of the destination.</summary>
    public uint NewVpn;

    /// <summary>Length in pages.</summary>
    public uint Pages;

    /// <summary>lazyfree-unmap: index of the folio. collapse-file: the one that the page cache has there, or -1.</summary>
    public int Folio;

    /// <summary>lazyfree-unmap: TTU_BATCH_FLUSH, the flush may be deferred.</summary>
    public bool Deferred;

    /// <summary>collapse-file: install a huge PMD entry in the end.</summary>
    public bool Install;

    /// <summary>collapse-anon: what and by which limits.</summary>
    public CollapseRequest Collapse;

    /// <summary>collapse-file: the file begins at a multiple of a table in the address space (thp_vma_suitable_order).</summary>
    public bool FileAligned;
}
