using PteCheck.Model.Architectures;

namespace PteCheck.Kernel.Mprotect;

/// <summary>What change_pte_range is given: a stretch of one table, and what to make of its entries.</summary>
/// <param name="Mm">Index of the mm.</param>
/// <param name="Vma">Index of the VMA.</param>
/// <param name="Vpn">First page.</param>
/// <param name="Pages">Length, 1 or more; all pages lie in one table and in the VMA.</param>
/// <param name="Mode">Who asks.</param>
/// <param name="Newprot">The rights that entries get.</param>
/// <param name="TryChangeWritable">MM_CP_TRY_CHANGE_WRITABLE: entries that may be written without a fault become writable.</param>
public readonly record struct ProtectExtent(
    int Mm,
    int Vma,
    uint Vpn,
    int Pages,
    ProtectMode Mode,
    Pte Newprot,
    bool TryChangeWritable
);
