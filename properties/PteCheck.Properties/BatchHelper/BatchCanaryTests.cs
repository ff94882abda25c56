using PteCheck.Kernel.FolioPteBatch;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;

namespace PteCheck.Properties.BatchHelper;

/// <summary>Every fault of the batch helper is found, and named as the cause.</summary>
public sealed class BatchCanaryTests
{
    private const long Cases = 16_384;

    /// <summary>The rules that no other operation can break, with an implementation that breaks each.</summary>
    public static TheoryData<string, string> Rules =>
        new() { { "PTB022", "batched~ignore-write" }, { "PTB023", "batched~drop-merge" } };

    /// <summary>Every fault that its architectures can show, and the rule that finds it.</summary>
    public static TheoryData<string, Architecture, string> Faults =>
        new()
        {
            { "batched~ignore-write", Architecture.X86, "PTB022" },
            { "batched~ignore-write", Architecture.Arm64, "PTB022" },
            { "batched~ignore-dirty", Architecture.X86, "PTB022" },
            { "batched~ignore-dirty", Architecture.Arm64, "PTB022" },
            { "batched~ignore-soft-dirty", Architecture.X86, "PTB022" },
            { "batched~ignore-uffd", Architecture.X86, "PTB022" },
            { "batched~ignore-uffd", Architecture.Arm64, "PTB022" },
            { "batched~ignore-protnone", Architecture.X86, "PTB022" },
            { "batched~ignore-protnone", Architecture.Arm64, "PTB022" },
            { "batched~ignore-folio-end", Architecture.X86, "PTB022" },
            { "batched~ignore-folio-end", Architecture.Arm64, "PTB022" },
            { "batched~no-cap", Architecture.X86, "PTB301" },
            { "batched~no-cap", Architecture.Arm64, "PTB301" },
            { "batched~trust-hint", Architecture.Arm64, "PTB022" },
            { "batched~drop-merge", Architecture.X86, "PTB023" },
            { "batched~drop-merge", Architecture.Arm64, "PTB023" },
            { "batched-6.15~drop-merge", Architecture.X86, "PTB023" },
            { "batched-6.15~drop-merge", Architecture.Arm64, "PTB023" },
            { "batched-6.15~ignore-dirty", Architecture.X86, "PTB022" },
            { "batched-6.15~ignore-soft-dirty", Architecture.X86, "PTB022" },
        };

    [Theory]
    [MemberData(nameof(Faults))]
    public void TheFaultIsFoundAndIsTheCause(string name, Architecture architecture, string rule)
    {
        var result = BatchLab.Run(name, architecture, Cases);

        Assert.Contains(result.Violations, violation => violation.Rule.Id == rule);
        Assert.All(
            result.Violations,
            violation => Assert.Equal([name.Split('~')[1]], violation.Cause)
        );
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void WithTheRuleOffNothingIsLeft(string rule, string name)
    {
        var violation = BatchLab
            .Run(name, Architecture.X86, Cases)
            .Violations.First(found => found.Rule.Id == rule);
        var worker = BatchLab.Worker(name, Architecture.X86);
        worker.Candidate.Off = Checking.Oracles.Rules.Find(rule);
        worker.Evaluate(violation.Scenario);

        Assert.Equal(0, worker.Candidate.Count);
    }

    [Fact]
    public void EveryFaultHasARow() =>
        Assert.Equal(
            ["compare-raw-write", "merge-write-again"],
            BatchDecisions
                .All.Where(decision => decision.Kind == DecisionKind.Fault)
                .Select(decision => decision.Name)
                .Except(
                    Faults.Select(row => ((string)row[0]).Split('~')[1]),
                    StringComparer.Ordinal
                )
        );
}
