using PteCheck.Model.Machines;

namespace PteCheck.Checking.Scenarios.Text;

/// <summary>Reads <c>ptes:</c>.</summary>
internal static class EntryReader
{
    private const string Expected =
        "A[2] WDYSUN, none, zero, swap 7 SX, migration A[2] W, device-exclusive A[3], hwpoison A[0] or marker uffd-wp";

    /// <summary>Reads the map of entries into the scenario, in the scenario's order.</summary>
    public static void Read(ReadState state, YamlNode node)
    {
        var entries = new SortedDictionary<(int Vma, int Page), (PteSpec Pte, YamlNode Place)>();
        foreach (var (key, value) in state.Scope.Map(node, "entries").Entries)
        {
            ReadRun(state, key, value, entries);
        }

        foreach (var (pte, place) in entries.Values)
        {
            if (pte.Kind != EntryKind.None)
            {
                state.Scenario.Ptes[state.Scenario.PteCount++] = pte;
                state.PtePlaces.Add(place);
            }
        }
    }

    /// <summary>Reads <c>VMA+page</c>, or <c>VMA+first..last</c>.</summary>
    public static (int Vma, int Page, int Count) Place(ReadState state, TextCursor cursor)
    {
        cursor.SkipSpaces();
        var start = cursor.Position;
        var vma = ReadState.IndexOf(state.Vmas, cursor.Name(), "VMA", cursor, start);
        cursor.Expect("+");
        var most = state.Scenario.Vmas[vma].Pages - 1;
        var (page, count) = cursor.Range($"page of {state.Vmas[vma]}", 0, most);
        return (vma, page, count);
    }

    /// <summary>Reads one entry, or the first of several; the count says how many pages or slots it names.</summary>
    public static (PteSpec Pte, int Count) Entry(ReadState state, TextCursor cursor)
    {
        cursor.SkipSpaces();
        var start = cursor.Position;
        var word = cursor.Name();
        var pte = new PteSpec();
        var count = 1;
        switch (word)
        {
            case "":
                throw cursor.Error(start, $"expected an entry: {Expected}");
            case "none":
                break;
            case "zero":
                pte.Kind = EntryKind.Zero;
                break;
            case "swap":
                count = Swap(cursor, ref pte);
                break;
            case "marker":
                Marker(cursor, ref pte);
                break;
            case "migration" or "device-exclusive" or "hwpoison":
                pte.Kind =
                    word == "migration" ? EntryKind.MigrationRead
                    : word == "hwpoison" ? EntryKind.HwPoison
                    : EntryKind.DeviceExclusive;
                cursor.SkipSpaces();
                var at = cursor.Position;
                count = FolioPage(state, cursor, cursor.Name(), at, ref pte);
                break;
            default:
                pte.Kind = EntryKind.Present;
                count = FolioPage(state, cursor, word, start, ref pte);
                break;
        }

        Letters(cursor, ref pte);
        return (pte, count);
    }

    private static void ReadRun(
        ReadState state,
        YamlScalar key,
        YamlNode value,
        SortedDictionary<(int Vma, int Page), (PteSpec Pte, YamlNode Place)> entries
    )
    {
        var keyCursor = new TextCursor(state.Scope, key);
        var (vma, page, count) = Place(state, keyCursor);
        keyCursor.End("a page such as src+3, or pages such as src+3..5");
        var text = state.Scope.Scalar(value, "an entry");
        var cursor = new TextCursor(state.Scope, text);
        var (pte, span) = Entry(state, cursor);
        var countable = pte.HasFolio || pte.Kind == EntryKind.Swap;
        if (countable && span != count)
        {
            throw state.Scope.Error(
                text,
                $"{span} pages or slots for {count} entries; expected as many, such as src+0..3: A[0..3]"
            );
        }

        for (var i = 0; i < count; i++)
        {
            var entry = pte with { Vma = (byte)vma, Page = (short)(page + i) };
            entry.FolioPage += (short)(pte.HasFolio ? i : 0);
            entry.SwapOffset += (short)(pte.Kind == EntryKind.Swap ? i : 0);
            if (entries.Count == Scenario.MaxPtes)
            {
                throw state.Scope.Error(key, $"more than {Scenario.MaxPtes} entries");
            }

            if (!entries.TryAdd((vma, page + i), (entry, key)))
            {
                throw state.Scope.Error(
                    key,
                    $"a second entry for {state.Vmas[vma]}+{EntryText.Span(page + i, 1)}"
                );
            }
        }
    }

