namespace PteCheck.Kernel.Mremap;

/// <summary>
/// What one call of move_ptes is given: a stretch that lies in one source table and one destination
/// table (struct pagetable_move_control and extent).
/// </summary>
/// <param name="Mm">Index of the mm.</param>
/// <param name="Vma">Index of the source VMA.</param>
/// <param name="NewVma">Index of the destination VMA.</param>
/// <param name="OldVpn">First source page.</param>
/// <param name="NewVpn">First destination page.</param>
/// <param name="Pages">Length in pages.</param>
/// <param name="NeedRmapLocks">pmc->need_rmap_locks.</param>
public readonly record struct MoveExtent(
    int Mm,
    int Vma,
    int NewVma,
    uint OldVpn,
    uint NewVpn,
    int Pages,
    bool NeedRmapLocks
);
