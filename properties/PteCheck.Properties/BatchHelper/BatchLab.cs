using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Running;
using PteCheck.Kernel.FolioPteBatch;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;

namespace PteCheck.Properties.BatchHelper;

/// <summary>What the tests of the batch helper share.</summary>
internal static class BatchLab
{
    /// <summary>An implementation, named without its operation.</summary>
    public static Implementation Named(string name) =>
        OperationCatalog.Parse(name, [FolioPteBatchOperation.Instance], out var error)
        ?? throw new ArgumentException(error, nameof(name));

    /// <summary>A campaign.</summary>
    public static CampaignResult Run(
        string name,
        Architecture architecture,
        long cases,
        bool shadowStack = false,
        KernelVersion? kernel = null
    ) =>
        Campaign.Run(
            new()
            {
                Operation = FolioPteBatchOperation.Instance,
                Implementation = Named(name),
                Architecture = architecture,
                Kernel = kernel,
                ShadowStack = shadowStack,
                Cases = cases,
                Jobs = 2,
            },
            CancellationToken.None
        );

    /// <summary>A worker for single scenarios.</summary>
    public static ICaseWorker Worker(string name, Architecture architecture)
    {
        var implementation = Named(name);
        return CaseWorkers.Create(
            architecture,
            FolioPteBatchOperation.Instance,
            implementation,
            implementation.Kernel
        );
    }
}
