using PteCheck.Checking.Campaigns;
using PteCheck.Kernel.Mprotect;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Campaigns;

namespace PteCheck.Properties.Mprotect;

/// <summary>Campaigns over mprotect, for the tests of this folder.</summary>
internal static class MprotectCampaigns
{
    /// <summary>Judges an implementation, named without its operation.</summary>
    public static CampaignResult Run(
        string name,
        Architecture architecture,
        long cases,
        ulong seed = 1,
        bool shadowStack = false,
        bool bbml2 = false,
        InterferenceMode interference = InterferenceMode.On
    ) =>
        CampaignLab.Run(
            CampaignLab.Options(Named(name), architecture, cases, seed) with
            {
                ShadowStack = shadowStack,
                Bbml2 = bbml2,
                Interference = interference,
            }
        );

    /// <summary>The name of upstream's batches with all that upstream does wrong mended, and then <paramref name="more"/>.</summary>
    public static string Mended(string more = "") => CampaignLab.Mended(Named("batched")) + more;

    /// <summary>An implementation by its name.</summary>
    public static Implementation Named(string name) =>
        CampaignLab.Named(name, MprotectOperation.Instance);
}
