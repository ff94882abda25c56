using PteCheck.Checking.Campaigns;
using PteCheck.Kernel.CollapseFile;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;

namespace PteCheck.Properties.CollapseFile;

/// <summary>Campaigns over collapse-file, for the tests of this folder.</summary>
internal static class CollapseCampaigns
{
    /// <summary>Judges an implementation, named without its operation.</summary>
    public static CampaignResult Run(
        string name,
        Architecture architecture,
        long cases,
        InterferenceMode interference = InterferenceMode.Off,
        ulong seed = 1
    )
    {
        var implementation = Named(name);
        return Campaign.Run(
            new()
            {
                Operation = CollapseFileOperation.Instance,
                Implementation = implementation,
                Architecture = architecture,
                Cases = cases,
                Seed = seed,
                Jobs = 2,
                Interference = interference,
            },
            CancellationToken.None
        );
    }

    /// <summary>An implementation by its name.</summary>
    public static Implementation Named(string name) =>
        OperationCatalog.Parse(name, [CollapseFileOperation.Instance], out var error)
        ?? throw new ArgumentException(error, nameof(name));
}
