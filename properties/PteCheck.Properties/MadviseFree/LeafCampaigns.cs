using PteCheck.Checking.Campaigns;
using PteCheck.Kernel.MadviseFree;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;

namespace PteCheck.Properties.MadviseFree;

/// <summary>Campaigns over madvise-free, for the tests of this folder.</summary>
internal static class LeafCampaigns
{
    /// <summary>Judges an implementation of madvise-free.</summary>
    public static CampaignResult Run(
        string name,
        Architecture architecture,
        long cases,
        ulong seed = 1,
        InterferenceMode interference = InterferenceMode.Only
    ) =>
        Campaign.Run(
            new CampaignOptions
            {
                Operation = MadviseFreeOperation.Instance,
                Implementation = Named(name),
                Architecture = architecture,
                Cases = cases,
                Seed = seed,
                Jobs = 2,
                Interference = interference,
            },
            CancellationToken.None
        );

    /// <summary>An implementation by its name without the operation.</summary>
    public static Implementation Named(string name) =>
        OperationCatalog.Parse(name, [MadviseFreeOperation.Instance], out var error)
        ?? throw new ArgumentException(error, nameof(name));
}
