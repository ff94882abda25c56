using System.Globalization;
using PteCheck.Checking.Generation;
using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Mprotect;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Campaigns;

/// <summary>The situations of sequences: how many operations, and which came directly before the one under test.</summary>
internal static class SequenceCells
{
    private const string After = "after/";
    private const string Beside = "sequence/protnone-beside/";

    private static readonly string[] Lengths =
    [
        .. Enumerable
            .Range(2, Scenario.MaxRuns - 1)
            .Select(length => string.Create(CultureInfo.InvariantCulture, $"sequence/{length}")),
    ];

    private static readonly string[] AfterOperations =
    [
        .. SequenceTemplate.Operations.Select(operation => After + operation.Name),
    ];

    private static readonly string[] BesideScanned =
    [
        .. EntryKinds.Names.Select(kind => Beside + kind),
    ];

    /// <summary>All names.</summary>
    public static readonly string[] All = [.. Lengths, .. AfterOperations, .. BesideScanned];

    /// <summary>
    /// Whether cases of an operation can hit a cell: reclaim leaves nothing of a folio for a second time, and one
    /// page has nothing beside it.
    /// </summary>
    public static bool BelongsTo(string name, IOperation operation) =>
        (!operation.WorksOnFolio || name != After + operation.Name)
        && (!operation.OnePage || !name.StartsWith(Beside, StringComparison.Ordinal));

    /// <summary>Names the cells that a case hits.</summary>
    public static void Count<TArch>(
        Scenario scenario,
        int element,
        Machine initial,
        in OperationCall call,
        Action<string> hit
    )
        where TArch : struct, IArch
    {
        hit(Lengths[scenario.RunCount - 2]);
        if (element == 0)
        {
            return;
        }

        hit(After + scenario.Runs[element - 1].Of().Name);
        if (IsBehindScan(scenario, element))
        {
            CountBeside<TArch>(initial, call, hit);
        }
    }

    /// <summary>What stands beside the entries of the range that a scan has made protnone, before the operation under test begins.</summary>
    private static void CountBeside<TArch>(
        Machine initial,
        in OperationCall call,
        Action<string> hit
    )
        where TArch : struct, IArch
    {
        for (var vpn = call.Vpn; vpn + 1 < call.Vpn + call.Pages; vpn++)
        {
            var (left, right) = (initial.PteAt(call.Mm, vpn), initial.PteAt(call.Mm, vpn + 1));
            HitBeside(left, right);
            HitBeside(right, left);
        }

        void HitBeside(Pte scanned, Pte other)
        {
            if (TArch.PtePresent(scanned) && TArch.PteProtnone(scanned))
            {
                hit(Beside + EntryKinds.Of<TArch>(other));
            }
        }
    }

    private static bool IsBehindScan(Scenario scenario, int element)
    {
        foreach (ref readonly var run in scenario.UsedRuns[..element])
        {
            if (run.Of().Protects && run.Mode == ProtectMode.Numa)
            {
                return true;
            }
        }

        return false;
    }
}
