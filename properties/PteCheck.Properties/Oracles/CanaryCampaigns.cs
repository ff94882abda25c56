using System.Collections.Concurrent;
using PteCheck.Checking.Campaigns;
using PteCheck.Properties.Quality;

namespace PteCheck.Properties.Oracles;

/// <summary>The campaigns behind the canaries, each run once however many rules are asked about.</summary>
public sealed class CanaryCampaigns
{
    private const long Cases = 8_192;

    /// <summary>A run without end is 65,536 events long: fewer of them.</summary>
    private const long EndlessCases = 256;

    private readonly ConcurrentDictionary<string, CampaignResult> results = new(
        StringComparer.Ordinal
    );

    /// <summary>The campaign of a canary.</summary>
    public CampaignResult Of(Canary canary) =>
        results.GetOrAdd(
            $"{canary.Candidate} {canary.Architecture} {canary.ShadowStack}",
            _ =>
                Lab.Campaign(
                    canary.Candidate,
                    canary.Architecture,
                    canary.Decision == "no-advance" ? EndlessCases : Cases,
                    shadowStack: canary.ShadowStack
                )
        );
}
