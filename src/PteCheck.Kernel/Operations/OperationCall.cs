using System.Runtime.InteropServices;
using PteCheck.Kernel.Mprotect;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Machines;

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

    /// <summary>numa-fault: the folio should be on another node, and is migrated.</summary>
    public bool Migrates;

    /// <summary>mprotect: who asks for what.</summary>
    public ProtectMode Mode;

    /// <summary>mprotect: the new rights, of read, write and execute.</summary>
    public VmaFlags Rights;

    /// <summary>folio-pte-batch: what the helper compares and merges.</summary>
    public FpbFlags Batch;

    /// <summary>mthp-select: MADV_COLLAPSE instead of khugepaged.</summary>
    public bool Forced;

    /// <summary>mthp-select: how often the table is scanned.</summary>
    public byte Scans;

    /// <summary>mthp-select: the enabled orders, one bit each.</summary>
    public uint Orders;

    /// <summary>mthp-select: max_ptes_none of sysfs.</summary>
    public short MaxPtesNone;

    /// <summary>mthp-select: max_ptes_swap of sysfs.</summary>
    public short MaxPtesSwap;

    /// <summary>mthp-select: max_ptes_shared of sysfs.</summary>
    public short MaxPtesShared;

    /// <summary>collapse-file: install a huge PMD entry in the end.</summary>
    public bool Install;

    /// <summary>collapse-anon: what and by which limits.</summary>
    public CollapseRequest Collapse;

    /// <summary>collapse-file: the file begins at a multiple of a table in the address space (thp_vma_suitable_order).</summary>
    public bool FileAligned;
}
