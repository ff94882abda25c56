using PteCheck.Model.Machines;

namespace PteCheck.Checking.Scenarios.Text;

/// <summary>Reads <c>folios:</c>.</summary>
internal static class FolioReader
{
    private static readonly string[] Keys =
    [
        "order",
        "kind",
        "pfn",
        "first-page-of",
        "dirty",
        "locked",
        "swapcache",
        "extra-refs",
        "pins",
        "exclusive",
    ];

    /// <summary>The kinds by name.</summary>
    public static readonly (string Name, FolioKind Value)[] Kinds =
    [
        ("anon", FolioKind.Anon),
        ("lazyfree", FolioKind.Lazyfree),
        ("file", FolioKind.File),
        ("shmem", FolioKind.Shmem),
    ];

    /// <summary>Reads the map of folios into the scenario.</summary>
    public static void Read(ReadState state, YamlNode node)
    {
        foreach (var (key, value) in state.Scope.Map(node, "folios").Entries)
        {
            if (state.Folios.Count == Machine.MaxFolios)
            {
                throw state.Scope.Error(key, $"more than {Machine.MaxFolios} folios");
            }

            state.Folios.Add(state.Scope.Name(key, "a folio", EntryText.Kinds));
            state.FolioPlaces.Add(key);
            state.Scenario.Folios[state.Scenario.FolioCount++] = ReadFolio(state.Scope, value);
        }
    }

    private static FolioSpec ReadFolio(FileScope scope, YamlNode node)
    {
        var fields = scope.Fields(node, "a folio", Keys);
        var folio = new FolioSpec { FilePage = -1 };
        foreach (var (key, value) in fields)
        {
            switch (key)
            {
                case "order":
                    folio.Order = (byte)scope.Number(value, key, 0, 9);
                    break;
                case "kind":
                    folio.Kind = scope.Choice(value, key, Kinds);
                    break;
                case "pfn":
                    folio.Pfn = scope.Number(value, key, 1UL, (1UL << 40) - 1);
                    break;
                case "first-page-of":
                    folio.FilePage = scope.Number(value, key, 0, ShapeRules.MaxVmaPages);
                    break;
                case "dirty":
                    folio.Dirty = scope.Flag(value, key);
                    break;
                case "locked":
                    folio.Locked = scope.Flag(value, key);
                    break;
                case "swapcache":
                    folio.SwapCache = scope.Flag(value, key);
                    break;
                case "extra-refs":
                    folio.ExtraRefs = scope.Number(value, key, 0, ShapeRules.MaxReferences);
                    break;
                case "pins":
                    folio.Pins = scope.Number(value, key, 0, ShapeRules.MaxReferences);
                    break;
            }
        }

        if (fields.TryGetValue("exclusive", out var exclusive))
        {
            ReadExclusive(scope, exclusive, ref folio);
        }

        return folio;
    }

    private static void ReadExclusive(FileScope scope, YamlNode node, ref FolioSpec folio)
    {
        if (node is YamlScalar { Text: "all" })
        {
            SetPages(ref folio, 0, folio.Pages);
            return;
        }

        foreach (var item in scope.Items(node, "exclusive pages, such as [0, 2..3], or all"))
        {
            var cursor = new TextCursor(scope, scope.Scalar(item, "a page"));
            var (first, count) = cursor.Range("page of the folio", 0, folio.Pages - 1);
            cursor.End("a page such as 2, or pages such as 2..3");
            SetPages(ref folio, first, count);
        }
    }

    private static void SetPages(ref FolioSpec folio, int first, int count)
    {
        for (var page = first; page < first + count; page++)
        {
            folio.Exclusive.Set(page, value: true);
        }
    }
}
