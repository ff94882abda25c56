using System.CommandLine;
using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Scenarios;
using PteCheck.Cli.Options;
using PteCheck.Cli.Running;
using PteCheck.Kernel.Operations;
using PteCheck.Reports;

namespace PteCheck.Cli.Commands;

/// <summary><c>ptecheck gate</c>: all of <c>regressions/</c>, then the gate profile, for CI.</summary>
internal static class GateCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(Session session)
    {
        var judge = new JudgeOptions();
        var output = new OutputOptions();
        var command = new Command(
            "gate",
            "For CI: all of regressions/, then the gate profile; fails only on what is new"
        );
        judge.AddTo(command);
        output.AddTo(command);
        command.SetAction(parse => Run(session, judge.Read(parse, session), output.Read(parse)));
        return command;
    }

    private static int Run(Session session, CampaignSettings settings, OutputSettings output)
    {
        var root =
            session.Root
            ?? throw new UsageException(
                "gate: expected to be run in the repository, whose regressions/ it replays"
            );
        var printer = new ResultPrinter(session, output);
        var subjects = settings.Implementations.Where(known => known.Subject is not null).ToList();
        var replayed = Replay(session, Path.Combine(root, "regressions"), printer, subjects);
        var judged = new CampaignSeries(session).Run(settings, printer.PrintLine);
        var input = printer.Input("gate", [.. replayed, .. judged]);
        printer.PrintViolations(input);
        var code = CodeOf(input);
        var passed = code == ExitCode.Holds && !session.Cancel.IsCancellationRequested;
        return printer.Finish(input, GateLine.Of(input, passed), code);
    }

    /// <summary>Whether a replay went as its file says, or found nothing against a subject, of which no file says anything.</summary>
    private static bool IsQuiet(CampaignResult result) =>
        result.AsExpected
        ?? (
            result.Implementation.Subject is not null
            && result.Verdict is VerdictKind.Holds or VerdictKind.NotApplicable
        );

    /// <summary>A gate passes where nothing applies, too.</summary>
    private static int CodeOf(ReportInput input)
    {
        var code = ExitCode.Of(input);
        return code == ExitCode.NothingApplicable ? ExitCode.Holds : code;
    }

    private static List<CampaignResult> Replay(
        Session session,
        string folder,
        ResultPrinter printer,
        IReadOnlyList<Implementation> subjects
    )
    {
        var results = new List<CampaignResult>();
        foreach (var path in Repository.Scenarios(folder))
        {
            if (session.Cancel.IsCancellationRequested)
            {
                break;
            }

            var scenario = session.Engine.Read(Repository.Display(path));
            var operation = OperationCatalog.All[scenario.Run.Operation].Name;
            var own = subjects.Where(subject => subject.Operation == operation).ToList();
            var judged = session.Engine.Replay(scenario, []);
            if (own.Count > 0)
            {
                judged = [.. judged, .. session.Engine.Replay(scenario, own)];
            }

            if (session.KnownFile is { } known)
            {
                judged = session.Engine.MarkKnown(judged, known);
            }

            results.AddRange(judged);
            foreach (var result in judged.Where(result => !IsQuiet(result)))
            {
                printer.PrintLine(result);
            }
        }

        return results;
    }
}
