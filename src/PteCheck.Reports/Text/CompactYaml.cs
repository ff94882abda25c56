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
    /// <c>ptes: { src+0: 'A[0] W', src+1: 'A[1]' }</c>.
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
            if (Join(block) is { } joined && joined.Length <= width)
            {
                compact.Add(joined);
            }
            else
            {
                compact.AddRange(block);
            }

            at = end;
        }

        return compact;
    }

    /// <summary>A block on one line; null when it is more than a list or a map of one level.</summary>
    private static string? Join(List<string> block)
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

        var joined = string.Join(", ", parts);
        return isList ? $"{block[0]} [{joined}]" : $"{block[0]} {{ {joined} }}";
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
