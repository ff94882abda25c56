using System.CommandLine;
using PteCheck.Native;
using PteCheck.Native.Abi;

namespace PteCheck.Cli.Commands;

/// <summary><c>ptecheck subject</c>: what one needs to write a C subject.</summary>
internal static class SubjectCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(Session session)
    {
        var operation = new Argument<string>("OPERATION")
        {
            Description = "The operation, for instance mremap",
        };
        var start = new Command("new", "Print a commented starting file for a C subject")
        {
            operation,
        };
        start.SetAction(parse =>
        {
            var name = parse.GetValue(operation) ?? "";
            session.Out.Write(
                SubjectTemplates.Find(name)
                    ?? throw new UsageException(
                        $"OPERATION: expected {string.Join(" or ", SubjectTemplates.Operations)}, not '{name}'"
                    )
            );
            return ExitCode.Holds;
        });
        var layout = new Command("layout", "Print layout.h, which checker and subjects share");
        layout.SetAction(_ =>
        {
            session.Out.Write(LayoutHeader.Write());
            return ExitCode.Holds;
        });
        return new("subject", "C functions to judge: a starting file, the shared layout")
        {
            start,
            layout,
        };
    }
}
