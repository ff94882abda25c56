using PteCheck.Checking.Campaigns;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;

namespace PteCheck.Properties.Interference;

/// <summary>Campaigns whose cases are interleaved, for the tests of this folder.</summary>
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
        Campaign.Run(
            new()
            {
                Operation = OperationOf(fullName),
                Implementation = Named(fullName),
                Architecture = architecture,
                Cases = cases,
                Seed = seed,
                Interference = mode,
                Jobs = jobs,
            },
            CancellationToken.None
        );

    /// <summary>An implementation by its full name.</summary>
    public static Implementation Named(string fullName) =>
        OperationCatalog.Parse(fullName, [OperationOf(fullName)], out var error)
        ?? throw new ArgumentException(error, nameof(fullName));

    /// <summary>The operation before the stroke.</summary>
    public static IOperation OperationOf(string fullName) =>
        OperationCatalog.Find(fullName[..fullName.IndexOf('/', StringComparison.Ordinal)])
        ?? throw new ArgumentException("no such operation", nameof(fullName));
}
