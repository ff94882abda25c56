namespace PteCheck.Kernel.Interference;

/// <summary>Pages whose VMA is gone.</summary>
/// <param name="Mm">Index of the mm.</param>
/// <param name="Vpn">First page number.</param>
/// <param name="Pages">Length; 0 for nothing.</param>
public readonly record struct UnmappedRange(int Mm, uint Vpn, uint Pages)
{
    /// <summary>Whether a page, or one of several, is among them.</summary>
    public bool Has(int mm, uint vpn, uint pages = 1) =>
        mm == Mm && vpn < Vpn + Pages && Vpn < vpn + pages;
}
