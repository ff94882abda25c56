using PteCheck.Checking.Explaining;
using PteCheck.Checking.Minimizing;
using PteCheck.Checking.Oracles;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Model.Traces;

namespace PteCheck.Checking.Campaigns;

/// <summary>From a failing scenario to the violation that is reported.</summary>
public static class ViolationBuilder
{
    /// <summary>Minimizes what a campaign found and describes it.</summary>
    public static Violation Build(CampaignOptions options, Sighting sighting)
    {
        var kernel = options.EffectiveKernel;
        var worker = WorkerOf(options);
        var (scenario, evaluations) = Minimizer.Shrink(worker, sighting.Scenario, sighting.Key);
        return Describe(options.Operation, options.Implementation, kernel, scenario)! with
        {
            FoundAfterCases = sighting.Case + 1,
            FoundAfterSeconds = sighting.Seconds,
            ShrinkEvaluations = evaluations,
        };
    }

    /// <summary>The violation that a scenario shows as it stands, or null when it shows none.</summary>
    public static Violation? Describe(
        IOperation operation,
        Implementation implementation,
        KernelVersion kernel,
        Scenario scenario
    )
    {
        var record = Runner.Explain(scenario, implementation, kernel, operation);
        if (PrimaryOf(record.Findings) is not { } primary)
        {
            return null;
        }

        var key = SignatureKey.Of(primary);
        var cause = CauseFinder.Find(operation, implementation, kernel, scenario, key);
        return From(primary, record, scenario, implementation) with { Cause = cause };
    }

    /// <summary>The same for a fault of the reference: an error of this project, or a finding in code of one entry at a time.</summary>
    public static Violation OfReference(CampaignOptions options, Sighting sighting)
    {
        var worker = WorkerOf(options);
        var (scenario, evaluations) = Minimizer.Shrink(
            worker,
            sighting.Scenario,
            sighting.Key,
            ofReference: true
        );
        var reference = options.Operation.Reference();
        var record = Explain(reference);
        record = record.ReferenceFindings.Count > 0 ? record : Explain(options.Implementation);
        return From(PrimaryOf(record.ReferenceFindings)!.Value, record, scenario, reference) with
        {
            FoundAfterCases = sighting.Case + 1,
            FoundAfterSeconds = sighting.Seconds,
            ShrinkEvaluations = evaluations,
        };

        CaseRecord Explain(Implementation candidate) =>
            Runner.Explain(scenario, candidate, options.EffectiveKernel, options.Operation);
    }

    private static ICaseWorker WorkerOf(CampaignOptions options) =>
        CaseWorkers.Create(
            options.Architecture,
            options.Operation,
            options.Implementation,
            options.EffectiveKernel
        );

    private static Violation From(
        in Finding primary,
        CaseRecord record,
        Scenario scenario,
        Implementation implementation
    )
    {
        var text = FindingText.Of(primary, record, scenario);
        var rule = primary.Rule;
        return new()
        {
            Rule = rule,
            Signature = SignatureKey.Of(primary).Text(implementation),
            Cause = [],
            AlsoBroken =
            [
                .. record
                    .Findings.Select(finding => finding.Rule.Id)
                    .Where(id => id != rule.Id)
                    .Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal),
            ],
            Message = SequenceWords.Lead(record, scenario, implementation) + text.Message,
            Where = text.Where + SequenceWords.Behind(record, scenario),
            Place = text.Where,
            Reference = text.Reference,
            Candidate = text.Candidate,
            Scenario = scenario,
            InterferenceSteps = scenario.StepCount,
            Finding = primary,
            Site = SiteOf(primary, record),
        };
    }

    /// <summary>The line of a subject at which a rule is broken: that of the event, or of the last store to the entry.</summary>
    private static SourceSite? SiteOf(in Finding finding, CaseRecord record)
    {
        if (finding.Step >= 0)
        {
            return record.SiteOf(finding.Step);
        }

        var events = record.CandidateTrace.Events;
        for (var i = events.Length - 1; i >= 0 && finding.Mm >= 0; i--)
        {
            ref readonly var e = ref events[i];
            if (e.Op != Primitive.PteStore || e.Actor != 0)
            {
                continue;
            }

            ref readonly var table = ref record.Candidate.Tables[e.Table];
            if (table.Mm == finding.Mm && table.BaseVpn + (uint)e.Slot == finding.Place)
            {
                return record.SiteOf(i);
            }
        }

        return null;
    }

    private static Finding? PrimaryOf(IReadOnlyList<Finding> findings)
    {
        var list = new FindingList();
        foreach (var finding in findings)
        {
            list.Add(finding);
        }

        return list.Primary;
    }
}
