using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using PteCheck.Cli.Running;
using PteCheck.Reports.Explaining;

namespace PteCheck.Cli;

/// <summary>The process: terminal, colours, log and signals around <see cref="CliApplication"/>.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        using var cancel = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        var wantsColour = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        using var log = CreateLog(
            args.Contains("--verbose", StringComparer.Ordinal),
            wantsColour && !Console.IsErrorRedirected
        );
        var session = new Session
        {
            Engine = new CheckingEngine(),
            Explainer = ModelExplainer.Instance,
            Out = Console.Out,
            Error = Console.Error,
            Log = log.CreateLogger("ptecheck"),
            Colour = wantsColour && !Console.IsOutputRedirected,
            ShowProgress = !Console.IsErrorRedirected,
            Root = Repository.Find(),
            Cancel = cancel.Token,
        };
        ClosedPipe.EndsTheProcess();
        return CliApplication.Run(args, session);

        // The first one asks for what there is so far, the second one kills.
        void OnSignal(PosixSignalContext context)
        {
            context.Cancel = !cancel.IsCancellationRequested;
            cancel.Cancel();
        }
    }

    private static ILoggerFactory CreateLog(bool isVerbose, bool colour) =>
        LoggerFactory.Create(builder =>
            builder
                .SetMinimumLevel(isVerbose ? LogLevel.Debug : LogLevel.Warning)
                .AddConsole(options => options.LogToStandardErrorThreshold = LogLevel.Trace)
                .AddSimpleConsole(options =>
                {
                    options.SingleLine = true;
                    options.ColorBehavior = colour
                        ? LoggerColorBehavior.Default
                        : LoggerColorBehavior.Disabled;
                })
        );
}
