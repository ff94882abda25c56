using System.Globalization;
using System.Text;
using PteCheck.Kernel.MthpSelect;

namespace PteCheck.Checking.Scenarios.Text;

/// <summary>
/// What <c>run:</c> says of mthp-select behind the VMA, all of it optional: <c>orders 2,4</c> or <c>orders none</c>,
/// <c>max-ptes-none 0</c>, <c>max-ptes-swap 2</c>, <c>max-ptes-shared 8</c>, <c>madvise</c>, <c>scans 2</c>, and last
/// <c>results retry, a+0..7 success</c>.
/// </summary>
internal static class SelectText
{
    /// <summary>Results by name.</summary>
    public static readonly (string Name, WindowResult Value)[] Results =
    [
        ("success", WindowResult.Success),
        ("retry", WindowResult.Retry),
        ("mapped-huge", WindowResult.MappedHuge),
        ("alloc-fail", WindowResult.AllocationFailure),
        ("stop", WindowResult.Stop),
    ];

    private static readonly string[] Keys =
    [
        "orders",
        "max-ptes-none",
        "max-ptes-swap",
        "max-ptes-shared",
        "madvise",
        "scans",
        "results",
    ];

    /// <summary>khugepaged's defaults for a table of so many slots: all orders, 511, 64 and 256 of 512.</summary>
    public static RunSpec Defaults(RunSpec run, int slots) =>
        run with
        {
            Scans = 1,
            Orders = (ushort)Windows.AllOrders(slots),
            MaxPtesNone = (short)(slots - 1),
            MaxPtesSwap = (short)(slots / 8),
            MaxPtesShared = (short)(slots / 2),
        };

    /// <summary>The name of a result.</summary>
    public static string Name(WindowResult result) =>
        Results.First(known => known.Value == result).Name;

    /// <summary>Reads the rest of the line.</summary>
    public static void Read(ReadState state, TextCursor cursor)
    {
        var scenario = state.Scenario;
        var slots = scenario.Slots;
        scenario.Run = Defaults(scenario.Run, slots);
        var said = new HashSet<string>(StringComparer.Ordinal);
        while (!cursor.AtEnd)
        {
            var start = cursor.Position;
            var key = cursor.Name();
            if (!Keys.Contains(key, StringComparer.Ordinal))
            {
                throw cursor.Error(start, FileScope.Unknown("word", key, Keys));
            }

            if (!said.Add(key))
            {
                throw cursor.Error(start, $"'{key}' a second time; expected each word once");
            }

            cursor.SkipSpaces();
            ReadValue(state, cursor, key, ref scenario.Run);
        }

        if (scenario.Run.Forced)
        {
            if (said.Contains("orders"))
            {
                throw cursor.Error(
                    "'orders' beside 'madvise'; expected one of them, MADV_COLLAPSE has one order"
                );
            }

            scenario.Run.Orders = (ushort)(1 << Windows.PmdOrder(slots));
        }
    }

    private static void ReadValue(ReadState state, TextCursor cursor, string key, ref RunSpec run)
    {
        var slots = state.Scenario.Slots;
        switch (key)
        {
            case "orders":
                run.Orders = Orders(cursor, slots);
                break;
            case "max-ptes-none":
                run.MaxPtesNone = (short)cursor.Number(key, 0, slots - 1);
                break;
            case "max-ptes-swap":
                run.MaxPtesSwap = (short)cursor.Number(key, 0, slots);
                break;
            case "max-ptes-shared":
                run.MaxPtesShared = (short)cursor.Number(key, 0, slots);
                break;
            case "scans":
                run.Scans = (byte)cursor.Number(key, 1, WindowRules.MaxScans);
                break;
            case "madvise":
                run.Forced = true;
                break;
            default:
                ReadResults(state, cursor, ref run);
                break;
        }
    }

    private static ushort Orders(TextCursor cursor, int slots)
    {
        if (cursor.TakeWords("none"))
        {
            return 0;
        }

        var orders = 0;
        do
        {
            var (first, count) = cursor.Range(
                "an order, or none",
                Windows.MinOrder,
                Windows.PmdOrder(slots)
            );
            orders |= ((1 << count) - 1) << first;
        } while (cursor.Take(","));

        return (ushort)orders;
    }

