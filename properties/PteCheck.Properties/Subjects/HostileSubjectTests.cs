using System.Diagnostics;
using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Scenarios;
using PteCheck.Model.Architectures;
using PteCheck.Native;
using PteCheck.Properties.Regressions;

namespace PteCheck.Properties.Subjects;

/// <summary>What subjects must not do is reported for what it is, and the next case is judged as if nothing had been.</summary>
public sealed class HostileSubjectTests(SubjectFixture subjects) : IClassFixture<SubjectFixture>
{
    /// <summary>The rules that only subjects can break.</summary>
    public static IEnumerable<string> Guarded => ["PTB630", "PTB631", "PTB632", "PTB633"];

    [SubjectTheory]
    [InlineData("null-write", "PTB630", "trap")]
    [InlineData("wild-write", "PTB630", "memory fault")]
    [InlineData("past-the-table", "PTB630", "of table")]
    [InlineData("before-the-table", "PTB630", "table")]
    [InlineData("bad-shift", "PTB630", "trap")]
    [InlineData("divides-by-zero", "PTB630", "trap")]
    [InlineData("static-array", "PTB630", "trap")]
    [InlineData("stack-overflow", "PTB630", "stack")]
    [InlineData("unmapped-pointer", "PTB630", "pointer")]
    [InlineData("endless-calls", "PTB608", "no end")]
    [InlineData("lock-kept", "PTB607", "lock")]
    [InlineData("double-unlock", "PTB607", "lock")]
    [InlineData("exits", "PTB632", "exit_group")]
    [InlineData("forks", "PTB632", "clone")]
    [InlineData("allocates", "PTB632", "system call")]
    [InlineData("changes-a-handler", "PTB632", "rt_sigaction")]
    [InlineData("prints", "PTB632", "write")]
    [InlineData("opens-a-file", "PTB632", "openat")]
    [InlineData("bare-store", "PTB633", "")]
    public void It_is_reported_for_what_it_does(string file, string rule, string words)
    {
        var result = Judge(file, 256);

        Assert.Equal(VerdictKind.Violated, result.Verdict);
        var first = result.Violations[0];
        Assert.Contains(rule, first.AlsoBroken.Prepend(first.Rule.Id), StringComparer.Ordinal);
        Assert.Contains(words, first.Message, StringComparison.Ordinal);
        Assert.True(first.Site is not { } site || File.Exists(site.File), $"{first.Site}");
    }

    [SubjectFact]
    public void A_loop_without_end_ends_the_campaign()
    {
        var result = Judge("endless-loop", 4096);

        Assert.Equal("PTB631", Assert.Single(result.Violations).Rule.Id);
        Assert.True(result.Cases < 4096);
    }

    [SubjectFact]
    public void Variables_begin_each_case_as_the_file_says()
    {
        var first = Judge("remembers", 1024);
        var second = Judge("remembers", 1024);

        Assert.Equal(
            first.Violations.Select(violation => violation.FoundAfterCases),
            second.Violations.Select(violation => violation.FoundAfterCases)
        );
    }

    [SubjectFact]
    public void Ten_thousand_faults_take_less_than_a_minute()
    {
        var clock = Stopwatch.StartNew();
        var result = Judge("null-write", 10_000);

        Assert.Equal(10_000, result.Cases);
        Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1), $"{clock.Elapsed}");
    }

    [SubjectFact]
    public void Address_sanitizer_names_what_the_trap_does_not()
    {
        var subject = subjects.Load("hostile/static-array", addressSanitizer: true);
        var result = SubjectFixture.Campaign(
            subject,
            Architecture.X86,
            cases: 64,
            InterferenceMode.Off
        );

        var violation = Assert.Single(result.Violations);
        Assert.Equal("PTB630", violation.Rule.Id);
        Assert.Contains("global-buffer-overflow", violation.Message, StringComparison.Ordinal);
    }

    [SubjectFact]
    public void No_process_outlives_its_compiler()
    {
        using var compiler = new SubjectCompiler();
        var file = Path.Combine(
            RegressionFiles.Root,
            "regressions",
            "subjects",
            "hostile",
            "forks.c"
        );
        var subject = compiler.Load(file, new()).AsImplementation();
        SubjectFixture.Campaign(subject, Architecture.X86, cases: 64, InterferenceMode.Off);
        var folder = compiler.Folder;

        Assert.NotEmpty(ProcessesOf(folder));
        compiler.Dispose();
        Assert.Empty(ProcessesOf(folder));
    }

    private static List<string> ProcessesOf(string folder) =>
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Select(process => Path.Combine(process, "cmdline"))
                .Where(line => TextOf(line).StartsWith(folder, StringComparison.Ordinal)),
        ];

    private static string TextOf(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private CampaignResult Judge(string file, long cases) =>
        SubjectFixture.Campaign(
            subjects.Load("hostile/" + file),
            Architecture.X86,
            cases,
            InterferenceMode.Off
        );
}
