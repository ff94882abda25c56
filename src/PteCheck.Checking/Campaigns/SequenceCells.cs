using System.Globalization;
using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Operations;

namespace PteCheck.Checking.Campaigns;

/// <summary>The situations of sequences: how many operations, and which came directly before the one under test.</summary>
internal static class SequenceCells
{
    private const string After = "after/";

    private static readonly string[] Lengths =
    [
        .. Enumerable
            .Range(2, Scenario.MaxRuns - 1)
            .Select(length => string.Create(CultureInfo.InvariantCulture, $"sequence/{length}")),
    ];

    private static readonly string[] AfterOperations =
    [
        .. OperationCatalog.All.Select(operation => After + operation.Name),
    ];

    /// <summary>All names.</summary>
    public static readonly string[] All = [.. Lengths, .. AfterOperations];

    /// <summary>Whether cases of an operation can hit a cell: reclaim leaves nothing of a folio for a second time.</summary>
    public static bool BelongsTo(string name, IOperation operation) =>
        !operation.WorksOnFolio || name != After + operation.Name;

    /// <summary>Names the cells that a case hits.</summary>
    public static void Count(Scenario scenario, int element, Action<string> hit)
    {
        hit(Lengths[scenario.RunCount - 2]);
        if (element > 0)
        {
            hit(AfterOperations[scenario.Runs[element - 1].Operation]);
        }
    }
}
