using PteCheck.Checking.Scenarios;

namespace PteCheck.Checking.Campaigns;

/// <summary>The first case of a signature, as a campaign met it.</summary>
/// <param name="Key">Rule and role.</param>
/// <param name="Case">Number of the case, from 0.</param>
/// <param name="Scenario">The case.</param>
/// <param name="Seconds">Seconds since the start.</param>
/// <param name="OfReference">The reference is at fault, not the candidate.</param>
public sealed record Sighting(
    SignatureKey Key,
    long Case,
    Scenario Scenario,
    double Seconds,
    bool OfReference
);
