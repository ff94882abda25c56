using System.Buffers;

namespace PteCheck.Reports.Text;

/// <summary>Puts the short blocks of a scenario file on one line each, where a page has few lines.</summary>
public static class CompactYaml
{
    private const string Margin = "  ";
    private const string Dash = "- ";
    private static readonly SearchValues<char> FlowSigns = SearchValues.Create("[]{},:#'");

    /// <summary>The lines of a text.</summary>
    public static IReadOnlyList<string> Lines(string text) =>
        [.. text.TrimEnd().Split('\n').Select(line => line.TrimEnd())];

    /// <summary>
    /// The lines of a text in which every block of a top-level key that fits one line stands on it:
    /// <c>ptes: { src+0: 'A[0] W', src+1: 'A[1]' }</c>. A list that does not fills as few lines as it can,
    /// and lines that are too long are broken after commas.
    /// </summary>
    /// <param name="text">The text that the scenario writer makes.</param>
    /// <param name="width">Columns of a line.</param>
    public static IReadOnlyList<string> Of(string text, int width)
    {
        var lines = Lines(text);
        var compact = new List<string>();
        for (var at = 0; at < lines.Count; )
        {
            var end = at + 1;
            while (end < lines.Count && lines[end].StartsWith(' '))
            {
                end++;
            }

            var block = lines.Skip(at).Take(end - at).ToList();
            if (Join(block, width) is { } joined && joined.Count < block.Count)
            {
                compact.AddRange(joined);
            }
            else
            {
                compact.AddRange(block.SelectMany(line => Break(line, width)));
            }

            at = end;
        }

        return compact;
    }

    /// <summary>
    /// A block on one line, or a list on as many as it needs; null when it is more than a list or a map of
    /// one level, or a map that is too long.
    /// </summary>
    private static List<string>? Join(List<string> block, int width)
    {
        var items = block.Skip(1).ToList();
        var isSimple =
            items.Count > 0
            && block[0].EndsWith(':')
            && items.TrueForAll(item => item.Length > 2 && item[2] != ' ');
        if (!isSimple)
        {
            return null;
        }

        var isList = items.TrueForAll(item =>
            item.StartsWith(Margin + Dash, StringComparison.Ordinal)
        );
        var parts = isList
            ? items.ConvertAll(item => Scalar(item[(Margin.Length + Dash.Length)..]))
            : items.ConvertAll(Pair);
        if (parts.Contains(null))
        {
            return null;
        }

        if (isList)
        {
            return Fill(block[0] + " [", parts, width);
        }

        var joined = $"{block[0]} {{ {string.Join(", ", parts)} }}";
        return joined.Length <= width ? [joined] : null;
    }

    /// <summary>A list in brackets, broken between its items.</summary>
    private static List<string>? Fill(string start, List<string?> parts, int width)
    {
        var lines = new List<string>();
        var line = start;
        for (var i = 0; i < parts.Count; i++)
        {
            var part = parts[i] + (i + 1 < parts.Count ? "," : "]");
            var space = i == 0 || line == Margin ? "" : " ";
            if (i > 0 && line.Length + space.Length + part.Length > width)
            {
                lines.Add(line);
                (line, space) = (Margin, "");
            }

            line += space + part;
        }

        lines.Add(line);
        return lines.TrueForAll(one => one.Length <= width) ? lines : null;
    }

    /// <summary>A line with a map or list in braces, broken after commas where it is too long.</summary>
    private static List<string> Break(string line, int width)
    {
        var lines = new List<string>();
        var margin = new string(
            ' ',
            line.Length - line.TrimStart(' ').Length + (2 * Margin.Length)
        );
        var open = line.AsSpan().IndexOfAny('{', '[');
        while (line.Length > width && open >= 0)
        {
            var comma = line.LastIndexOf(", ", width - 1, StringComparison.Ordinal);
            if (
                comma <= Math.Max(open, margin.Length)
                || line.AsSpan(0, comma).Count('\'') % 2 != 0
            )
            {
                break;
            }

            lines.Add(line[..(comma + 1)]);
            line = margin + line[(comma + 2)..];
            open = 0;
        }

        lines.Add(line);
        return lines;
    }

    private static string? Pair(string item)
    {
        var colon = item.IndexOf(": ", StringComparison.Ordinal);
        return colon > 0 && Scalar(item[(colon + 2)..]) is { } value
            ? $"{item[Margin.Length..colon]}: {value}"
            : null;
    }

    /// <summary>A value as it may stand in a flow: quoted where it has signs of one; null for a block.</summary>
    private static string? Scalar(string value)
    {
        if (value[0] is '{' or '[' or '\'' or '"')
        {
            return value;
        }

        return value[0] is '>' or '|' ? null
            : value.AsSpan().ContainsAny(FlowSigns)
                ? $"'{value.Replace("'", "''", StringComparison.Ordinal)}'"
            : value;
    }
}
