using PteCheck.Model.Architectures;
using PteCheck.Properties.Campaigns;
using PteCheck.Properties.Generation;

namespace PteCheck.Properties.Zap;

/// <summary>The hot path of a campaign allocates nothing per case: once the reusable buffers have grown, the same cases take no byte.</summary>
public sealed class AllocationTests
{
    [Theory]
    [InlineData("zap/batched")]
    [InlineData("wp-fault/per-pte")]
    [InlineData("numa-fault/per-pte")]
    [InlineData("folio-pte-batch/batched")]
    public void CasesAllocateNothing(string name)
    {
        var implementation = CampaignLab.Named(name);
        GeneratorLab.AssertNothingAllocated(
            CampaignLab.Worker(implementation, Architecture.Arm64),
            GeneratorLab.Options(CampaignLab.OperationOf(implementation), Architecture.Arm64),
            4000
        );
    }
}
