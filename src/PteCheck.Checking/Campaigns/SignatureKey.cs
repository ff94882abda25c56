using PteCheck.Checking.Oracles;
using PteCheck.Kernel.Operations;

namespace PteCheck.Checking.Campaigns;

/// <summary>
/// What makes two violations of one implementation the same: rule and role of the place. Together
/// with operation and implementation it is the signature that the minimizer keeps.
/// </summary>
public readonly record struct SignatureKey(string RuleId, PlaceRole Role)
{
    /// <summary>The key of a finding.</summary>
    public static SignatureKey Of(in Finding finding) => new(finding.Rule.Id, finding.Role);

    /// <summary>The signature as reports print it.</summary>
    public string Text(Implementation implementation) =>
        $"{implementation.FullName} {RuleId} {RoleName}";

    private string RoleName =>
        Role switch
        {
            PlaceRole.Source => "source",
            PlaceRole.Destination => "destination",
            PlaceRole.Elsewhere => "elsewhere",
            PlaceRole.Folio => "folio",
            PlaceRole.MmCounter => "mm-counter",
            PlaceRole.SwapSlot => "swap-slot",
            PlaceRole.Lock => "lock",
            PlaceRole.Window => "window",
            _ => "run",
        };
}
