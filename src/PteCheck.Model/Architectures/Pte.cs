namespace PteCheck.Model.Architectures;

/// <summary>
/// One page-table entry of the last level, bit for bit as the hardware and the kernel see it
/// (<c>pte_t</c>). What the bits mean is known to an <see cref="IArch"/> alone.
/// </summary>
public readonly record struct Pte(ulong Word)
{
    /// <summary>The empty entry.</summary>
    public static readonly Pte None;

    /// <summary>The word in hexadecimal, as kernel logs print it.</summary>
    public override string ToString() => $"0x{Word:x16}";
}
