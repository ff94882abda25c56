using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace PteCheck.Native;

/// <summary>How a subject is compiled and run.</summary>
/// <param name="Kernel">The generation of names, 615, 617 or 702; null for what the file says.</param>
/// <param name="AddressSanitizer">Compile with AddressSanitizer in the place of UndefinedBehaviorSanitizer.</param>
/// <param name="TimeLimit">CPU time of a case in milliseconds.</param>
public sealed record SubjectOptions(
    int? Kernel = null,
    bool AddressSanitizer = false,
    int TimeLimit = 1000
);

/// <summary>From a C file, or a shared object, to a subject.</summary>
public sealed partial class SubjectCompiler : IDisposable
{
    private readonly Lazy<string> folder = new(() =>
        Directory.CreateTempSubdirectory("ptecheck-").FullName
    );
    private readonly List<CompiledSubject> subjects = [];

    /// <summary>The folder to give the compiler with -I.</summary>
    public static string HeaderPath => Path.Combine(AppContext.BaseDirectory, "include");

    /// <summary>The compiler: <c>$CC</c>, or <c>cc</c>.</summary>
    public static string Compiler =>
        Environment.GetEnvironmentVariable("CC") is { Length: > 0 } named ? named : "cc";

    /// <summary>Whether there is a compiler.</summary>
    public static bool IsAvailable { get; } = Answers();

    /// <summary>Where the programs are that run the subjects.</summary>
    internal string Folder => folder.Value;

    /// <summary>Compiles and loads a file.</summary>
    /// <exception cref="SubjectException">It does not compile or load; the message holds the compiler's.</exception>
    public CompiledSubject Load(string file, SubjectOptions options)
    {
        if (!File.Exists(file))
        {
            throw new SubjectException($"{file}: no such file");
        }

        var isLibrary = Path.GetExtension(file) == ".so";
        var program = Path.Combine(
            folder.Value,
            string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"subject{subjects.Count}"
            )
        );
        Compile(isLibrary ? null : file, program, options);
        CompiledSubject subject;
        try
        {
            subject = new(
                file,
                program,
                isLibrary ? Path.GetFullPath(file) : null,
                options.TimeLimit
            );
        }
        catch (SubjectException bad)
        {
            throw new SubjectException($"{file}: {bad.Message}", bad);
        }

        subjects.Add(subject);
        return subject;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        subjects.ForEach(subject => subject.Dispose());
        subjects.Clear();
        if (folder.IsValueCreated && Directory.Exists(folder.Value))
        {
            Directory.Delete(folder.Value, recursive: true);
        }
    }

    /// <summary>Compiles the subject, if it is a C file, then the program that runs it.</summary>
    private static void Compile(string? file, string program, SubjectOptions options)
    {
        var common = CommonArguments(options);
        List<string> link =
        [
            .. common,
            "-o",
            program,
            Path.Combine(AppContext.BaseDirectory, "runner", "runner.c"),
        ];
        if (file is not null)
        {
            var text = File.ReadAllText(file);
            var own = OwnNames.Of(file, program + ".own.h");
            string[] header = AnyInclude().IsMatch(text) ? [] : ["-include", "ptecheck/ptecheck.h"];
            Check(
                Run([.. common, .. own.Arguments, .. header, "-c", "-o", program + ".o", file]),
                file,
                own
            );
            link.AddRange(["-DPTECHECK_LINKED", program + ".o"]);
        }

        link.Add("-ldl");
        Check(Run(link), file ?? "the runner");
    }

    private static List<string> CommonArguments(SubjectOptions options)
    {
        List<string> arguments =
        [
            "-std=gnu11",
            "-O2",
            "-g",
            "-fno-strict-aliasing",
            "-fwrapv",
            "-fno-common",
            "-Werror=implicit-function-declaration",
            "-Werror=implicit-int",
            "-Werror=int-conversion",
            "-Werror=incompatible-pointer-types",
            "-Werror=return-type",
            $"-I{HeaderPath}",
        ];
        arguments.AddRange(
            options.AddressSanitizer
                ? ["-fsanitize=address", "-fno-omit-frame-pointer"]
                :
                [
                    "-fsanitize=undefined",
                    "-fno-sanitize=alignment",
                    "-fsanitize-undefined-trap-on-error",
                ]
        );
        if (options.Kernel is { } kernel)
        {
            arguments.Add(
                string.Create(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $"-DPTECHECK_KERNEL={kernel}"
                )
            );
        }

        return arguments;
    }

    private static void Check((int Code, string Errors) outcome, string file, OwnNames? own = null)
    {
        if (outcome.Code != 0)
        {
            throw new SubjectException(Explain(file, outcome.Errors, own));
        }
    }

    /// <summary>The compiler's words, and which names the header does not have.</summary>
    private static string Explain(string file, string errors, OwnNames? own)
    {
        var missing = Missing()
            .Matches(errors)
            .Select(match => match.Groups["name"].Value)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        var noEntry = errors.Contains(
            "undefined reference to `ptecheck_subject'",
            StringComparison.Ordinal
        );
        var message = $"{file} does not compile:\n{errors.TrimEnd()}";
        if (missing.Count > 0)
        {
            message +=
                $"\nnot in the header of ptecheck, nor in the file: {string.Join(", ", missing)}";
        }

        if (own is { Names.Count: > 0 })
        {
            message +=
                $"\nthe header has its own, the file may leave them out: {string.Join(", ", own.Names)}";
        }

        if (LineOfNoBreakSpace(file) is { } line)
        {
            message +=
                $"\n{file}:{line}: a no-break space (U+00A0), as mails have where they come from a web archive; expected a space";
        }

        return noEntry
            ? $"{file} names no entry; it needs a line such as PTECHECK_MREMAP(move_ptes)"
            : message;
    }

    private static int? LineOfNoBreakSpace(string file)
    {
        const char NoBreakSpace = '\u00a0';
        var before = File.ReadLines(file)
            .TakeWhile(line => !line.Contains(NoBreakSpace, StringComparison.Ordinal))
            .Count();
        return File.ReadLines(file).Skip(before).Any() ? before + 1 : null;
    }

    private static (int Code, string Errors) Run(IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(Compiler)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.Environment["LC_ALL"] = "C";
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEnd();
            output.Wait();
            process.WaitForExit();
            return (process.ExitCode, errors);
        }
        catch (Win32Exception missing)
        {
            throw new SubjectException(
                $"there is no C compiler '{Compiler}' here; install one, or name it in CC",
                missing
            );
        }
    }

    private static bool Answers()
    {
        try
        {
            return Run(["--version"]).Code == 0;
        }
        catch (SubjectException)
        {
            return false;
        }
    }

    [GeneratedRegex("""#\s*include""", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex AnyInclude();

    [GeneratedRegex(
        """(implicit declaration of function|call to undeclared function|use of undeclared identifier|unknown type name|has no member named|no member named) ['‘](?<name>[A-Za-z0-9_]+)|['‘](?<name>[A-Za-z0-9_]+)['’] undeclared""",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Missing();
}
