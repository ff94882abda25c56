using PteCheck.Model.Machines;

namespace PteCheck.Checking.Scenarios.Text;

/// <summary>Reads <c>tlb:</c> and <c>pending:</c>.</summary>
internal static class TlbReader
{
    private const PteBits Cached = PteBits.Write | PteBits.Dirty;

    /// <summary>Reads the list of stale translations into the scenario.</summary>
    public static void Read(ReadState state, YamlNode node)
    {
        foreach (var item in state.Scope.Items(node, "stale translations"))
        {
            var text = state.Scope.Scalar(item, "a translation such as 'cpu1 src+1 clean'");
            if (state.Scenario.TlbCount == Scenario.MaxTlb)
            {
                throw state.Scope.Error(text, $"more than {Scenario.MaxTlb} stale translations");
            }

            state.Scenario.Tlb[state.Scenario.TlbCount++] = ReadOne(state, text);
            state.TlbPlaces.Add(text);
        }
    }

    /// <summary>Reads what is pending.</summary>
    public static void ReadPending(ReadState state, YamlNode node)
    {
        var scope = state.Scope;
        var fields = scope.Fields(node, "what is pending", "batched-flush", "tlb-flush-pending");
        if (fields.TryGetValue("batched-flush", out var batched))
        {
            foreach (var item in scope.Items(batched, "mms"))
            {
                state.Scenario.BatchedFlushPending |= (byte)(
                    1 << Mm(state, scope.Scalar(item, "mm"))
                );
            }
        }

        if (fields.TryGetValue("tlb-flush-pending", out var pending))
        {
            foreach (var (key, value) in scope.Map(pending, "mms and counts").Entries)
            {
                state.Scenario.TlbFlushPending[Mm(state, key)] = (byte)
                    scope.Number(value, "tlb-flush-pending", 0, byte.MaxValue);
            }
        }
    }

    private static int Mm(ReadState state, YamlScalar node)
    {
        var cursor = new TextCursor(state.Scope, node);
        var mm = ReadState.IndexOf(state.Mms, cursor.Name(), "mm", cursor, 0);
        cursor.End("the name of an mm");
        return mm;
    }

    private static TlbSpec ReadOne(ReadState state, YamlScalar text)
    {
        var cursor = new TextCursor(state.Scope, text);
        cursor.SkipSpaces();
        cursor.Expect("cpu");
        var cpu = cursor.Number("CPU", 0, Machine.MaxCpus - 1);
        var (vma, page, count) = EntryReader.Place(state, cursor);
        if (count != 1)
        {
            throw cursor.Error("expected one page, such as src+1");
        }

        cursor.SkipSpaces();
        var entry = cursor.Take("=") ? Explicit(state, cursor) : Live(state, cursor, vma, page);
        return new()
        {
            Cpu = (byte)cpu,
            Vma = (byte)vma,
            Page = (short)page,
            Folio = entry.Folio,
            FolioPage = entry.FolioPage,
            Bits = entry.Bits & Cached,
        };
    }

    private static PteSpec Explicit(ReadState state, TextCursor cursor)
    {
        cursor.SkipSpaces();
        var start = cursor.Position;
        var (entry, count) = EntryReader.Entry(state, cursor);
        return entry.Kind == EntryKind.Present && count == 1 && (entry.Bits & ~Cached) == 0
            ? entry
            : throw cursor.Error(start, "expected one page with letters W and D, such as A[0] WD");
    }

    private static PteSpec Live(ReadState state, TextCursor cursor, int vma, int page)
    {
        var start = cursor.Position;
        var clean = cursor.Take("clean");
        cursor.End("'clean', '= A[0] WD' or nothing");
        var live = state.Scenario.PteAt(vma, page);
        if (live is not { Kind: EntryKind.Present } entry)
        {
            throw cursor.Error(
                start,
                "no present entry there to copy; expected '= A[0] WD', what the CPU holds"
            );
        }

        return clean ? entry with { Bits = entry.Bits & ~PteBits.Dirty } : entry;
    }
}
