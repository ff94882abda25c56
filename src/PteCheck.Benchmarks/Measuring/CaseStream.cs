using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Generation;
using PteCheck.Checking.Scenarios;
using PteCheck.Model.Architectures;

namespace PteCheck.Benchmarks.Measuring;

/// <summary>
/// Blocks of cases as a campaign of seed 1 has them, with the draws of FsCheck made beforehand: what
/// remains to be timed is the expansion of the seeds and what is done with the scenarios.
/// </summary>
internal sealed class CaseStream
{
    private readonly List<CaseDraw> draws = [];
    private readonly ScenarioGenerator generator = new();
    private readonly Scenario scenario = new();
    private readonly GeneratorOptions options;

    /// <summary>Draws <paramref name="blocks"/> blocks, beginning with block <paramref name="first"/>.</summary>
    public CaseStream(Architecture architecture, long first, int blocks)
    {
        options = new(architecture, ShadowStack: false, Bbml2: false);
        for (var block = first; block < first + blocks; block++)
        {
            CaseBlock.Visit(
                seed: 1,
                block,
                (_, draw) =>
                {
                    draws.Add(draw);
                    return true;
                }
            );
        }
    }

    /// <summary>How many cases there are.</summary>
    public int Cases => draws.Count * CaseBlock.CasesPerTest;

    /// <summary>Fills one scenario after the other, the same object each time, and hands it over.</summary>
    public void ForEach(Action<Scenario> action)
    {
        foreach (var draw in draws)
        {
            for (var i = 0; i < CaseBlock.CasesPerTest; i++)
            {
                generator.Fill(scenario, options, CaseBlock.SeedOf(draw, i), draw.Size);
                action(scenario);
            }
        }
    }
}
