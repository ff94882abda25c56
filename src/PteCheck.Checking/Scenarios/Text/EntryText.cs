using System.Globalization;
using PteCheck.Model.Architectures;

namespace PteCheck.Checking.Scenarios.Text;

/// <summary>The words of entries: letters, kinds, markers, and how an entry is written.</summary>
internal static class EntryText
{
    /// <summary>The letters in the order in which they are written.</summary>
    public static readonly IReadOnlyList<(char Letter, PteBits Bit)> Letters =
    [
        ('W', PteBits.Write),
        ('D', PteBits.Dirty),
        ('Y', PteBits.Young),
        ('S', PteBits.SoftDirty),
        ('U', PteBits.UffdWp),
        ('N', PteBits.Protnone),
        ('X', PteBits.Exclusive),
    ];

    /// <summary>Words that begin an entry which maps no page; no folio has such a name.</summary>
    public static readonly string[] Kinds =
    [
        "none",
        "zero",
        "swap",
        "migration",
        "device-exclusive",
        "hwpoison",
        "marker",
    ];

    /// <summary>The markers by name.</summary>
    public static readonly (string Name, PteMarkers Value)[] Markers =
    [
        ("uffd-wp", PteMarkers.UffdWp),
        ("poison", PteMarkers.Poisoned),
        ("guard", PteMarkers.Guard),
    ];

    /// <summary>The name of an mm where a file gives none: m, m1, m2, m3.</summary>
    public static string MmName(int mm) =>
        mm == 0 ? "m" : string.Create(CultureInfo.InvariantCulture, $"m{mm}");

    /// <summary>The letters of a set of bits.</summary>
    public static string Of(PteBits bits) =>
        string.Concat(
            Letters.Where(known => (bits & known.Bit) != 0).Select(known => known.Letter)
        );

    /// <summary>An entry, or <paramref name="count"/> of them that follow each other.</summary>
    public static string Of(Scenario scenario, in PteSpec pte, int count = 1)
    {
        var page = pte.HasFolio ? Page(scenario, pte, count) : "";
        var letters = pte.Kind switch
        {
            EntryKind.MigrationWrite => Of(pte.Bits | PteBits.Write),
            EntryKind.MigrationReadExclusive => Of(pte.Bits | PteBits.Exclusive),
            _ => Of(pte.Bits),
        };
        var words = pte.Kind switch
        {
            EntryKind.None => "none",
            EntryKind.Present => page,
            EntryKind.Zero => "zero",
            EntryKind.Swap => "swap " + Swap(pte, count),
            EntryKind.DeviceExclusive => "device-exclusive " + page,
            EntryKind.HwPoison => "hwpoison " + page,
            EntryKind.Marker => "marker " + MarkerNames(pte.Markers),
            _ => "migration " + page,
        };
        return letters.Length == 0 ? words : $"{words} {letters}";
    }

    /// <summary>Whether <paramref name="next"/> continues the run that <paramref name="first"/> begins.</summary>
    public static bool Continues(in PteSpec first, in PteSpec next, int index)
    {
        var expected = first with { Page = (short)(first.Page + index) };
        if (first.HasFolio)
        {
            expected.FolioPage += (short)index;
        }

        if (first.Kind == EntryKind.Swap)
        {
            expected.SwapOffset += (short)index;
        }

        return expected == next;
    }

    private static string Page(Scenario scenario, in PteSpec pte, int count)
    {
        var name = scenario.FolioName(pte.Folio);
        return scenario.Folios[pte.Folio].Order == 0 && count == 1
            ? name
            : $"{name}[{Span(pte.FolioPage, count)}]";
    }

    private static string Swap(in PteSpec pte, int count)
    {
        var slot = Span(pte.SwapOffset, count);
        return pte.SwapDevice == 0
            ? slot
            : string.Create(CultureInfo.InvariantCulture, $"{pte.SwapDevice}:{slot}");
    }

    private static string MarkerNames(PteMarkers markers) =>
        string.Join(
            '+',
            Markers.Where(known => (markers & known.Value) != 0).Select(known => known.Name)
        );

    /// <summary><c>3</c> or <c>3..5</c>.</summary>
    public static string Span(int first, int count) =>
        count == 1
            ? first.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{first}..{first + count - 1}");
}
