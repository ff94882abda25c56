namespace PteCheck.Checking.Exhaustive;

/// <summary>Where the mapped pages of a folio lie in a VMA, and the VMA in tables of 8 slots.</summary>
/// <param name="At">First page number of the VMA.</param>
/// <param name="Around">Pages of the VMA before the folio, and as many behind it.</param>
/// <param name="First">First page of the folio that the VMA has room for.</param>
/// <param name="Pages">How many pages of the folio it has room for.</param>
/// <param name="ContOnly">It differs from others by its CONT blocks alone.</param>
/// <param name="NeverFolded">Its blocks do not have CONT where they could.</param>
public readonly record struct FolioPlacement(
    int At,
    int Around,
    int First,
    int Pages,
    bool ContOnly = false,
    bool NeverFolded = false
);