    private static void ReadResults(ReadState state, TextCursor cursor, ref RunSpec run)
    {
        var scenario = state.Scenario;
        run.Result = Result(cursor);
        var windows = new SortedDictionary<int, WindowSpec>();
        while (TakeComma(cursor))
        {
            cursor.SkipSpaces();
            var start = cursor.Position;
            var vma = ReadState.IndexOf(state.Vmas, cursor.Name(), "VMA", cursor, start);
            cursor.Expect("+");
            var last = scenario.Vmas[run.Vma].Pages - 1;
            var (first, pages) = cursor.Range($"page of {state.Vmas[run.Vma]}", 0, last);
            var offset = first - run.First;
            var order = Windows.PmdOrder(pages);
            var good =
                vma == run.Vma
                && int.IsPow2(pages)
                && order >= Windows.MinOrder
                && offset >= 0
                && offset % pages == 0
                && offset + pages <= scenario.Slots;
            if (!good)
            {
                throw cursor.Error(
                    start,
                    $"no window of the table; expected 4, 8 or more pages, aligned, such as {state.Vmas[run.Vma]}+{run.First}..{run.First + 3}"
                );
            }

            var window = new WindowSpec
            {
                Page = (short)first,
                Order = (byte)order,
                Result = Result(cursor),
            };
            if (
                window.Result == run.Result
                || !windows.TryAdd(Windows.Number(scenario.Slots, offset, order), window)
            )
            {
                throw cursor.Error(
                    start,
                    "a window that needs no result; expected each once, with another result than the first word"
                );
            }
        }

        foreach (var window in windows.Values)
        {
            scenario.Windows[scenario.WindowCount++] = window;
        }
    }

    private static bool TakeComma(TextCursor cursor)
    {
        cursor.SkipSpaces();
        return cursor.Take(",");
    }

    private static WindowResult Result(TextCursor cursor)
    {
        cursor.SkipSpaces();
        var start = cursor.Position;
        var name = cursor.Name();
        foreach (var (known, value) in Results)
        {
            if (known == name)
            {
                return value;
            }
        }

        throw cursor.Error(
            start,
            FileScope.Unknown("result", name, [.. Results.Select(known => known.Name)])
        );
    }

    /// <summary>The words behind the VMA, with a space before each.</summary>
    public static string Write(Scenario scenario)
    {
        var run = scenario.Run;
        var usual = Defaults(run, scenario.Slots);
        var text = new StringBuilder();
        if (run.Forced)
        {
            text.Append(" madvise");
        }
        else if (run.Orders != usual.Orders)
        {
            text.Append(" orders ").Append(OrderList(run.Orders));
        }

        AddNumber("max-ptes-none", run.MaxPtesNone, -1);
        AddNumber("max-ptes-swap", run.MaxPtesSwap, usual.MaxPtesSwap);
        AddNumber("max-ptes-shared", run.MaxPtesShared, usual.MaxPtesShared);
        AddNumber("scans", run.Scans, usual.Scans);
        if (run.Result != WindowResult.Success || scenario.WindowCount > 0)
        {
            text.Append(" results ").Append(Name(run.Result));
        }

        foreach (ref readonly var window in scenario.UsedWindows)
        {
            text.Append(", ")
                .Append(PageText(scenario, window.Page, window.Order))
                .Append(' ')
                .Append(Name(window.Result));
        }

        return text.ToString();

        void AddNumber(string key, int value, int without)
        {
            if (value != without)
            {
                text.Append(CultureInfo.InvariantCulture, $" {key} {value}");
            }
        }
    }

    /// <summary>A window as <c>a+0..7</c>.</summary>
    public static string PageText(Scenario scenario, int page, int order) =>
        $"{scenario.VmaName(scenario.Run.Vma)}+{EntryText.Span(page, 1 << order)}";

    /// <summary><c>2,3,9</c> or <c>none</c>.</summary>
    public static string OrderList(uint orders)
    {
        var list = Enumerable.Range(0, 32).Where(order => (orders >> order & 1) != 0).ToList();
        return list.Count == 0
            ? "none"
            : string.Join(",", list.Select(order => order.ToString(CultureInfo.InvariantCulture)));
    }
}
