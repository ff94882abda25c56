using PteCheck.Cli;
using PteCheck.Native;
using PteCheck.Native.Abi;
using PteCheck.Properties.Cli;
using PteCheck.Properties.Regressions;

namespace PteCheck.Properties.Subjects;

/// <summary>From a file to a verdict by the command line, and what is said of files that come to none.</summary>
public sealed class SubjectCompilerTests
{
    [Fact]
    public void The_header_is_laid_out_as_the_checker_is()
    {
        var header = Path.Combine(
            RegressionFiles.Root,
            "src",
            "PteCheck.Native",
            "include",
            "ptecheck",
            "layout.h"
        );

        // `scripts/ptecheck subject layout` writes it.
        Assert.Equal(LayoutHeader.Write(), File.ReadAllText(header));
    }

    [SubjectFact]
    public void A_name_that_the_header_does_not_have_is_named()
    {
        var (code, _, error) = Judge(
            """
            static int move_ptes(struct pagetable_move_control *pmc, unsigned long extent,
                                 pmd_t *old_pmd, pmd_t *new_pmd)
            {
                return no_such_helper(pmc);
            }
            PTECHECK_MREMAP(move_ptes)
            """
        );

        Assert.Equal(ExitCode.CannotJudge, code);
        Assert.Contains(
            "not in the header of ptecheck, nor in the file: no_such_helper",
            error,
            StringComparison.Ordinal
        );
    }

    [SubjectFact]
    public void A_space_that_is_none_is_named_with_its_line()
    {
        var (code, _, error) = Judge(
            "#include <ptecheck/ptecheck.h>\nint\u00a0move;\nPTECHECK_MREMAP(move_ptes)\n"
        );

        Assert.Equal(ExitCode.CannotJudge, code);
        Assert.Contains("my_move.c:2: a no-break space (U+00A0)", error, StringComparison.Ordinal);
    }

    [SubjectFact]
    public void A_file_without_an_entry_is_told_so()
    {
        var (code, _, error) = Judge("static int unused;\n");

        Assert.Equal(ExitCode.CannotJudge, code);
        Assert.Contains("PTECHECK_MREMAP", error, StringComparison.Ordinal);
    }

    [SubjectFact]
    public void The_starting_file_holds()
    {
        var (code, output, error) = Judge(SubjectTemplates.Find("mremap")!);

        Assert.Equal("", error);
        Assert.Contains("arm64, kernel 7.2: holds", output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Holds, code);
    }

    [SubjectFact]
    public void An_operation_beside_a_subject_is_the_subjects()
    {
        var (code, _, error) = Judge(SubjectTemplates.Find("mremap")!, "--operation", "zap");

        Assert.Equal(ExitCode.BadUsage, code);
        Assert.Contains(
            "--operation: expected mremap beside --subject, not 'zap'",
            error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_header_path_has_the_header()
    {
        using var output = new StringWriter();
        Assert.Equal(
            ExitCode.Holds,
            CliApplication.Run(["--header-path"], output, TextWriter.Null)
        );
        Assert.True(File.Exists(Path.Combine(output.ToString().Trim(), "ptecheck", "ptecheck.h")));
    }

    private static (int Code, string Output, string Error) Judge(string text, params string[] more)
    {
        using var folder = new TemporaryRepository();
        var file = folder.PathOf("my_move.c");
        File.WriteAllText(file, text);
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = CliApplication.Run(
            ["run", "--subject", file, "--cases", "512", .. more],
            output,
            error
        );
        return (code, output.ToString(), error.ToString());
    }
}
