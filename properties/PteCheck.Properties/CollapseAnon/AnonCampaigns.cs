using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Running;
using PteCheck.Kernel.CollapseAnon;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Campaigns;

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
        CampaignLab.Run(
            CampaignLab.Options(Named(name), architecture, cases, seed) with
            {
                Interference = interference,
            }
        );

    /// <summary>A worker for an implementation.</summary>
    public static ICaseWorker Worker(string name, Architecture architecture = Architecture.X86) =>
        CampaignLab.Worker(Named(name), architecture);

    /// <summary>An implementation by its name.</summary>
    public static Implementation Named(string name) =>
        CampaignLab.Named(name, CollapseAnonOperation.Instance);
}
