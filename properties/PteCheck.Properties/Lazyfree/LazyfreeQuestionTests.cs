using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios.Text;

namespace PteCheck.Properties.Lazyfree;

/// <summary>The protnone question, and what the relaxations R2 to R4 are there for.</summary>
public sealed class LazyfreeQuestionTests
{
    /// <summary>A batch that begins with protnone: violated when the flush is deferred, nothing is pending elsewhere and the folio is dropped; and whenever it is restored.</summary>
    [Theory]
    [InlineData("deferred", 0, 1, "PTB205 PTB206")]
    [InlineData("deferred", 1, 1, "")]
    [InlineData("immediate", 0, 1, "")]
    [InlineData("immediate", 1, 1, "")]
    [InlineData("deferred", 1, 2, "PTB005")]
    [InlineData("immediate", 0, 2, "PTB005")]
    [InlineData("immediate", 1, 2, "PTB005")]
    public void ProtnoneFirst(string flush, int pending, int references, string rules)
    {
        var text = Text("a+0: A[0] N", "a+1: A[1]", flush, references, pending);

        Assert.Equal(rules, Broken(text, "batched~ignore-protnone"));
        Assert.Equal("", Broken(text, "batched"));
    }

    [Fact]
    public void PagesBeforeADirtyOneMayBeKept() =>
        Assert.Equal(
            "",
            Broken(
                Text("a+0: A[0] Y", "a+1: A[1] DY", "immediate", 1, 0),
                "batched~merge-keeps-soft-dirty"
            )
        );

    [Fact]
    public void DirtyMayBeSeenThoughTheLoopStoppedBefore() =>
        Assert.Equal(
            "",
            Broken(
                Text("a+0: A[0] Y", "a+1: A[1] DY", "deferred", 2, 0),
                "batched~merge-keeps-soft-dirty"
            )
        );

    [Fact]
    public void FlushingProtnoneEntriesIsNoMoreWork() =>
        Assert.Equal("", Broken(Text("a+0: A[0] N", "a+1: A[1] N", "immediate", 1, 0), "batched"));

    [Theory]
    [InlineData("never-drop", "PTB005 PTB008")]
    [InlineData("dirty-always", "PTB005 PTB008")]
    public void KeepingWithoutAReasonIsNotAccepted(string decision, string rules) =>
        Assert.Equal(
            rules,
            Broken(Text("a+0: A[0] Y", "a+1: A[1] Y", "immediate", 1, 0), $"batched~{decision}")
        );

    private static string Text(
        string first,
        string second,
        string flush,
        int references,
        int pending
    ) =>
        $$"""
            arch: x86-64
            folios:
              A: { order: 2, kind: lazyfree, locked: true, extra-refs: {{references}} }
            vmas:
              - { name: a, pages: 2 }
            ptes:
              {{first}}
              {{second}}
            {{(pending == 0 ? "" : "pending: { tlb-flush-pending: { m: 1 } }")}}
            run: lazyfree-unmap A {{flush}}
            """;

    private static string Broken(string text, string name)
    {
        var scenario = ScenarioReader.Read(text, "test.yaml");
        var record = Runner.Explain(scenario, LazyfreeCampaigns.Named(name));

        Assert.Empty(record.ReferenceFindings);
        return string.Join(
            ' ',
            record
                .Findings.Select(finding => finding.Rule.Id)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
        );
    }
}
