using Microsoft.Extensions.Logging.Abstractions;
using PteCheck.Cli;
using PteCheck.Properties.Reports;

namespace PteCheck.Properties.Cli;

/// <summary>One command, run in this process, and what it wrote.</summary>
internal sealed record CliRun(int Code, string Out, string Error)
{
    public static CliRun Of(FakeEngine engine, params string[] args) =>
        Of(engine, root: null, CancellationToken.None, args);

    public static CliRun Of(
        FakeEngine engine,
        string? root,
        CancellationToken cancel,
        params string[] args
    )
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = CliApplication.Run(
            args,
            new()
            {
                Engine = engine,
                Explainer = new FixedExplainer(),
                Out = output,
                Error = error,
                Log = NullLogger.Instance,
                Root = root,
                Cancel = cancel,
            }
        );
        return new(code, output.ToString(), error.ToString());
    }
}

/// <summary>A repository in a folder of its own, removed at the end.</summary>
internal sealed class TemporaryRepository : IDisposable
{
    public TemporaryRepository(params string[] files)
    {
        foreach (var file in files)
        {
            var path = System.IO.Path.Combine(Path, file);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "");
        }
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("ptecheck").FullName;

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
