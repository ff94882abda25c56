using PteCheck.Checking.Campaigns;
using PteCheck.Kernel.LazyfreeUnmap;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Campaigns;

namespace PteCheck.Properties.Lazyfree;

/// <summary>Campaigns over lazyfree-unmap, for the tests of this folder.</summary>
internal static class LazyfreeCampaigns
{
    /// <summary>Judges an implementation, named without its operation.</summary>
    public static CampaignResult Run(
        string name,
        Architecture architecture,
        long cases,
        ulong seed = 1,
        bool shadowStack = false,
        bool bbml2 = false
    ) =>
        CampaignLab.Run(
            CampaignLab.Options(Named(name), architecture, cases, seed) with
            {
                ShadowStack = shadowStack,
                Bbml2 = bbml2,
            }
        );

    /// <summary>The name of upstream's batched unmap with all that upstream does wrong mended, and then <paramref name="more"/>.</summary>
    public static string Mended(string more = "") => CampaignLab.Mended(Named("batched")) + more;

    /// <summary>An implementation by its name.</summary>
    public static Implementation Named(string name) =>
        CampaignLab.Named(name, LazyfreeOperation.Instance);
}
