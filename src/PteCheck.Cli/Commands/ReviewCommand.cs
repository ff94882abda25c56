using System.CommandLine;
using System.Globalization;
using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Scenarios;
using PteCheck.Cli.Running;
using PteCheck.Reports;
using PteCheck.Reports.Text;

namespace PteCheck.Cli.Commands;

/// <summary><c>ptecheck review</c>: the review threads, each question with its scenario and its answer.</summary>
internal static class ReviewCommand
{
    private const int Width = 80;
    private const string Indent = "    ";

    /// <summary>Scenarios of one question that are shown in full; more become a table.</summary>
    private const int MostInFull = 6;

    /// <summary>Creates the command.</summary>
    public static Command Create(Session session)
    {
        var thread = new Argument<string?>("THREAD")
        {
            Description = "A folder of regressions/threads; without it, the list of them",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command(
            "review",
            "Review threads: each question, its scenario, its answer from the model"
        )
        {
            thread,
        };
        command.SetAction(parse => Run(session, parse.GetValue(thread)));
        return command;
    }

    private static int Run(Session session, string? thread)
    {
        var folder = Path.Combine(
            session.Root
                ?? throw new UsageException(
                    "review: expected to be run in the repository, whose regressions/threads it reads"
                ),
            "regressions",
            "threads"
        );
        var threads = Directory.Exists(folder)
            ? Directory
                .EnumerateDirectories(folder)
                .Select(path => Path.GetFileName(path))
                .Order(StringComparer.Ordinal)
                .ToList()
            : [];
        if (thread is null)
        {
            List(session, folder, threads);
            return ExitCode.Holds;
        }

        if (!threads.Contains(thread, StringComparer.Ordinal))
        {
            throw new UsageException(
                threads.Count == 0
                    ? $"review: no thread '{thread}'; there are none"
                    : $"review: no thread '{thread}'; there are: {string.Join(", ", threads)}"
            );
        }

        return Show(session, Path.Combine(folder, thread));
    }

    private static void List(Session session, string folder, List<string> threads)
    {
        foreach (var thread in threads)
        {
            var notes = Questions(session, Path.Combine(folder, thread))
                .ConvertAll(question => question.Scenario.Notes?.Answer ?? "");
            var counts = notes
                .GroupBy(answer => answer.Split(' ', ':', ',', ';', '.')[0], StringComparer.Ordinal)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => $"{group.Count()} {(group.Key.Length == 0 ? "open" : group.Key)}");
            var noun = notes.Count == 1 ? "scenario" : "scenarios";
            session.Out.WriteLine($"{thread}: {notes.Count} {noun} ({string.Join(", ", counts)})");
        }

        session.Out.WriteLine("ptecheck review THREAD shows one.");
    }

    private static int Show(Session session, string folder)
    {
        var code = ExitCode.Holds;
        foreach (
            var group in Questions(session, folder)
                .GroupBy(scenario => (scenario.Id, scenario.Scenario.Notes?.Question))
        )
        {
            if (session.Cancel.IsCancellationRequested)
            {
                return ExitCode.Interrupted;
            }

            var scenarios = group.Select(question => question.Scenario).ToList();
            var asExpected =
                scenarios.Count > MostInFull
                    ? ShowTable(session, group.Key.Id, scenarios)
                    : scenarios
                        .ConvertAll(scenario => ShowOne(session, group.Key.Id, scenario))
                        .TrueForAll(good => good);
            code = asExpected ? code : ExitCode.Violated;
        }

        return code;
    }

    /// <summary>A question with many scenarios, a line each.</summary>
    private static bool ShowTable(Session session, string id, List<Scenario> scenarios)
    {
        var table = new ReviewTable(id, Width);
        foreach (var scenario in scenarios)
        {
            table.Add(scenario.Notes ?? new(), session.Engine.Replay(scenario, []));
        }

        foreach (var line in table.Lines())
        {
            session.Out.WriteLine(line);
        }

        session.Out.WriteLine();
        return table.AsExpected;
    }

    private static bool ShowOne(Session session, string id, Scenario scenario)
    {
        var notes = scenario.Notes ?? new();
        var asExpected = true;
        Wrapped(session, $"{id}: {notes.Question ?? notes.Title}", "");
        Wrapped(session, $"scenario: {notes.Title} ({notes.File})", Indent);
        foreach (var result in session.Engine.Replay(scenario, []))
        {
            Wrapped(session, Verdict(result), Indent);
            asExpected &= result.AsExpected != false;
        }

        foreach (var line in $"answer: {notes.Answer ?? "open"}".Split('\n'))
        {
            Wrapped(session, line, Indent);
        }

        session.Out.WriteLine();
        return asExpected;
    }

    private static string Verdict(CampaignResult result)
    {
        var rules = result.Violations.Count > 0 ? $" {SummaryText.RulesOf(result)}" : "";
        var reason = result.Verdict == VerdictKind.NotApplicable ? $": {result.Reason}" : "";
        var note = result.AsExpected == false ? $", NOT as expected ({result.Expected})" : "";
        return $"{result.Implementation.Name}: {result.Verdict.Name()}{rules}{reason}{note}";
    }

    private static void Wrapped(Session session, string text, string indent)
    {
        foreach (var line in Wrapping.Wrap(indent + text, Width, indent.Length + 2))
        {
            session.Out.WriteLine(line);
        }
    }

    /// <summary>The scenarios of a thread by the id that their file names begin with: C2 before C10.</summary>
    private static List<(string Id, Scenario Scenario)> Questions(Session session, string folder) =>
        [
            .. Repository
                .Scenarios(folder)
                .Select(path => (Id: IdOf(path), Path: path))
                .OrderBy(file => NumberOf(file.Id))
                .ThenBy(file => file.Path, StringComparer.Ordinal)
                .Select(file => (file.Id, session.Engine.Read(Repository.Display(file.Path)))),
        ];

    /// <summary>The number in an id: 10 in <c>C10</c>; 0 where there is none.</summary>
    private static int NumberOf(string id) =>
        int.TryParse(
            id.AsSpan().TrimStart("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : 0;

    private static string IdOf(string path) => Path.GetFileNameWithoutExtension(path).Split('-')[0];
}
