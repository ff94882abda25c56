using System.Text;
using PteCheck.Reports.Text;

namespace PteCheck.Cli;

/// <summary>A table in plain text, 100 columns wide at most; the last column is wrapped.</summary>
internal static class TextTable
{
    private const int Width = 100;
    private const int Indent = 2;
    private const int Gap = 2;

    /// <summary>Writes rows that all have the same number of cells.</summary>
    public static void Write(TextWriter output, IReadOnlyList<string[]> rows)
    {
        var columns = rows.Count == 0 ? 0 : rows[0].Length;
        var widths = Enumerable
            .Range(0, columns)
            .Select(column => rows.Max(row => row[column].Length))
            .ToArray();
        var margin = Indent + widths.Take(columns - 1).Sum(width => width + Gap);
        foreach (var row in rows)
        {
            var start = new StringBuilder(new string(' ', Indent));
            for (var column = 0; column < columns - 1; column++)
            {
                start.Append(row[column].PadRight(widths[column] + Gap));
            }

            foreach (var line in Wrapping.Wrap(row[^1], Width - margin, 0))
            {
                output.WriteLine((start + line).TrimEnd());
                start.Clear().Append(' ', margin);
            }
        }
    }
}
