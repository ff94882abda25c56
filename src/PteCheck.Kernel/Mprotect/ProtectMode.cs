namespace PteCheck.Kernel.Mprotect;

/// <summary>Who asks change_protection for what.</summary>
public enum ProtectMode : byte
{
    /// <summary>mprotect: other rights.</summary>
    Protect,

    /// <summary>The NUMA scan of a task (MM_CP_PROT_NUMA): protnone, so that the next access is noticed.</summary>
    Numa,

    /// <summary>UFFDIO_WRITEPROTECT with its mode (MM_CP_UFFD_WP): writes are left to user space.</summary>
    UffdWp,

    /// <summary>UFFDIO_WRITEPROTECT without its mode (MM_CP_UFFD_WP_RESOLVE): writes are let through again.</summary>
    UffdResolve,
}
