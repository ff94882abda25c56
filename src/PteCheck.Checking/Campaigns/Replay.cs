using System.Globalization;
using PteCheck.Checking.Explaining;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Kernel.Operations;

namespace PteCheck.Checking.Campaigns;

/// <summary>Judges a scenario as it is written: no generator, no minimizer, the same verdict for ever.</summary>
public static class Replay
{
    /// <summary>
    /// One result an implementation. Without a list: those that the file has expectations of, or, when
    /// it has none, every named implementation of the operation but the reference.
    /// </summary>
    public static IReadOnlyList<CampaignResult> Run(
        Scenario scenario,
        IReadOnlyList<Implementation> implementations
    )
    {
        var operation = OperationCatalog.All[scenario.Run.Operation];
        var expectations = scenario.Notes?.Expectations ?? [];
        var chosen = implementations;
        if (chosen.Count == 0)
        {
            chosen =
                expectations.Count > 0
                    ? [.. expectations.Select(expectation => Resolve(operation, expectation))]
                    : [.. operation.Candidates()];
        }

        return [.. chosen.Select(implementation => Judge(operation, implementation, scenario))];
    }

    private static Implementation Resolve(IOperation operation, Expectation expectation) =>
        OperationCatalog.Parse(expectation.Implementation, [operation], out var error)
        ?? throw new ScenarioException(error);

    private static CampaignResult Judge(
        IOperation operation,
        Implementation implementation,
        Scenario scenario
    )
    {
        var kernel = scenario.Kernel ?? implementation.Kernel;
        var record = Runner.Explain(scenario, implementation, kernel);
        var violation = ViolationBuilder.Describe(operation, implementation, kernel, scenario);
        var missed = FirstMissed(record);
        var verdict =
            record.ReferenceFindings.Count > 0 ? VerdictKind.ReferenceViolated
            : violation is not null ? VerdictKind.Violated
            : missed >= 0 ? VerdictKind.NotApplicable
            : VerdictKind.Holds;
        var trace = record.CandidateTrace;
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
                VerdictKind.NotApplicable => string.Create(
                    CultureInfo.InvariantCulture,
                    $"anchor '{StepText.Anchor(scenario, scenario.Steps[missed])}' of step {missed + 1} is never reached"
                ),
                VerdictKind.Holds when operation.Selects =>
                    $"this scenario, {AttemptWords.List(trace, record.Initial, scenario)}",
                VerdictKind.Holds => string.Create(
                    CultureInfo.InvariantCulture,
                    $"this scenario, {trace.Batches} batches of 2 or more, longest {Math.Max(trace.LongestBatch, 1)}"
                ),
                _ => "",
            },
            Cases = 1,
            Replayed = scenario,
            Coverage = new() { Batches = trace.Batches, LongestBatch = trace.LongestBatch },
            Violations = violation is null ? [] : [violation],
        };
        return Expect(result, operation, scenario);
    }

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

    private static CampaignResult Expect(
        CampaignResult result,
        IOperation operation,
        Scenario scenario
    )
    {
        var expected = scenario.Notes?.Expectations.FirstOrDefault(expectation =>
            Resolve(operation, expectation).FullName == result.Implementation.FullName
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
