using PteCheck.Model.Machines;

namespace PteCheck.Kernel.Primitives;

/// <summary>
/// Where a page_vma_mapped_walk stands (struct page_vma_mapped_walk): one VMA, the pages of it at which
/// one folio may be mapped, and the entry that the walk returned last.
/// </summary>
/// <param name="Mm">Index of the mm.</param>
/// <param name="Vma">Index of the VMA.</param>
/// <param name="Folio">Index of the folio.</param>
/// <param name="Start">First page number of the VMA at which the folio may be mapped.</param>
/// <param name="End">Page number after the last such page.</param>
public record struct MappedWalk(int Mm, int Vma, int Folio, uint Start, uint End)
{
    /// <summary>Page number of the entry found.</summary>
    public uint Address { get; set; } = Start;

    /// <summary>The entry found; meaningful while <see cref="Locked"/>.</summary>
    public PtePointer Ptep { get; set; }

    /// <summary>Whether the walk finds migration entries, and nothing else.</summary>
    public bool Migration { get; init; }

    /// <summary>Whether the walk holds the page-table lock of the entry.</summary>
    public bool Locked { get; set; }
}