    private static int FolioPage(
        ReadState state,
        TextCursor cursor,
        string name,
        int position,
        ref PteSpec pte
    )
    {
        var known = state.Folios.IndexOf(name);
        if (known < 0)
        {
            var what = pte.Kind == EntryKind.Present ? "entry or folio" : "folio";
            throw cursor.Error(
                position,
                FileScope.Unknown(what, name, [.. state.Folios.Take(20)])
                    + (what == "folio" ? "" : $"; or an entry: {Expected}")
            );
        }

        pte.Folio = (short)known;
        var pages = state.Scenario.Folios[known].Pages;
        if (!cursor.Take("["))
        {
            return pages == 1
                ? 1
                : throw cursor.Error($"expected a page of {name}, such as {name}[0]");
        }

        var (first, count) = cursor.Range($"page of {name}", 0, pages - 1);
        cursor.Expect("]");
        pte.FolioPage = (short)first;
        return count;
    }

    private static int Swap(TextCursor cursor, ref PteSpec pte)
    {
        pte.Kind = EntryKind.Swap;
        cursor.SkipSpaces();
        var start = cursor.Position;
        var (first, count) = cursor.Range("swap offset", 0, Machine.SwapSlotsPerDevice - 1);
        if (cursor.Take(":"))
        {
            pte.SwapDevice =
                count == 1 && first < Machine.SwapDevices
                    ? (byte)first
                    : throw cursor.Error(start, "expected a swap device, a number from 0 to 3");
            (first, count) = cursor.Range("swap offset", 1, Machine.SwapSlotsPerDevice - 1);
        }

        pte.SwapOffset =
            first > 0
                ? (short)first
                : throw cursor.Error(start, "expected a swap offset, a number from 1 to 1023");
        return count;
    }

    private static void Marker(TextCursor cursor, ref PteSpec pte)
    {
        pte.Kind = EntryKind.Marker;
        do
        {
            cursor.SkipSpaces();
            var start = cursor.Position;
            var name = cursor.Name();
            var known = EntryText.Markers.FirstOrDefault(marker => marker.Name == name);
            pte.Markers |= known.Name is not null
                ? known.Value
                : throw cursor.Error(
                    start,
                    FileScope.Unknown("marker", name, [.. EntryText.Markers.Select(m => m.Name)])
                );
        } while (cursor.Take("+"));
    }

    private static void Letters(TextCursor cursor, ref PteSpec pte)
    {
        while (!cursor.AtEnd)
        {
            var start = cursor.Position;
            var word = cursor.Word();
            for (var i = 0; i < word.Length; i++)
            {
                Letter(cursor, start + i, word[i], ref pte);
            }
        }
    }

    private static void Letter(TextCursor cursor, int position, char letter, ref PteSpec pte)
    {
        var bit = EntryText.Letters.FirstOrDefault(known => known.Letter == letter).Bit;
        var allowed = ShapeRules.AllowedBits(pte.Kind);
        if (pte.Kind == EntryKind.MigrationRead && bit is PteBits.Write or PteBits.Exclusive)
        {
            pte.Kind =
                bit == PteBits.Write ? EntryKind.MigrationWrite : EntryKind.MigrationReadExclusive;
            return;
        }

        if (bit == PteBits.None || (allowed & bit) == 0 || pte.Has(bit))
        {
            var letters =
                EntryText.Of(allowed) + (pte.Kind == EntryKind.MigrationRead ? ", and W or X" : "");
            throw cursor.Error(
                position,
                $"letter '{letter}' "
                    + (pte.Has(bit) && bit != PteBits.None ? "for the second time" : "unexpected")
                    + (
                        letters.Length == 0
                            ? "; this entry has no letters"
                            : $"; this entry has {letters}"
                    )
            );
        }

        pte.Bits |= bit;
    }
}
