using PteCheck.Checking.Campaigns;
using PteCheck.Kernel.CollapseFile;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Campaigns;

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
    ) =>
        CampaignLab.Run(
            CampaignLab.Options(Named(name), architecture, cases, seed) with
            {
                Interference = interference,
            }
        );

    /// <summary>An implementation by its name.</summary>
    public static Implementation Named(string name) =>
        CampaignLab.Named(name, CollapseFileOperation.Instance);
}
