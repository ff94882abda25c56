using System.Globalization;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Kernel.Operations;

namespace PteCheck.Checking.Explaining;

/// <summary>Which operation of a sequence a sentence is about; nothing where there is one alone.</summary>
internal static class SequenceWords
{
    /// <summary>In front of a sentence: <c>operation 2 of 3, mremap src to dst: </c>.</summary>
    public static string Lead(CaseRecord record, Scenario scenario, Implementation implementation)
    {
        if (!scenario.IsSequence)
        {
            return "";
        }

        var run = scenario.Runs[record.Element];
        var behind = !implementation.IsReference && IsBehind(implementation, record, scenario);
        var by =
            run.Of().Name == implementation.Operation ? ""
            : behind ? ", by its reference on what the candidate left"
            : ", by its reference";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"operation {record.Element + 1} of {scenario.RunCount}, {ScenarioWriter.Run(scenario, run)}{by}: "
        );
    }

    private static bool IsBehind(
        Implementation implementation,
        CaseRecord record,
        Scenario scenario
    )
    {
        var behind = false;
        foreach (ref readonly var earlier in scenario.UsedRuns[..record.Element])
        {
            behind |= earlier.Of().Name == implementation.Operation;
        }

        return behind;
    }

    /// <summary>Behind a place: <c>, operation 2 (mremap src to dst)</c>.</summary>
    public static string Behind(CaseRecord record, Scenario scenario) =>
        scenario.IsSequence
            ? string.Create(
                CultureInfo.InvariantCulture,
                $", operation {record.Element + 1} ({ScenarioWriter.Run(scenario, scenario.Runs[record.Element])})"
            )
            : "";

    /// <summary>Why an operation could not run.</summary>
    public static string Reason(UnmetOperation unmet, Scenario scenario)
    {
        var run = scenario.Runs[unmet.Element];
        var why = unmet.Kind switch
        {
            UnmetKind.Split => "its pages lie in several VMAs by now",
            UnmetKind.NotMapped => $"folio {scenario.FolioName(run.Folio)} is no longer mapped",
            _ =>
                $"folio {scenario.FolioName(run.Folio)} is swap-backed by now, and no longer lazyfree",
        };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"operation {unmet.Element + 1}, {ScenarioWriter.Run(scenario, run)}, cannot run: {why}"
        );
    }
}
