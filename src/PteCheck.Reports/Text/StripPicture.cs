using System.Text;
using PteCheck.Reports.Explaining;

namespace PteCheck.Reports.Text;

/// <summary>
/// The page-table strip: a column a slot, and the rows before, per-PTE and candidate. Where the two
/// runs differ is marked below. Slots that do not fit, and empty ones, are folded to <c>..</c>.
/// </summary>
public static class StripPicture
{
    private const int LongestLabel = 12;
    private const int Gap = 2;
    private const string Fold = "..";

    /// <summary>Draws the slots.</summary>
    /// <param name="slots">All slots, in order.</param>
    /// <param name="candidate">Name of the judged implementation.</param>
    /// <param name="where">Name of the place of the violation, shown before all others.</param>
    /// <param name="width">Columns.</param>
    /// <param name="beforeAlone">The entries before, for an operation that changes none.</param>
    public static IReadOnlyList<TextLine> Draw(
        IReadOnlyList<SlotView> slots,
        string candidate,
        string where,
        int width,
        bool beforeAlone = false
    )
    {
        if (slots.All(IsEmpty))
        {
            return [];
        }

        var label = candidate.Length <= LongestLabel ? candidate : "candidate";
        var labelWidth = Math.Max("per-PTE".Length, label.Length) + Gap;
        var shown = Choose(slots, where, width - labelWidth);
        var columns = Columns(slots, shown);
        var lines = new List<TextLine>
        {
            Row("", labelWidth, columns, slot => slot.Name),
            Row("before", labelWidth, columns, slot => slot.Before),
        };
        if (beforeAlone)
        {
            return lines;
        }

        lines.AddRange([
            Row("per-PTE", labelWidth, columns, slot => slot.Reference),
            Row(label, labelWidth, columns, slot => slot.Candidate),
        ]);
        if (shown.Any(index => slots[index].Differs))
        {
            lines.Add(
                Row("", labelWidth, columns, Marks, isMark: true) with
                {
                    Style = LineStyle.Mark,
                }
            );
        }

        return lines;
    }

    private static string Marks(SlotView slot) =>
        slot.Differs ? new string('^', Math.Max(slot.Reference.Length, slot.Candidate.Length)) : "";

    private static TextLine Row(
        string label,
        int labelWidth,
        List<SlotView?> columns,
        Func<SlotView, string> text,
        bool isMark = false
    )
    {
        var line = new StringBuilder(label.PadRight(labelWidth));
        foreach (var slot in columns)
        {
            var cell =
                slot is not null ? text(slot)
                : isMark ? ""
                : Fold;
            line.Append(cell.PadRight(WidthOf(slot)));
        }

        return new(line.ToString().TrimEnd(), LineStyle.Picture);
    }

    /// <summary>Columns of a slot, or of a fold, with the gap after it.</summary>
    private static int WidthOf(SlotView? slot) =>
        Gap
        + (
            slot is null
                ? Fold.Length
                : Math.Max(
                    Math.Max(slot.Name.Length, slot.Before.Length),
                    Math.Max(slot.Reference.Length, slot.Candidate.Length)
                )
        );

    private static bool IsEmpty(SlotView slot) =>
        slot is { Before: "none", Reference: "none", Candidate: "none" };

    /// <summary>As many slots as fit: the place itself, then differing and other ones by turns.</summary>
    private static SortedSet<int> Choose(IReadOnlyList<SlotView> slots, string where, int room)
    {
        var shown = new SortedSet<int>();
        foreach (var index in Preference(slots, where))
        {
            shown.Add(index);
            if (Columns(slots, shown).Sum(WidthOf) - Gap > room)
            {
                shown.Remove(index);
                break;
            }
        }

        return shown;
    }

    private static IEnumerable<int> Preference(IReadOnlyList<SlotView> slots, string where)
    {
        var all = Enumerable.Range(0, slots.Count).ToList();
        var differing = all.Where(index => slots[index].Differs).ToList();
        var others = all.Where(index => !slots[index].Differs && !IsEmpty(slots[index])).ToList();
        var order = all.Where(index => slots[index].Name == where).ToList();
        for (var turn = 0; turn < Math.Max(differing.Count, others.Count); turn++)
        {
            order.AddRange(differing.Skip(turn).Take(1));
            order.AddRange(others.Skip(turn).Take(1));
        }

        return order.Distinct();
    }

    /// <summary>The slots shown, with null wherever some between or around them are folded.</summary>
    private static List<SlotView?> Columns(IReadOnlyList<SlotView> slots, SortedSet<int> shown)
    {
        var columns = new List<SlotView?>();
        var next = 0;
        foreach (var index in shown)
        {
            AddFold(next, index);
            columns.Add(slots[index]);
            next = index + 1;
        }

        AddFold(next, slots.Count);
        return columns;

        void AddFold(int from, int to)
        {
            for (var skipped = from; skipped < to; skipped++)
            {
                if (!IsEmpty(slots[skipped]))
                {
                    columns.Add(null);
                    return;
                }
            }
        }
    }
}
