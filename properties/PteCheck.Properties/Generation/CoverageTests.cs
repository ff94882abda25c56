using PteCheck.Checking.Campaigns;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Campaigns;
using PteCheck.Properties.Quality;

namespace PteCheck.Properties.Generation;

/// <summary>
/// A campaign that never met a situation says nothing about it: every coverage cell is hit, but for
/// those that cannot occur, each with its reason.
/// </summary>
public sealed class CoverageTests
{
    private const long Cases = 100_000;

    /// <summary>mremap neither splits a batch at young, dirty or soft-dirty nor looks at them (FPB_RESPECT_WRITE alone).</summary>
    private static readonly string[] NeverInMremap = ["ended-by/dirty", "ended-by/soft-dirty"];

    /// <summary>x86-64 has no contiguous blocks.</summary>
    private static readonly string[] OnlyArm64 =
    [
        "ended-by/cont",
        "cont/full",
        "cont/partial",
        "cont/misaligned-destination",
    ];

    /// <summary>arm64 has no shadow stacks in this model; on x86-64 they are a configuration of its own.</summary>
    private static readonly string[] OnlyWithShadowStack = ["shadow-stack"];

    /// <summary>Where write faults are no part of sequences.</summary>
    private static readonly string[] OnlyWithoutShadowStack = ["after/wp-fault"];

    [Theory]
    [InlineData(Architecture.X86, false)]
    [InlineData(Architecture.X86, true)]
    [InlineData(Architecture.Arm64, false)]
    public void Every_cell_that_can_occur_is_hit(Architecture architecture, bool shadowStack)
    {
        var result = CampaignLab.Run(
            Lab.Options("batched-any-arch", architecture, Cases, 1, shadowStack) with
            {
                Jobs = 2,
            }
        );
        string[] impossible =
        [
            .. NeverInMremap,
            .. architecture == Architecture.X86 ? OnlyArm64 : [],
            .. shadowStack ? OnlyWithoutShadowStack : OnlyWithShadowStack,
        ];
        Assert.Equal(
            impossible.Order(StringComparer.Ordinal),
            result
                .Coverage.Cells.Where(cell => cell.Value == 0)
                .Select(cell => cell.Key)
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Every_cell_is_listed_once()
    {
        Assert.Equal(CoverageCells.Names, CoverageCells.Names.Distinct(StringComparer.Ordinal));
    }
}
