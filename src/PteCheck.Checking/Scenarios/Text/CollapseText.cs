using System.Globalization;
using System.Text;
using PteCheck.Kernel.Operations;

namespace PteCheck.Checking.Scenarios.Text;

/// <summary>
/// What <c>run: collapse-anon</c> says: <c>a</c>, or <c>a+4 order 2</c>, then <c>khugepaged</c>, limits such as
/// <c>none 0</c>, and what goes wrong.
/// </summary>
internal static class CollapseText
{
    private const string More =
        "'order', 'khugepaged', a limit ('none', 'swap', 'shared'), what goes wrong, or nothing more";

    private static readonly (string Name, CollapseMishap Mishap, bool AtPage)[] Mishaps =
    [
        ("alloc-fails", CollapseMishap.AllocFails, false),
        ("charge-fails", CollapseMishap.ChargeFails, false),
        ("mm-exits", CollapseMishap.MmExits, false),
        ("vma-gone", CollapseMishap.VmaGone, false),
        ("off-lru", CollapseMishap.OffLru, true),
        ("isolate-fails", CollapseMishap.IsolateFails, true),
        ("copy-fails", CollapseMishap.CopyFails, true),
    ];

    /// <summary>Reads what stands behind the operation's name.</summary>
    public static RunSpec Read(ReadState state, TextCursor cursor, byte operation, int start)
    {
        var vma = ReadState.IndexOf(state.Vmas, cursor.Name(), "VMA", cursor, start);
        var slots = state.Scenario.Slots;
        var run = new RunSpec
        {
            Operation = operation,
            Vma = (byte)vma,
            NewVma = (byte)vma,
        };
        if (cursor.Take("+"))
        {
            var most = state.Scenario.Vmas[vma].Pages - 1;
            run.First = (short)cursor.Number($"page of {state.Vmas[vma]}", 0, most);
            run.Pages = 1;
        }

        while (!cursor.AtEnd)
        {
            Option(cursor, slots, ref run);
        }

        return run;
    }

    /// <summary>The same as a file says it.</summary>
    public static string Write(Scenario scenario)
    {
        var run = scenario.Run;
        var text = new StringBuilder(scenario.VmaName(run.Vma));
        var usual = CollapseWindow.Window(scenario, -1) == (run.First, run.Pages);
        Add(!usual, $"+{Text(run.First)}");
        Add(run.Order > 0, $" order {Text(run.Order)}");
        Add(run.Khugepaged && run.Order == 0, " khugepaged");
        Add(run.MaxNone is not null, $" none {Text(run.MaxNone)}");
        Add(run.MaxSwap is not null, $" swap {Text(run.MaxSwap)}");
        Add(run.MaxShared is not null, $" shared {Text(run.MaxShared)}");
        if (run.Mishap != CollapseMishap.None)
        {
            var (name, _, atPage) = Mishaps.First(known => known.Mishap == run.Mishap);
            text.Append(' ').Append(name);
            Add(atPage, $" {Text(run.MishapPage)}");
        }

        return text.ToString();

        void Add(bool said, string words)
        {
            if (said)
            {
                text.Append(words);
            }
        }
    }

    private static void Option(TextCursor cursor, int slots, ref RunSpec run)
    {
        cursor.SkipSpaces();
        var start = cursor.Position;
        var name = cursor.Name();
        cursor.SkipSpaces();
        switch (name)
        {
            case "order":
                run.Order = (byte)
                    cursor.Number("order of the window", CollapseWindow.LeastOrder, 9);
                return;
            case "khugepaged":
                run.Khugepaged = true;
                return;
            case "none":
                run.MaxNone = (short)cursor.Number("max_ptes_none", 0, slots - 1);
                return;
            case "swap":
                run.MaxSwap = (short)cursor.Number("max_ptes_swap", 0, slots);
                return;
            case "shared":
                run.MaxShared = (short)cursor.Number("max_ptes_shared", 0, slots);
                return;
        }

        var index = Array.FindIndex(Mishaps, known => known.Name == name);
        if (index < 0)
        {
            throw cursor.Error(start, $"expected {More}");
        }

        run.Mishap = Mishaps[index].Mishap;
        if (Mishaps[index].AtPage)
        {
            run.MishapPage = (short)cursor.Number("page of the window", 0, slots - 1);
        }
    }

    private static string Text(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
