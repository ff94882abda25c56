using System.Globalization;
using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Scenarios;
using PteCheck.Model.Architectures;
using PteCheck.Reports;
using PteCheck.Reports.Text;

namespace PteCheck.Cli.Commands;

/// <summary>
/// Many scenarios of one question as a table: a row for each title, a column for each implementation and
/// architecture, and in each cell <c>holds</c> or the rule that is broken.
/// </summary>
/// <param name="id">Id of the question.</param>
/// <param name="width">Columns of the screen.</param>
internal sealed class ReviewTable(string id, int width)
{
    private const string Indent = "    ";
    private const string Missing = "-";
    private const string Unexpected = "!";

    private readonly List<string> titles = [];
    private readonly List<(string Implementation, Architecture Architecture)> columns = [];
    private readonly Dictionary<(int Row, int Column), string> cells = [];
    private readonly List<string> answers = [];
    private string? question;

    /// <summary>Whether every verdict was the expected one.</summary>
    public bool AsExpected { get; private set; } = true;

    /// <summary>Adds a scenario's verdicts. Scenarios of one title share a row.</summary>
    public void Add(ScenarioNotes notes, IReadOnlyList<CampaignResult> results)
    {
        question ??= notes.Question ?? notes.Title;
        var row = IndexOf(titles, notes.Title);
        IndexOf(answers, notes.Answer ?? "open");
        foreach (var result in results)
        {
            var column = IndexOf(columns, (result.Implementation.Name, result.Architecture));
            cells[(row, column)] = Cell(result);
            AsExpected &= result.AsExpected != false;
        }
    }

    /// <summary>The question, the columns by number, the table, and each different answer once.</summary>
    public IEnumerable<string> Lines() =>
        [
            .. Wrapping.Wrap($"{id}: {question}", width, 2),
            .. columns.Select(
                (column, index) =>
                    $"{Indent}[{Number(index)}] {column.Architecture.Name()} {column.Implementation}"
            ),
            .. Rows(),
            .. answers.SelectMany(answer =>
                Wrapping.Wrap($"{Indent}answer: {answer}", width, Indent.Length + 2)
            ),
        ];

    private IEnumerable<string> Rows()
    {
        var first = titles.Max(title => title.Length);
        var others = columns.Select((_, column) => Texts(column).Max(text => text.Length)).ToList();
        yield return Line("", column => $"[{Number(column)}]");
        for (var i = 0; i < titles.Count; i++)
        {
            var row = i;
            yield return Line(
                titles[row],
                column => cells.GetValueOrDefault((row, column), Missing)
            );
        }

        string Line(string title, Func<int, string> text) =>
            string.Join(
                    "  ",
                    others
                        .Select((size, column) => text(column).PadRight(size))
                        .Prepend(Indent + title.PadRight(first))
                )
                .TrimEnd();

        IEnumerable<string> Texts(int column) =>
            Enumerable
                .Range(0, titles.Count)
                .Select(row => cells.GetValueOrDefault((row, column), Missing))
                .Prepend($"[{Number(column)}]");
    }

    /// <summary>The rule that the file names, where it is broken; else the primary one; else the verdict.</summary>
    private static string Cell(CampaignResult result)
    {
        var mark = result.AsExpected == false ? Unexpected : "";
        if (result.Violations.Count == 0)
        {
            return result.Verdict.Name() + mark;
        }

        var named = result.AsExpected == true ? result.Expected?.Split(' ')[^1] : null;
        var primary = result.Violations[0].Rule.Id;
        var isRule = named is not null && named != result.Verdict.Name();
        return (isRule ? named : primary) + mark;
    }

    private static int IndexOf<T>(List<T> list, T item)
    {
        var index = list.IndexOf(item);
        if (index < 0)
        {
            index = list.Count;
            list.Add(item);
        }

        return index;
    }

    private static string Number(int index) => (index + 1).ToString(CultureInfo.InvariantCulture);
}
