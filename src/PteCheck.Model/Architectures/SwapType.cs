namespace PteCheck.Model.Architectures;

/// <summary>
/// The type field of a non-present entry. The values are those of a kernel with
/// CONFIG_MEMORY_FAILURE, CONFIG_MIGRATION and CONFIG_DEVICE_PRIVATE (include/linux/swap.h).
/// </summary>
public enum SwapType : byte
{
    /// <summary>The first swap device; types up to 23 are swap devices.</summary>
    FirstDevice = 0,

    /// <summary>The last swap device.</summary>
    LastDevice = 23,

    /// <summary>SWP_HWPOISON: the page has an uncorrectable memory error. Offset is the PFN.</summary>
    HwPoison = 24,

    /// <summary>SWP_MIGRATION_READ. Offset is the PFN.</summary>
    MigrationRead = 25,

    /// <summary>SWP_MIGRATION_READ_EXCLUSIVE. Offset is the PFN.</summary>
    MigrationReadExclusive = 26,

    /// <summary>SWP_MIGRATION_WRITE. Offset is the PFN.</summary>
    MigrationWrite = 27,

    /// <summary>SWP_DEVICE_WRITE: device-private page, writable. Offset is the PFN.</summary>
    DevicePrivateWrite = 28,

    /// <summary>SWP_DEVICE_READ: device-private page, read-only. Offset is the PFN.</summary>
    DevicePrivateRead = 29,

    /// <summary>SWP_DEVICE_EXCLUSIVE (one type since 6.15). Offset is the PFN.</summary>
    DeviceExclusive = 30,

    /// <summary>SWP_PTE_MARKER: no page at all, the offset is a <see cref="PteMarkers"/>.</summary>
    Marker = 31,
}

/// <summary>The bits in the offset of a PTE marker (include/linux/swapops.h).</summary>
[Flags]
public enum PteMarkers : byte
{
    /// <summary>No marker.</summary>
    None = 0,

    /// <summary>PTE_MARKER_UFFD_WP: re-arms write protection when the slot is filled.</summary>
    UffdWp = 1,

    /// <summary>PTE_MARKER_POISONED: an access raises SIGBUS.</summary>
    Poisoned = 2,

    /// <summary>PTE_MARKER_GUARD: an access raises SIGSEGV.</summary>
    Guard = 4,
}
