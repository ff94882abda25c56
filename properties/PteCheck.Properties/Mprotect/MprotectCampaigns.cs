using PteCheck.Checking.Campaigns;
using PteCheck.Kernel.Mprotect;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;

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
    )
    {
        var options = new CampaignOptions
        {
            Operation = MprotectOperation.Instance,
            Implementation = Named(name),
            Architecture = architecture,
            Cases = cases,
            Seed = seed,
            ShadowStack = shadowStack,
            Bbml2 = bbml2,
            Interference = interference,
            Jobs = 2,
        };
        return Campaign.Run(options, CancellationToken.None);
    }

    /// <summary>The name of upstream's batches with all that upstream does wrong mended, and then <paramref name="more"/>.</summary>
    public static string Mended(string more = "") =>
        string.Concat(
            MprotectDecisions
                .All.Where(MprotectDecisions.Upstream.Has)
                .Select(decision => $"~{decision.Mend}")
                .Prepend("batched")
                .Append(more)
        );

    /// <summary>An implementation by its name.</summary>
    public static Implementation Named(string name) =>
        OperationCatalog.Parse(name, [MprotectOperation.Instance], out var error)
        ?? throw new ArgumentException(error, nameof(name));

    /// <summary>The decisions that any of the violations names as its cause, in ordinal order.</summary>
    public static IEnumerable<string> Causes(CampaignResult result) =>
        result
            .Violations.SelectMany(violation => violation.Cause)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
}
