namespace PteCheck.Kernel.Primitives;

/// <summary>What a gather collects between tlb_gather_mmu and tlb_finish_mmu (<c>struct mmu_gather</c>).</summary>
/// <param name="Mm">The mm.</param>
/// <param name="Start">First page to flush.</param>
/// <param name="End">Page after the last; not above <paramref name="Start"/> while nothing was gathered.</param>
public record struct MmuGather(int Mm, uint Start, uint End);
