using PteCheck.Checking.Campaigns;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Campaigns;

namespace PteCheck.Properties.Interference;

/// <summary>Campaigns whose cases are interleaved, for the tests of this folder and of the operations on leaves.</summary>
internal static class InterleavedCampaigns
{
    /// <summary>Judges an implementation of a full name such as <c>mremap/batched-any-arch</c>.</summary>
    public static CampaignResult Run(
        string fullName,
        Architecture architecture,
        long cases,
        ulong seed = 1,
        InterferenceMode mode = InterferenceMode.Only,
        int jobs = 2
    ) =>
        CampaignLab.Run(
            CampaignLab.Options(CampaignLab.Named(fullName), architecture, cases, seed) with
            {
                Interference = mode,
                Jobs = jobs,
            }
        );
}
