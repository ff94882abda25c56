using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Explaining;
using PteCheck.Checking.Oracles;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Reports.Explaining;

/// <summary>Explains by running the model again. All that reports need of runner and scenario text is here.</summary>
public sealed class ModelExplainer : IExplainer
{
    /// <summary>The one instance; it has no state.</summary>
    public static readonly ModelExplainer Instance = new();

    private ModelExplainer() { }

    /// <inheritdoc/>
    public Explanation Explain(CampaignResult result, Violation violation)
    {
        var scenario = Replayable(result, violation);
        var record = Runner.Explain(scenario, result.Implementation, result.Kernel);
        var slots = new List<SlotView>();
        var starts = new uint[Machine.MaxVmas];
        ScenarioLayout.Place(scenario, starts);
        for (var vma = 0; vma < scenario.VmaCount; vma++)
        {
            // Where it was in the beginning: an operation may have split it.
            var area = new Vma { Mm = scenario.Vmas[vma].Mm, Start = starts[vma] };
            for (var page = 0; page < scenario.Vmas[vma].Pages; page++)
            {
                var slot = new SlotView(
                    scenario.PageName(vma, page),
                    Entry(record.Initial, area, scenario, page),
                    Entry(record.Reference, area, scenario, page),
                    Entry(record.Candidate, area, scenario, page)
                );
                if (
                    slot.Differs
                    || slot.Before != slot.Reference
                    || InRange(scenario, record, vma, page)
                )
                {
                    slots.Add(slot);
                }
            }
        }

        return new(
            slots,
            StepWords.Describe(
                record.CandidateTrace,
                record.Initial,
                scenario,
                StepOf(record, violation.Finding)
            )
        )
        {
            Interleaved = StepList.Of(record, scenario, violation.Finding),
        };
    }

    /// <summary>The event to end with: that of the finding, or the last one that stored the slot it is about.</summary>
    private static int StepOf(CaseRecord record, in Finding finding)
    {
        var events = record.CandidateTrace.Events;
        if (finding.Step >= 0 || finding.Mm < 0)
        {
            return finding.Step;
        }

        for (var step = events.Length - 1; step >= 0; step--)
        {
            ref readonly var e = ref events[step];
            if (
                e.Op == Primitive.PteStore
                && record.Initial.Tables[e.Table].Mm == finding.Mm
                && record.Initial.Tables[e.Table].BaseVpn + (uint)e.Slot == finding.Place
            )
            {
                return step;
            }
        }

        return -1;
    }

    /// <inheritdoc/>
    public string Yaml(CampaignResult result, Violation violation) =>
        ScenarioWriter.Write(Replayable(result, violation));

    /// <summary>The scenario that replays: it names the kernel where that is not the implementation's own.</summary>
    private static Scenario Replayable(CampaignResult result, Violation violation)
    {
        var scenario = violation.Scenario.Clone();
        if (scenario.Notes is { } notes)
        {
            scenario.Notes = new() { FolioNames = notes.FolioNames, VmaNames = notes.VmaNames };
        }

        if (result.Kernel != result.Implementation.Kernel)
        {
            scenario.Kernel ??= result.Kernel;
        }

        return scenario;
    }

    private static bool InRange(Scenario scenario, CaseRecord record, int vma, int page)
    {
        ref readonly var run = ref scenario.Runs[record.Element];
        return (vma == run.Vma && page >= run.First && page < run.First + run.Pages)
            || (run.Of().Moves && vma == run.NewVma && page < run.Pages);
    }

    private static string Entry(Machine machine, in Vma area, Scenario scenario, int page) =>
        PteText.At(machine, area.Mm, area.Start + (uint)page, scenario);
}
