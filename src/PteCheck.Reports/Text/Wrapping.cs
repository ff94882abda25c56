namespace PteCheck.Reports.Text;

/// <summary>Breaks long lines at spaces.</summary>
public static class Wrapping
{
    /// <summary>
    /// Lines of at most <paramref name="width"/> columns. A word longer than a line is cut, behind a slash or
    /// a tilde if it has one.
    /// </summary>
    /// <param name="text">The text, on one line.</param>
    /// <param name="width">Columns.</param>
    /// <param name="indent">Columns that every line but the first is moved in.</param>
    public static IReadOnlyList<string> Wrap(string text, int width, int indent) =>
        Break(text, width, indent, "");

    /// <summary>
    /// The same for a shell command: every line but the last ends with a backslash, and a word longer than a
    /// line stays whole, since it is copied.
    /// </summary>
    public static IReadOnlyList<string> WrapCommand(string text, int width) =>
        Break(text, width, 4, " \\");

    private static List<string> Break(string text, int width, int indent, string tail)
    {
        var lines = new List<string>();
        var rest = text;
        var margin = "";
        while (margin.Length + rest.Length > width)
        {
            var room = width - margin.Length - tail.Length;
            var space = rest.LastIndexOf(' ', room);
            var cut =
                space > 0 ? space
                : tail.Length > 0 ? rest.IndexOf(' ', StringComparison.Ordinal)
                : CutOf(rest, room);
            if (cut < 0)
            {
                break;
            }

            lines.Add(margin + rest[..cut].TrimEnd() + tail);
            rest = rest[cut..].TrimStart();
            margin = new string(' ', indent);
        }

        lines.Add(margin + rest);
        return lines;
    }

    private static int CutOf(string text, int room)
    {
        var sign = text.LastIndexOfAny(['/', '~'], room - 1);
        return sign > 0 ? sign + 1 : room;
    }
}
