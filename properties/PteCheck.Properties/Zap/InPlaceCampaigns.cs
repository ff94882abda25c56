using PteCheck.Checking.Campaigns;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Campaigns;

namespace PteCheck.Properties.Zap;

/// <summary>Campaigns over zap, wp-fault, numa-fault and folio-pte-batch, for the tests of this folder.</summary>
internal static class InPlaceCampaigns
{
    /// <summary>Judges an implementation, named with its operation, with the machine to itself unless said otherwise.</summary>
    public static CampaignResult Run(
        string name,
        Architecture architecture,
        long cases,
        ulong seed = 1,
        InterferenceMode interference = InterferenceMode.Off
    ) =>
        CampaignLab.Run(
            CampaignLab.Options(CampaignLab.Named(name), architecture, cases, seed) with
            {
                Interference = interference,
            }
        );
}
