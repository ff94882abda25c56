namespace PteCheck.Model.Tlbs;

/// <summary>
/// One entry of an explicit TLB, in the size in which the hardware holds it: a page, or on arm64 a
/// whole contiguous block.
/// </summary>
/// <param name="Cpu">The CPU; the number after the last CPU is the secondary MMU.</param>
/// <param name="Mm">Index of the address space.</param>
/// <param name="Vpn">First page number of the virtual addresses.</param>
/// <param name="Pages">Pages covered: 1, or CONT_PTES.</param>
/// <param name="Pfn">Page frame number of the first page.</param>
/// <param name="Rights">Rights and the cached-dirty state.</param>
/// <param name="Block">arm64: taken from a descriptor with the CONT bit, whatever its size.</param>
public readonly record struct ExplicitEntry(
    byte Cpu,
    byte Mm,
    uint Vpn,
    int Pages,
    ulong Pfn,
    TlbRights Rights,
    bool Block
)
{
    /// <summary>Whether the entry translates a page of the range from <paramref name="first"/> to before <paramref name="end"/>.</summary>
    public bool Overlaps(uint first, uint end) => Vpn < end && first < Vpn + (uint)Pages;

    /// <summary>The translation of the page <paramref name="index"/> of the entry.</summary>
    public Translation Page(int index) =>
        new(Cpu, Mm, Vpn + (uint)index, Pfn + (ulong)index, Rights, Block);
}
