using System.CommandLine;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Native;

namespace PteCheck.Cli.Options;

/// <summary>The options that name C functions to judge: <c>--subject</c> and how to compile them.</summary>
internal sealed class SubjectOption
{
    private readonly Option<string[]> subject = OptionText.Many(
        "--subject",
        "FILE",
        "A C file, or a shared object, with a function to judge"
    );
    private readonly Option<string?> sanitize = OptionText.One(
        "--sanitize",
        "S",
        "undefined or address: what the compiler checks in subjects (default: undefined)"
    );

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(subject);
        command.Add(sanitize);
    }

    /// <summary>Compiles and loads the subjects, in their order.</summary>
    /// <param name="session">Whose compiler to use.</param>
    /// <param name="parse">The command line.</param>
    /// <param name="kernel">The generation of names to compile with; null for what each file says.</param>
    /// <exception cref="UsageException">A value is not what it should be.</exception>
    /// <exception cref="SubjectException">One does not compile or load.</exception>
    public IReadOnlyList<Implementation> Read(
        Session session,
        ParseResult parse,
        KernelVersion? kernel = null
    )
    {
        var files = parse.GetValue(subject) ?? [];
        var checks = OptionText.Word(
            "--sanitize",
            parse.GetValue(sanitize) ?? "undefined",
            "undefined",
            "address"
        );
        if (files.FirstOrDefault(file => !File.Exists(file)) is { } missing)
        {
            throw new UsageException($"--subject: {missing}: no such file");
        }

        int? names = kernel switch
        {
            KernelVersion.V6_15 => 615,
            KernelVersion.V6_17 => 617,
            KernelVersion.V7_2 => 702,
            _ => null,
        };
        return
        [
            .. files.Select(file =>
                session
                    .Subjects.Load(file, new(Kernel: names, AddressSanitizer: checks == "address"))
                    .AsImplementation()
            ),
        ];
    }
}
