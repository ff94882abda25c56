using System.CommandLine;
using PteCheck.Checking.Scenarios;
using PteCheck.Cli.Options;
using PteCheck.Kernel.Operations;
using PteCheck.Reports;

namespace PteCheck.Cli.Commands;

/// <summary><c>ptecheck minimize</c>: shrink a scenario and keep its signature.</summary>
internal static class MinimizeCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(Session session)
    {
        var file = new Argument<string>("FILE")
        {
            Description = "A scenario file; - for standard input",
        };
        var implementation = OptionText.One(
            "--implementation",
            "I",
            "Whose violation to keep (default: the one that the file expects to be violated)"
        );
        var command = new Command("minimize", "Shrink a scenario, keep what it shows")
        {
            file,
            implementation,
        };
        var subject = new SubjectOption();
        subject.AddTo(command);
        command.SetAction(parse =>
            Run(
                session,
                parse.GetValue(file) ?? "-",
                parse.GetValue(implementation),
                subject.Read(session, parse)
            )
        );
        return command;
    }

    private static int Run(
        Session session,
        string file,
        string? name,
        IReadOnlyList<Implementation> subjects
    )
    {
        var scenario = session.Engine.Read(file);
        if (subjects.Count > 1 || (subjects.Count == 1 && name is not null))
        {
            throw new UsageException("--subject: expected one, without --implementation");
        }

        var operation = OperationCatalog.All[scenario.Run.Operation].Name;
        if (subjects.Count == 1 && subjects[0].Operation != operation)
        {
            throw new UsageException(
                $"--subject: expected a function for {operation}, which the file runs, not one for {subjects[0].Operation}"
            );
        }

        var implementation = subjects.Count == 1 ? subjects[0] : Choose(scenario, name);
        if (
            session.Engine.Minimize(scenario, implementation)
            is not var (yaml, violation, evaluations)
        )
        {
            session.Error.WriteLine(
                $"ptecheck: nothing to minimize: {implementation.FullName} violates nothing in {file}"
            );
            return ExitCode.NothingApplicable;
        }

        session.Out.Write(yaml);
        session.Error.WriteLine(
            $"ptecheck: {implementation.FullName}: {violation.Headline()}; {scenario.PteCount} entries became {violation.Scenario.PteCount}, {evaluations} scenarios tried"
        );
        return ExitCode.Holds;
    }

    private static Implementation Choose(Scenario scenario, string? name)
    {
        if (name is null)
        {
            var violated = (scenario.Notes?.Expectations ?? [])
                .Where(expectation => expectation.Verdict == VerdictKind.Violated)
                .Select(expectation => expectation.Implementation)
                .ToList();
            name =
                violated.Count == 1
                    ? violated[0]
                    : throw new UsageException(
                        "--implementation: expected a name, for the file expects "
                            + (violated.Count == 0 ? "no violation" : "more than one violation")
                    );
        }

        return Selection.ReadAll([name], scenario.Operations())[0];
    }
}
