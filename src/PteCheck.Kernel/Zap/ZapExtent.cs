namespace PteCheck.Kernel.Zap;

/// <summary>What one call of zap_pte_range is given: a stretch of one VMA in one page table.</summary>
/// <param name="Mm">Index of the mm.</param>
/// <param name="Vma">Index of the VMA.</param>
/// <param name="Vpn">First page number.</param>
/// <param name="Pages">Length in pages, 1 or more, all of them in one table.</param>
public readonly record struct ZapExtent(int Mm, int Vma, uint Vpn, int Pages);
