namespace PteCheck.Model.Architectures;

/// <summary>
/// The non-present layout of arm64 (arch/arm64/include/asm/pgtable.h): bit 2 exclusive, bit 3
/// uffd-wp, type in bits 6 to 10, offset from bit 12, not inverted. Bit 11 stays clear, or the entry
/// would look present-invalid.
/// </summary>
public readonly partial struct Arm64
{
    private const ulong SwpExclusiveBit = 1UL << 2;
    private const ulong SwpUffdWpBit = 1UL << 3;
    private const int SwpTypeShift = 6;
    private const ulong SwpTypeMask = 31;
    private const int SwpOffsetShift = 12;
    private const ulong SwpOffsetMask = (1UL << 50) - 1;

    /// <inheritdoc/>
    public static Pte SwpEntryToPte(SwapType type, ulong offset) =>
        new(((ulong)type << SwpTypeShift) | ((offset & SwpOffsetMask) << SwpOffsetShift));

    /// <inheritdoc/>
    public static SwapType SwpType(Pte pte) => (SwapType)((pte.Word >> SwpTypeShift) & SwpTypeMask);

    /// <inheritdoc/>
    public static ulong SwpOffset(Pte pte) => (pte.Word >> SwpOffsetShift) & SwpOffsetMask;

    /// <inheritdoc/>
    public static bool PteSwpSoftDirty(Pte pte) => false;

    /// <inheritdoc/>
    public static Pte PteSwpMkSoftDirty(Pte pte) => pte;

    /// <inheritdoc/>
    public static Pte PteSwpClearSoftDirty(Pte pte) => pte;

    /// <inheritdoc/>
    public static bool PteSwpUffdWp(Pte pte) => (pte.Word & SwpUffdWpBit) != 0;

    /// <inheritdoc/>
    public static Pte PteSwpMkUffdWp(Pte pte) => new(pte.Word | SwpUffdWpBit);

    /// <inheritdoc/>
    public static Pte PteSwpClearUffdWp(Pte pte) => new(pte.Word & ~SwpUffdWpBit);

    /// <inheritdoc/>
    public static bool PteSwpExclusive(Pte pte) => (pte.Word & SwpExclusiveBit) != 0;

    /// <inheritdoc/>
    public static Pte PteSwpMkExclusive(Pte pte) => new(pte.Word | SwpExclusiveBit);

    /// <inheritdoc/>
    public static Pte PteSwpClearExclusive(Pte pte) => new(pte.Word & ~SwpExclusiveBit);
}
