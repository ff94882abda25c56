using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Generation;

namespace PteCheck.Properties.Campaigns;

/// <summary>Block b of a seed is always the same, and no other is like it.</summary>
public sealed class CaseBlockTests
{
    [Fact]
    public void A_block_is_a_function_of_seed_and_number()
    {
        Assert.Equal(Draws(3, 5), Draws(3, 5));
        Assert.NotEqual(Draws(3, 5), Draws(3, 6));
        Assert.NotEqual(Draws(3, 5), Draws(4, 5));
    }

    [Fact]
    public void A_block_has_all_its_tests_and_sizes_that_grow()
    {
        var draws = Draws(1, 0);
        Assert.Equal(CaseBlock.Tests, draws.Count);
        Assert.Equal(CaseBlock.Cases, CaseBlock.Tests * CaseBlock.CasesPerTest);
        Assert.InRange(draws[0].Size, 1, 5);
        Assert.Equal(draws.Select(draw => draw.Size).Order(), draws.Select(draw => draw.Size));
        Assert.InRange(draws[^1].Size, 90, ScenarioGenerator.MaxSize);
    }

    [Fact]
    public void The_cases_of_a_block_have_seeds_of_their_own()
    {
        var seeds = Draws(1, 0)
            .SelectMany(draw =>
                Enumerable
                    .Range(0, CaseBlock.CasesPerTest)
                    .Select(index => CaseBlock.SeedOf(draw, index))
            )
            .ToHashSet();
        Assert.Equal(CaseBlock.Cases, seeds.Count);
    }

    [Fact]
    public void A_visitor_that_has_enough_is_not_called_again()
    {
        var calls = 0;
        CaseBlock.Visit(1, 0, (_, _) => ++calls < 3);
        Assert.Equal(3, calls);
    }

    [Fact]
    public void What_a_case_throws_comes_out() =>
        Assert.Throws<NotSupportedException>(() =>
            CaseBlock.Visit(1, 0, (_, _) => throw new NotSupportedException("a case"))
        );

    private static List<CaseDraw> Draws(ulong seed, long block)
    {
        var draws = new List<CaseDraw>();
        CaseBlock.Visit(
            seed,
            block,
            (_, draw) =>
            {
                draws.Add(draw);
                return true;
            }
        );
        return draws;
    }
}
