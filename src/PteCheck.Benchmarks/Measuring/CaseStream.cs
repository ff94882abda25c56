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
    /// <param name="architecture">The architecture.</param>
    /// <param name="first">The first block.</param>
    /// <param name="blocks">How many.</param>
    /// <param name="isAlone">One operation a case and nobody else, in the place of a campaign's mixture.</param>
    public CaseStream(Architecture architecture, long first, int blocks, bool isAlone = false)
    {
        options = new(architecture, ShadowStack: false, Bbml2: false);
        if (isAlone)
        {
            options = options with { InterleavedPercent = 0, SequencePercent = 0 };
        }

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

    /// <summary>
    /// Fills scenarios twice: for <paramref name="take"/> until it takes no more, then the same ones, after
    /// <paramref name="between"/>, for <paramref name="act"/>; and so on to the end.
    /// </summary>
    public void ForEachTwice(Func<Scenario, bool> take, Action between, Action<Scenario> act)
    {
        for (int number = 0, first = 0; number < Cases; first = number)
        {
            while (number < Cases && take(Fill(number)))
            {
                number++;
            }

            between();
            for (var again = first; again < number; again++)
            {
                act(Fill(again));
            }
        }
    }

    /// <summary>Fills one scenario after the other, the same object each time, and hands it over.</summary>
    public void ForEach(Action<Scenario> action)
    {
        for (var number = 0; number < Cases; number++)
        {
            action(Fill(number));
        }
    }

    private Scenario Fill(int number)
    {
        var draw = draws[number / CaseBlock.CasesPerTest];
        var seed = CaseBlock.SeedOf(draw, number % CaseBlock.CasesPerTest);
        generator.Fill(scenario, options, seed, draw.Size);
        return scenario;
    }
}
