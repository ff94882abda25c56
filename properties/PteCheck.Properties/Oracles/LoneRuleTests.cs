using PteCheck.Checking.Oracles;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Quality;

namespace PteCheck.Properties.Oracles;

/// <summary>
/// Two rules whose smallest scenarios break an invariant as well: here each breaks alone, and with it
/// off the scenario holds.
/// </summary>
public sealed class LoneRuleTests
{
    /// <summary>Both pages are exclusive, so that the write bit gained breaks no invariant.</summary>
    private const string WriteGained = """
        folios:
          A: { order: 2, exclusive: all }
        vmas:
          - { name: src, pages: 2 }
        ptes:
          src+0: A[0] WDY
          src+1: A[1] Y
        run: mremap src to dst
        """;

    /// <summary>A guard marker counts nowhere, so that one too many is no wrong count.</summary>
    private const string LeftAtSource = """
        vmas:
          - { name: src, pages: 1 }
        ptes:
          src+0: marker guard
        run: mremap src to dst
        """;

    [Theory]
    [InlineData("PTB001", "batched-any-arch~ignore-write", WriteGained)]
    [InlineData("PTB006", "batched-any-arch~no-clear", LeftAtSource)]
    [InlineData("PTB006", "sketch-split-no-clear", LeftAtSource)]
    public void A_rule_that_breaks_alone_decides_alone(
        string rule,
        string implementation,
        string yaml
    )
    {
        foreach (var architecture in Lab.Architectures)
        {
            var text = $"arch: {architecture.Name()}\n{yaml}";
            var scenario = ScenarioReader.Read(text, "lone.yaml");
            var worker = Lab.Worker(implementation, architecture);
            worker.Evaluate(scenario);
            Assert.Equal([rule], Lab.RuleIds(worker.Candidate));
            worker.Candidate.Off = Rules.Find(rule);
            worker.Evaluate(scenario);
            Assert.Empty(Lab.RuleIds(worker.Candidate));
        }
    }
}
