using System.Runtime.InteropServices;

namespace PteCheck.Model.Machines;

/// <summary>Rights and kinds of a VMA (<c>vm_flags</c> and the userfaultfd context).</summary>
[Flags]
public enum VmaFlags : uint
{
    /// <summary>No rights: PROT_NONE.</summary>
    None = 0,

    /// <summary>VM_READ.</summary>
    Read = 1 << 0,

    /// <summary>VM_WRITE.</summary>
    Write = 1 << 1,

    /// <summary>VM_EXEC.</summary>
    Exec = 1 << 2,

    /// <summary>VM_SHARED.</summary>
    Shared = 1 << 3,

    /// <summary>VM_LOCKED.</summary>
    Locked = 1 << 4,

    /// <summary>VM_SHADOW_STACK.</summary>
    ShadowStack = 1 << 5,

    /// <summary>VM_DROPPABLE.</summary>
    Droppable = 1 << 6,

    /// <summary>VM_UFFD_MISSING.</summary>
    UffdMissing = 1 << 7,

    /// <summary>VM_UFFD_WP.</summary>
    UffdWp = 1 << 8,

    /// <summary>VM_UFFD_MINOR.</summary>
    UffdMinor = 1 << 9,

    /// <summary>The userfaultfd has UFFD_FEATURE_EVENT_REMAP.</summary>
    UffdEventRemap = 1 << 10,

    /// <summary>The userfaultfd has UFFD_FEATURE_WP_UNPOPULATED.</summary>
    UffdWpUnpopulated = 1 << 11,

    /// <summary>Backed by a regular file.</summary>
    File = 1 << 12,

    /// <summary>Backed by shmem.</summary>
    Shmem = 1 << 13,

    /// <summary>Soft-dirty tracking is on: VM_SOFTDIRTY is clear.</summary>
    SoftDirtyTracked = 1 << 14,

    /// <summary>Any userfaultfd registration.</summary>
    UffdAny = UffdMissing | UffdWp | UffdMinor,

    /// <summary>Backed by a file of either kind.</summary>
    FileBacked = File | Shmem,
}

/// <summary>A virtual memory area. Addresses are page numbers from the start of the modelled space.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Vma
{
    /// <summary>First page number.</summary>
    public uint Start;

    /// <summary>Length in pages.</summary>
    public uint Pages;

    /// <summary>Rights and kinds.</summary>
    public VmaFlags Flags;

    /// <summary>Size of the file behind it, in pages from the VMA's start; 0 when anonymous.</summary>
    public uint FilePages;

    /// <summary>Index of its mm.</summary>
    public byte Mm;

    /// <summary>i_mmap_rwsem of its file.</summary>
    public LockMode IMmapLock;

    /// <summary>The lock of its anon_vma.</summary>
    public LockMode AnonVmaLock;

    /// <summary>First page number after the end.</summary>
    public readonly uint End => Start + Pages;

    /// <summary>Whether all of <paramref name="flags"/> are set.</summary>
    public readonly bool Has(VmaFlags flags) => (Flags & flags) == flags;

    /// <summary>vma_has_uffd_without_event_remap (mm/userfaultfd): moved entries must lose their uffd bits.</summary>
    public readonly bool HasUffdWithoutEventRemap =>
        (Flags & VmaFlags.UffdAny) != 0 && (Flags & VmaFlags.UffdEventRemap) == 0;
}
