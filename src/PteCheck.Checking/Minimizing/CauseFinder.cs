using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;

namespace PteCheck.Checking.Minimizing;

/// <summary>
/// Which decisions make a scenario fail: those whose mending alone makes the violation go away, or,
/// where no single one does, a smallest set that does together. Found by running the model.
/// </summary>
public static class CauseFinder
{
    /// <summary>Names of the decisions, in the operation's order; empty when mending all of them does not help.</summary>
    public static IReadOnlyList<string> Find(
        IOperation operation,
        Implementation implementation,
        KernelVersion kernel,
        Scenario scenario,
        SignatureKey signature
    )
    {
        var faults = operation
            .Decisions.Where(decision =>
                decision.Kind is DecisionKind.Fault or DecisionKind.Policy
                && implementation.Decisions.Has(decision)
            )
            .ToList();
        var single = faults.Where(decision => Mends(decision.Set)).ToList();
        if (single.Count > 0)
        {
            return [.. single.Select(decision => decision.Name)];
        }

        var together = faults.Aggregate(
            DecisionSet.Empty,
            (set, decision) => set.With(decision.Set)
        );
        if (!Mends(together))
        {
            return [];
        }

        foreach (var decision in faults)
        {
            var without = together.Without(decision.Set);
            together = Mends(without) ? without : together;
        }

        return
        [
            .. faults.Where(decision => together.Has(decision)).Select(decision => decision.Name),
        ];

        bool Mends(DecisionSet mended)
        {
            var candidate = implementation.WithDecisions(
                operation,
                implementation.Decisions.Without(mended)
            );
            var worker = CaseWorkers.Create(scenario.Architecture, operation, candidate, kernel);
            worker.Evaluate(scenario);
            return worker.Candidate.Primary is not { } finding
                || SignatureKey.Of(finding) != signature;
        }
    }
}
