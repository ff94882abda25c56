using PteCheck.Checking.Scenarios.Text;
using PteCheck.Reports.Text;

namespace PteCheck.Properties.Reports;

public sealed class CompactYamlTests
{
    private const string Long = """
        arch: x86-64
        folios:
          A: { order: 2, exclusive: [0] }
          B: {}
        vmas:
          - { name: src, pages: 6 }
        ptes:
          src+0: A[0] W
          src+1: A[1]
          src+2: B
          src+3: swap 2:7 X
          src+4: migration A[2] W
        run: mremap src to dst

        """;

    [Fact]
    public void Blocks_that_fit_stand_on_one_line()
    {
        var lines = CompactYaml.Of(Long, 80);
        Assert.Equal(
            [
                "arch: x86-64",
                "folios: { A: { order: 2, exclusive: [0] }, B: {} }",
                "vmas: [{ name: src, pages: 6 }]",
                "ptes:",
            ],
            lines.Take(4)
        );
        Assert.Contains("  src+4: migration A[2] W", lines);
    }

    [Fact]
    public void It_means_the_same()
    {
        var before = ScenarioReader.Read(Long, "long.yaml");
        var after = ScenarioReader.Read(
            string.Join('\n', CompactYaml.Of(Long, 200)) + "\n",
            "short.yaml"
        );
        Assert.True(before.SameAs(after));
        Assert.Equal(5, CompactYaml.Of(Long, 200).Count);
    }

    [Fact]
    public void What_is_more_than_a_list_or_a_map_stays()
    {
        const string Folded = "reach:\n  - >-\n    mmap; fork\n";
        Assert.Equal(["reach:", "  - >-", "    mmap; fork"], CompactYaml.Of(Folded, 80));
    }

    [Fact]
    public void What_is_too_long_for_a_line_is_broken_and_means_the_same()
    {
        const string Text = """
            arch: x86-64
            folios:
              A: { kind: lazyfree, locked: true, extra-refs: 1, pins: 1, exclusive: [0] }
            vmas:
              - { name: a, pages: 1 }
            ptes:
              a+0: A WY
            run: lazyfree-unmap A immediate
            interference:
              - device store a+0 after dirtycheck
              - 'cpu1 mark-dirty a+0 after clear a+0 #2'
              - cpu1 unpin a+0 after dirtycheck

            """;
        var lines = CompactYaml.Of(Text, 60);

        Assert.All(lines, line => Assert.True(line.Length <= 60, line));
        Assert.Contains("interference: [device store a+0 after dirtycheck,", lines);
        Assert.True(
            ScenarioReader
                .Read(Text, "long.yaml")
                .SameAs(ScenarioReader.Read(string.Join('\n', lines) + "\n", "short.yaml"))
        );
    }
}
