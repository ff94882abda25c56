using PteCheck.Checking.Campaigns;
using PteCheck.Kernel.FolioPteBatch;
using PteCheck.Kernel.NumaFault;
using PteCheck.Kernel.Operations;
using PteCheck.Kernel.WpFault;
using PteCheck.Kernel.Zap;
using PteCheck.Model.Architectures;

namespace PteCheck.Properties.Zap;

/// <summary>Campaigns over zap, wp-fault, numa-fault and folio-pte-batch, for the tests of this folder.</summary>
internal static class InPlaceCampaigns
{
    public static readonly IReadOnlyList<IOperation> Operations =
    [
        ZapOperation.Instance,
        WpFaultOperation.Instance,
        NumaFaultOperation.Instance,
        FolioPteBatchOperation.Instance,
    ];

    /// <summary>Judges an implementation, named with its operation.</summary>
    public static CampaignResult Run(
        string name,
        Architecture architecture,
        long cases,
        ulong seed = 1,
        InterferenceMode interference = InterferenceMode.Off
    )
    {
        var implementation = Named(name);
        var options = new CampaignOptions
        {
            Operation = OperationCatalog.Find(implementation.Operation)!,
            Implementation = implementation,
            Architecture = architecture,
            Cases = cases,
            Seed = seed,
            Jobs = 2,
            Interference = interference,
        };
        return Campaign.Run(options, CancellationToken.None);
    }

    /// <summary>An implementation by its full name.</summary>
    public static Implementation Named(string name) =>
        OperationCatalog.Parse(name, Operations, out var error)
        ?? throw new ArgumentException(error, nameof(name));

    /// <summary>The decisions that any of the violations names as its cause, in ordinal order.</summary>
    public static IEnumerable<string> Causes(CampaignResult result) =>
        result
            .Violations.SelectMany(violation => violation.Cause)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
}
