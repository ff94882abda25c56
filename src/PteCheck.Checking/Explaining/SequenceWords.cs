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
        var by =
            run.Of().Name == implementation.Operation
                ? ""
                : ", by its reference on what the candidate left";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"operation {record.Element + 1} of {scenario.RunCount}, {ScenarioWriter.Run(scenario, run)}{by}: "
        );
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
        var why =
            unmet.Kind == UnmetKind.NotMapped
                ? "is no longer mapped"
                : "is swap-backed by now, and no longer lazyfree";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"operation {unmet.Element + 1}, {ScenarioWriter.Run(scenario, run)}, cannot run: folio {scenario.FolioName(run.Folio)} {why}"
        );
    }
}
