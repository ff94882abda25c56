using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Scenarios;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Campaigns;

namespace PteCheck.Properties.Interference;

/// <summary>
/// Campaigns with shadow stacks, with the steps of others and in sequences: what upstream does wrong in them is mended
/// here, and nothing else is found. A spurious fault alone (F8) is a fault of the reference.
/// </summary>
public sealed class ShadowStackTests
{
    private const string Merge = "~merge-keeps-soft-dirty~merge-keeps-shadow-stack";

    [Theory]
    [InlineData("mprotect/batched~compare-pte-write" + Merge)]
    [InlineData("lazyfree-unmap/batched~compare-pte-write" + Merge)]
    [InlineData("mremap/batched-any-arch~compare-pte-write~merge-keeps-shadow-stack")]
    [InlineData("zap/batched")]
    [InlineData("numa-fault/per-pte")]
    [InlineData("collapse-file/batched")]
    [InlineData("collapse-anon/batched")]
    public void Mended_code_holds_where_there_are_shadow_stacks(string name)
    {
        var result = Run(name);

        Assert.Equal(VerdictKind.Holds, result.Verdict);
        Assert.True(result.Coverage.Interleaved > 0);
    }

    [Fact]
    public void A_spurious_write_fault_is_found_in_the_reference()
    {
        var result = Run("wp-fault/per-pte");

        Assert.Equal(VerdictKind.ReferenceViolated, result.Verdict);
        var violation = Assert.Single(result.Violations);
        Assert.Equal("PTB201", violation.Rule.Id);
        Assert.Equal(1, violation.Scenario.PteCount);
        Assert.Equal(1, violation.Scenario.VmaCount);
    }

    private static CampaignResult Run(string name) =>
        CampaignLab.Run(
            CampaignLab.Options(CampaignLab.Named(name), Architecture.X86, 4 * CaseBlock.Cases) with
            {
                ShadowStack = true,
            }
        );
}
