using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Properties.Scenarios;

/// <summary>What the reader makes of good files.</summary>
public sealed class ScenarioReaderTests
{
    [Fact]
    public void The_example_of_the_design_reads_as_it_says()
    {
        var scenario = ScenarioReader.Read(ScenarioTexts.Design, "design.yaml");

        Assert.Equal(Architecture.X86, scenario.Architecture);
        Assert.Equal((1, 2, 2), (scenario.FolioCount, scenario.VmaCount, scenario.PteCount));
        Assert.Equal(2, scenario.Folios[0].Order);
        Assert.Equal(1, scenario.Folios[0].Exclusive.Count);
        Assert.Equal(VmaFlags.Read | VmaFlags.Write, scenario.Vmas[0].Flags);
        Assert.True(scenario.Vmas[1].Destination);
        Assert.Equal(2, scenario.Vmas[1].Pages);
        Assert.Equal(PteBits.Write | PteBits.Dirty | PteBits.Young, scenario.Ptes[0].Bits);
        Assert.Equal(1, scenario.Ptes[1].FolioPage);
        Assert.Equal((0, 2), (scenario.Run.First, scenario.Run.Pages));
        Assert.Equal("dst", scenario.VmaName(1));
        var expected = scenario.Notes!.Expectations[1];
        Assert.Equal(
            ("as-posted-v4", VerdictKind.Violated, "PTB001", 12),
            (expected.Implementation, expected.Verdict, expected.Rule, expected.Line)
        );
        Assert.Single(scenario.Notes.Reach);
    }

    [Fact]
    public void Entries_are_in_the_order_of_pages_whatever_the_file_says()
    {
        var scenario = ScenarioReader.Read(
            ScenarioTexts.With("ptes: { src+3: zero, src+1: 'A[1] YDW', src+0: swap 3 }"),
            "f"
        );

        Assert.Equal([0, 1, 3], scenario.UsedPtes.ToArray().Select(pte => (int)pte.Page));
        Assert.Equal("A[1] WDY", ScenarioWriter.Entry(scenario, scenario.Ptes[1]));
    }

    [Fact]
    public void A_clean_translation_is_the_live_entry_without_dirty()
    {
        var scenario = ScenarioReader.Read(ScenarioTexts.Good[3], "f");

        Assert.Equal(PteBits.Write | PteBits.Dirty, scenario.Tlb[0].Bits);
        Assert.Equal(PteBits.Write, scenario.Tlb[1].Bits);
        Assert.Equal(
            (1, 2, 2),
            (scenario.Tlb[1].Cpu, scenario.Tlb[1].Page, scenario.Tlb[1].FolioPage)
        );
    }

    [Fact]
    public void A_range_of_the_source_gives_the_destination_its_length()
    {
        var text = ScenarioTexts.With().Replace("src to", "src+1..3 to", StringComparison.Ordinal);
        var scenario = ScenarioReader.Read(text, "f");

        Assert.Equal((1, 3), (scenario.Run.First, scenario.Run.Pages));
        Assert.Equal(3, scenario.Vmas[scenario.Run.NewVma].Pages);
    }

    [Fact]
    public void Every_good_file_comes_back_from_its_own_text()
    {
        foreach (var text in ScenarioTexts.Good)
        {
            var scenario = ScenarioReader.Read(text, "f");
            var written = ScenarioWriter.Write(scenario);
            var again = ScenarioReader.Read(written, "written");

            Assert.True(again.SameAs(scenario), written);
            Assert.Equal(written, ScenarioWriter.Write(again));
            Assert.All(written.Split('\n'), line => Assert.True(line.Length <= 80, line));
            Assert.Equal(scenario.Notes!.Title, again.Notes!.Title);
            Assert.Equal(scenario.Notes.Question, again.Notes.Question);
            Assert.Equal(scenario.Notes.Answer, again.Notes.Answer);
            Assert.Equal(scenario.Notes.Reach, again.Notes.Reach);
        }
    }

    [Fact]
    public void A_file_is_read_as_its_text_is()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, ScenarioTexts.Design);
            var scenario = ScenarioReader.ReadFile(path);
            Assert.True(scenario.SameAs(ScenarioReader.Read(ScenarioTexts.Design, path)));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
