using PteCheck.Checking.Oracles;
using PteCheck.Kernel.Mremap;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Quality;

namespace PteCheck.Properties.Oracles;

/// <summary>Relaxation R4: to flush more than must be flushed breaks no rule of the TLB oracle; to flush less does.</summary>
public sealed class OverFlushTests
{
    private const string Entries = """
        folios:
          A: { order: 2, exclusive: all }
        vmas:
          - { name: src, pages: 4 }
        ptes:
          src+0..3: A[0..3] WDY
        run: mremap src to dst
        """;

    [Fact]
    public void More_flushes_than_needed_are_legal()
    {
        Assert.Empty(TlbRules("batched-any-arch"));
        Assert.Empty(TlbRules("batched-any-arch~flush-each-batch"));
    }

    [Fact]
    public void A_flush_that_is_too_small_or_too_late_does_not_help()
    {
        const string More = "~flush-each-batch~store-one-by-one";
        Assert.Equal(["PTB201"], TlbRules("batched-any-arch~flush-after-unlock"));
        Assert.Equal(["PTB201", "PTB202"], TlbRules("batched-any-arch~flush-first-page"));
        Assert.Empty(TlbRules($"batched-any-arch~flush-first-page{More}"));
    }

    private static IReadOnlyList<string> TlbRules(string implementation)
    {
        var run = new Doctored<X86_64>(Entries).Run;
        run.CandidateSide.Run(
            run.Initial,
            MremapOperation.Instance,
            run.Call,
            Lab.Implementation(implementation)
        );
        var findings = new FindingList();
        new TlbOracle<X86_64>(run.Initial, run.InitialStale).Judge(
            run.CandidateSide,
            run.Call,
            findings
        );
        return Lab.RuleIds(findings);
    }
}
