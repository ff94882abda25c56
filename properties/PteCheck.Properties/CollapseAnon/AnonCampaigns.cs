using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Running;
using PteCheck.Kernel.CollapseAnon;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;

namespace PteCheck.Properties.CollapseAnon;

/// <summary>Campaigns over collapse-anon, for the tests of this folder.</summary>
internal static class AnonCampaigns
{
    /// <summary>Judges an implementation, named without its operation.</summary>
    public static CampaignResult Run(
        string name,
        Architecture architecture,
        long cases,
        InterferenceMode interference = InterferenceMode.Off,
        ulong seed = 1
    ) =>
        Campaign.Run(
            new()
            {
                Operation = CollapseAnonOperation.Instance,
                Implementation = Named(name),
                Architecture = architecture,
                Cases = cases,
                Seed = seed,
                Jobs = 2,
                Interference = interference,
            },
            CancellationToken.None
        );

    /// <summary>An implementation by its name.</summary>
    public static Implementation Named(string name) =>
        OperationCatalog.Parse(name, [CollapseAnonOperation.Instance], out var error)
        ?? throw new ArgumentException(error, nameof(name));

    /// <summary>A worker for an implementation.</summary>
    public static ICaseWorker Worker(string name, Architecture architecture = Architecture.X86)
    {
        var implementation = Named(name);
        return CaseWorkers.Create(
            architecture,
            CollapseAnonOperation.Instance,
            implementation,
            implementation.Kernel
        );
    }
}
