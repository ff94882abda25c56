using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Generation;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;

namespace PteCheck.Properties.MadviseFree;

/// <summary>Campaigns over the operations on leaves.</summary>
internal static class LeafCampaigns
{
    /// <summary>Judges an implementation, named with its operation.</summary>
    public static CampaignResult Run(
        string name,
        Architecture architecture,
        long cases,
        ulong seed = 1,
        InterferenceMode interference = InterferenceMode.Only
    ) =>
        Campaign.Run(
            new CampaignOptions
            {
                Operation = Operation(name),
                Implementation = Named(name),
                Architecture = architecture,
                Cases = cases,
                Seed = seed,
                Jobs = 2,
                Interference = interference,
            },
            CancellationToken.None
        );

    /// <summary>An implementation by its name with the operation.</summary>
    public static Implementation Named(string name) =>
        OperationCatalog.Parse(name, OperationCatalog.All, out var error)
        ?? throw new ArgumentException(error, nameof(name));

    /// <summary>What is drawn for the operation of an implementation, every second case with others beside it.</summary>
    public static GeneratorOptions Options(string name, Architecture architecture) =>
        new(
            architecture,
            false,
            false,
            OperationCatalog.IndexOf(Operation(name)),
            InterleavedPercent: 50
        );

    /// <summary>The operation of an implementation.</summary>
    public static IOperation Operation(string name) =>
        OperationCatalog.Find(Named(name).Operation)!;
}
