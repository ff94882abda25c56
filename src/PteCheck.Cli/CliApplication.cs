using System.CommandLine.Parsing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Scenarios;
using PteCheck.Cli.Running;
using PteCheck.Native;
using PteCheck.Reports.Explaining;

namespace PteCheck.Cli;

/// <summary>The command line: parses, runs, and turns every failure into one line and an exit code.</summary>
public static class CliApplication
{
    /// <summary>Runs a command without terminal, colours and log.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error) =>
        Run(
            args,
            new()
            {
                Engine = new CheckingEngine(),
                Explainer = ModelExplainer.Instance,
                Out = output,
                Error = error,
                Log = NullLogger.Instance,
                Root = Repository.Find(),
            }
        );

    /// <summary>Runs a command in a session.</summary>
    public static int Run(string[] args, Session session)
    {
        using var subjects = new SubjectCompiler();
        var code = RunGuarded(args, session with { Subjects = subjects });
        return args.Contains("--bisect", StringComparer.Ordinal) ? ExitCode.ForBisect(code) : code;
    }

    private static int RunGuarded(string[] args, Session session)
    {
        try
        {
            var root = CommandTree.Create(session);
            var parse = CommandLineParser.Parse(
                root,
                args,
                new() { ResponseFileTokenReplacer = null }
            );
            if (parse.Errors.Count > 0)
            {
                return Complain(session, UsageErrors.Describe(parse));
            }

            return parse.Invoke(
                new()
                {
                    Output = session.Out,
                    Error = session.Error,
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = null,
                }
            );
        }
        catch (UsageException usage)
        {
            return Complain(session, usage.Message);
        }
        catch (SubjectException bad)
        {
            return CannotJudge(session, bad);
        }
        catch (CaseFailedException failed) when (failed.InnerException is SubjectException bad)
        {
            return CannotJudge(session, bad);
        }
        catch (ScenarioException bad)
        {
            session.Error.WriteLine(bad.Message);
            return ExitCode.BadUsage;
        }
        catch (OperationCanceledException) when (session.Cancel.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception unexpected)
        {
            return Crash(session, unexpected);
        }
    }

    private static int CannotJudge(Session session, SubjectException bad)
    {
        session.Error.WriteLine($"ptecheck: {bad.Message}");
        return ExitCode.CannotJudge;
    }

    private static int Complain(Session session, string message)
    {
        session.Error.WriteLine($"ptecheck: {message}");
        return ExitCode.BadUsage;
    }

    private static int Crash(Session session, Exception unexpected)
    {
        var first = unexpected;
        while (first is AggregateException { InnerException: { } inner })
        {
            first = inner;
        }

        session.Log.LogDebug(unexpected, "the exception");
        session.Error.WriteLine(
            $"ptecheck: internal error: {first.GetType().Name}: {first.Message.ReplaceLineEndings(" ")} (--verbose says where)"
        );
        if (first is CaseFailedException failed)
        {
            session.Error.WriteLine("The case, to be sent with a report:");
            session.Error.Write(failed.Scenario);
        }

        return ExitCode.InternalError;
    }
}
