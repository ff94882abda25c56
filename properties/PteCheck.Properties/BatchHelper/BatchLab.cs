using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Running;
using PteCheck.Kernel.FolioPteBatch;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Campaigns;

namespace PteCheck.Properties.BatchHelper;

/// <summary>What the tests of the batch helper share.</summary>
internal static class BatchLab
{
    /// <summary>A campaign over an implementation, named without its operation.</summary>
    public static CampaignResult Run(
        string name,
        Architecture architecture,
        long cases,
        bool shadowStack = false,
        KernelVersion? kernel = null
    ) =>
        CampaignLab.Run(
            CampaignLab.Options(Named(name), architecture, cases) with
            {
                Kernel = kernel,
                ShadowStack = shadowStack,
            }
        );

    /// <summary>A worker for single scenarios.</summary>
    public static ICaseWorker Worker(string name, Architecture architecture) =>
        CampaignLab.Worker(Named(name), architecture);

    private static Implementation Named(string name) =>
        CampaignLab.Named(name, FolioPteBatchOperation.Instance);
}
