namespace PteCheck.Model.Architectures;

/// <summary>
/// The non-present layout of x86-64 (arch/x86/include/asm/pgtable_64.h): type in bits 59 to 63,
/// the complement of the offset in bits 9 to 58, flags in bits 1 to 3, where a present entry has
/// RW, USER and PWT.
/// </summary>
public readonly partial struct X86_64
{
    private const ulong SwpSoftDirtyBit = 1UL << 1;
    private const ulong SwpUffdWpBit = 1UL << 2;
    private const ulong SwpExclusiveBit = 1UL << 3;
    private const int SwpTypeShift = 59;
    private const int SwpOffsetShift = 9;
    private const ulong SwpOffsetMask = (1UL << 50) - 1;

    /// <inheritdoc/>
    public static Pte SwpEntryToPte(SwapType type, ulong offset) =>
        new(((ulong)type << SwpTypeShift) | ((~offset & SwpOffsetMask) << SwpOffsetShift));

    /// <inheritdoc/>
    public static SwapType SwpType(Pte pte) => (SwapType)(pte.Word >> SwpTypeShift);

    /// <inheritdoc/>
    public static ulong SwpOffset(Pte pte) => (~pte.Word >> SwpOffsetShift) & SwpOffsetMask;

    /// <inheritdoc/>
    public static bool PteSwpSoftDirty(Pte pte) => (pte.Word & SwpSoftDirtyBit) != 0;

    /// <inheritdoc/>
    public static Pte PteSwpMkSoftDirty(Pte pte) => new(pte.Word | SwpSoftDirtyBit);

    /// <inheritdoc/>
    public static Pte PteSwpClearSoftDirty(Pte pte) => new(pte.Word & ~SwpSoftDirtyBit);

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
