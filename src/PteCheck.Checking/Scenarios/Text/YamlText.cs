using System.Text;

namespace PteCheck.Checking.Scenarios.Text;

/// <summary>Writes YAML that fits a mail: lines of at most 80 columns, quotes only where needed.</summary>
internal sealed class YamlText
{
    private const int Width = 80;
    private readonly StringBuilder text = new();

    /// <summary>What was written.</summary>
    public override string ToString() => text.ToString();

    /// <summary>Writes a line as it is.</summary>
    public void Line(string line) => text.Append(line).Append('\n');

    /// <summary>Writes <c>PREFIX { a, b }</c> or <c>PREFIX [ a, b ]</c>, over several lines where it is too long.</summary>
    public void Flow(string prefix, char open, IReadOnlyList<string> items, char close)
    {
        if (items.Count == 0)
        {
            Line($"{prefix} {open}{close}");
            return;
        }

        var indent = new string(' ', prefix.Length - prefix.TrimStart(' ').Length + 4);
        var line = $"{prefix} {open} ";
        for (var i = 0; i < items.Count; i++)
        {
            var item = items[i] + (i + 1 < items.Count ? "," : $" {close}");
            if (i > 0 && line.Length + item.Length + 1 > Width)
            {
                Line(line.TrimEnd());
                line = indent;
            }

            line += item + (i + 1 < items.Count ? " " : "");
        }

        Line(line);
    }

    /// <summary>Writes <c>PREFIX text</c>; long text is folded.</summary>
    /// <param name="prefix">The indented key with its colon, or a dash.</param>
    /// <param name="value">The text.</param>
    public void Scalar(string prefix, string value)
    {
        var line = $"{prefix} {Quote(value)}";
        var words = value.Split(' ');
        var foldable =
            line.Length > Width
            && words.Length > 1
            && words.All(word =>
                word.Length > 0 && !word.AsSpan().ContainsAny("\n\r\t\u2028\u2029")
            );
        if (!foldable)
        {
            Line(line);
            return;
        }

        Line($"{prefix} >-");
        var indent = new string(' ', prefix.Length - prefix.TrimStart(' ').Length + 2);
        var folded = indent;
        foreach (var word in words)
        {
            if (folded.Length > indent.Length && folded.Length + word.Length + 1 > Width)
            {
                Line(folded);
                folded = indent;
            }

            folded += folded.Length > indent.Length ? $" {word}" : word;
        }

        Line(folded);
    }

    /// <summary>The text as a YAML scalar that reads back the same, in block or flow context.</summary>
    public static string Quote(string value)
    {
        if (value.AsSpan().ContainsAny("\n\r\t\u2028\u2029"))
        {
            var escaped = value
                .Replace("\\", "\\\\", StringComparison.Ordinal)
                .Replace("\"", "\\\"", StringComparison.Ordinal)
                .Replace("\n", "\\n", StringComparison.Ordinal)
                .Replace("\r", "\\r", StringComparison.Ordinal)
                .Replace("\t", "\\t", StringComparison.Ordinal)
                .Replace("\u2028", "\\u2028", StringComparison.Ordinal)
                .Replace("\u2029", "\\u2029", StringComparison.Ordinal);
            return $"\"{escaped}\"";
        }

        var plain =
            value.Length > 0
            && char.IsLetterOrDigit(value[0])
            && value[^1] is not (':' or ' ')
            && !value.Contains(": ", StringComparison.Ordinal)
            && !value.Contains(" #", StringComparison.Ordinal)
            && !value.AsSpan().ContainsAny("{}[],");
        return plain ? value : $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";
    }
}
