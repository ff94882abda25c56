using System.Globalization;
using PteCheck.Checking.Explaining;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;

namespace PteCheck.Checking.Campaigns;

/// <summary>Judges a scenario as it is written: no generator, no minimizer, the same verdict for ever.</summary>
public static class Replay
{
    /// <summary>
    /// One result an implementation. Without a list: those that the file has expectations of, or, when
    /// it has none, every named implementation but the reference of every operation that is run.
    /// </summary>
    public static IReadOnlyList<CampaignResult> Run(
        Scenario scenario,
        IReadOnlyList<Implementation> implementations
    )
    {
        var operations = scenario.Operations();
        var expectations = scenario.Notes?.Expectations ?? [];
        var chosen = implementations;
        if (chosen.Count == 0)
        {
            chosen =
                expectations.Count > 0
                    ? [.. expectations.Select(expectation => Resolve(operations, expectation))]
                    : [.. operations.SelectMany(operation => operation.Candidates())];
        }

        return
        [
            .. chosen.Select(implementation =>
                Judge(implementation, Tested(scenario, implementation))
            ),
        ];
    }

    /// <summary>The scenario with the implementation's operation under test.</summary>
    private static Scenario Tested(Scenario scenario, Implementation implementation)
    {
        if (!scenario.IsSequence)
        {
            return scenario;
        }

        var copy = scenario.Clone();
        copy.Test(implementation.Operation);
        return copy;
    }

    private static Implementation Resolve(
        IReadOnlyList<IOperation> operations,
        Expectation expectation
    ) =>
        OperationCatalog.Parse(expectation.Implementation, operations, out var error)
        ?? throw new ScenarioException(error);

    private static CampaignResult Judge(Implementation implementation, Scenario scenario)
    {
        var operation = OperationCatalog.Find(implementation.Operation)!;
        var kernel = scenario.Kernel ?? implementation.Kernel;
        if (!scenario.Operations().Contains(operation))
        {
            return NotRun(operation, implementation, kernel, scenario);
        }

        var record = Runner.Explain(scenario, implementation, kernel);
        var violation = ViolationBuilder.Describe(operation, implementation, kernel, scenario);
        var missed = FirstMissed(record);
        var verdict =
            record.ReferenceFindings.Count > 0 ? VerdictKind.ReferenceViolated
            : violation is not null ? VerdictKind.Violated
            : missed >= 0 || record.Unmet is not null ? VerdictKind.NotApplicable
            : VerdictKind.Holds;
        var result = new CampaignResult
        {
            Operation = operation,
            Implementation = implementation,
            Architecture = scenario.Architecture,
            Kernel = kernel,
            Verdict = verdict,
            Reason = verdict switch
            {
                VerdictKind.ReferenceViolated =>
                    $"the reference itself breaks {record.ReferenceFindings[0].Rule.Id}",
                VerdictKind.NotApplicable when record.Unmet is { } unmet => SequenceWords.Reason(
                    unmet,
                    scenario
                ),
                VerdictKind.NotApplicable => string.Create(
                    CultureInfo.InvariantCulture,
                    $"anchor '{StepText.Anchor(scenario, scenario.Steps[missed])}' of step {missed + 1} is never reached"
                ),
                VerdictKind.Holds when operation.Selects =>
                    $"this scenario, {AttemptWords.List(record.CandidateTrace, record.Initial, scenario)}",
                VerdictKind.Holds => string.Create(
                    CultureInfo.InvariantCulture,
                    $"this scenario, {record.Batches} batches of 2 or more, longest {Math.Max(record.LongestBatch, 1)}"
                ),
                _ => "",
            },
            Cases = 1,
            Replayed = scenario,
            Coverage = new() { Batches = record.Batches, LongestBatch = record.LongestBatch },
            Violations = violation is null ? [] : [violation],
        };
        return Expect(result, scenario);
    }

    private static CampaignResult NotRun(
        IOperation operation,
        Implementation implementation,
        KernelVersion kernel,
        Scenario scenario
    ) =>
        new()
        {
            Operation = operation,
            Implementation = implementation,
            Architecture = scenario.Architecture,
            Kernel = kernel,
            Verdict = VerdictKind.NotApplicable,
            Reason = $"the scenario does not run {operation.Name}",
            Cases = 1,
            Replayed = scenario,
        };

    /// <summary>
    /// The first step whose anchor the candidate's run does not come to; -1 for none. Without that step
    /// the question does not arise, unless the others break a rule by themselves.
    /// </summary>
    private static int FirstMissed(CaseRecord record)
    {
        for (var step = 0; step < record.CandidateSteps.Count; step++)
        {
            if (!record.CandidateSteps[step].Reached)
            {
                return step;
            }
        }

        return -1;
    }

    private static CampaignResult Expect(CampaignResult result, Scenario scenario)
    {
        var operations = scenario.Operations();
        var expected = scenario.Notes?.Expectations.FirstOrDefault(expectation =>
            Resolve(operations, expectation).FullName == result.Implementation.FullName
        );
        if (expected is null)
        {
            return result;
        }

        var rule = expected.Rule;
        var met =
            expected.Verdict == result.Verdict
            && (
                rule is null
                || result.Violations.Any(violation =>
                    violation.Rule.Id == rule || violation.AlsoBroken.Contains(rule)
                )
            );
        return result with
        {
            AsExpected = met,
            Expected = rule is null ? expected.Verdict.Name() : $"{expected.Verdict.Name()} {rule}",
        };
    }
}
