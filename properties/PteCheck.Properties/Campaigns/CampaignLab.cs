using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Running;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;

namespace PteCheck.Properties.Campaigns;

/// <summary>Campaigns and workers by the name of an implementation, for the tests of every operation.</summary>
internal static class CampaignLab
{
    /// <summary>An implementation by its name.</summary>
    /// <param name="name">With its operation, such as <c>mremap/batched~ignore-write</c>; without where one is given.</param>
    /// <param name="operation">The operation of a name without one.</param>
    public static Implementation Named(string name, IOperation? operation = null) =>
        OperationCatalog.Parse(name, operation is null ? [] : [operation], out var error)
        ?? throw new ArgumentException(error, nameof(name));

    /// <summary>The operation of an implementation.</summary>
    public static IOperation OperationOf(Implementation implementation) =>
        OperationCatalog.Find(implementation.Operation)
        ?? throw new ArgumentException("no such operation", nameof(implementation));

    /// <summary>The name of an implementation with every decision of its mended.</summary>
    public static string Mended(Implementation implementation) =>
        string.Concat(
            OperationOf(implementation)
                .Decisions.Where(implementation.Decisions.Has)
                .Select(decision => $"~{decision.Mend}")
                .Prepend(implementation.Name)
        );

    /// <summary>Options of a campaign on both cores; the rest as by default.</summary>
    public static CampaignOptions Options(
        Implementation implementation,
        Architecture architecture,
        long cases,
        ulong seed = 1
    ) =>
        new()
        {
            Operation = OperationOf(implementation),
            Implementation = implementation,
            Architecture = architecture,
            Cases = cases,
            Seed = seed,
            Jobs = 2,
        };

    /// <summary>Runs a campaign to its end.</summary>
    public static CampaignResult Run(CampaignOptions options) =>
        Campaign.Run(options, CancellationToken.None);

    /// <summary>A worker that judges single scenarios.</summary>
    public static ICaseWorker Worker(Implementation implementation, Architecture architecture) =>
        CaseWorkers.Create(
            architecture,
            OperationOf(implementation),
            implementation,
            implementation.Kernel
        );

    /// <summary>A worker that judges single scenarios, with all that one of a known architecture shows.</summary>
    public static CaseWorker<TArch> Worker<TArch>(Implementation implementation)
        where TArch : struct, IArch =>
        new(OperationOf(implementation), implementation, implementation.Kernel);

    /// <summary>The decisions that any of the violations names as its cause, in ordinal order.</summary>
    public static IEnumerable<string> Causes(CampaignResult result) =>
        result
            .Violations.SelectMany(violation => violation.Cause)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
}
