using PteCheck.Kernel.MthpSelect;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;

namespace PteCheck.Properties.MthpSelect;

/// <summary>Every fault of the choice of windows is found, and named as the cause.</summary>
public sealed class MthpCanaryTests
{
    private const string Sound = "~remember-armed";

    /// <summary>The rules that no other operation can break, with an implementation that breaks each.</summary>
    public static TheoryData<string, string> Rules =>
        new()
        {
            { "PTB020", "linear~remember-armed~keep-order" },
            { "PTB021", "linear~remember-armed~lose-allocation-failure" },
            { "PTB110", "linear~remember-armed~trust-scan~forget-armed" },
            { "PTB510", "linear" },
            { "PTB511", "linear~remember-armed~scale-threshold" },
            { "PTB620", "linear~remember-armed~ask-vma" },
            { "PTB621", "stack-v17~remember-armed~short-stack" },
        };

    /// <summary>Every fault, and the rule that finds it first.</summary>
    public static TheoryData<string, string> Faults =>
        new()
        {
            { "linear~forget-swapped", "PTB020" },
            { "linear~lose-allocation-failure", "PTB021" },
            { "linear~ask-vma", "PTB620" },
            { "linear~always-limit", "PTB020" },
            { "stack-v17~count-swapped~keep-allocation-failure~right-first", "PTB020" },
            { "linear~keep-order", "PTB020" },
            { "stack-v17~count-swapped~keep-allocation-failure~short-stack", "PTB621" },
            { "linear~unlock-late", "PTB607" },
        };

    [Theory]
    [MemberData(nameof(Rules))]
    public void TheRuleBreaksAlone(string rule, string name)
    {
        var result = MthpLab.Run(name, Architecture.X86, 65_536);
        var violation = Assert.Single(result.Violations, found => found.Rule.Id == rule);

        Assert.Empty(violation.AlsoBroken.Except(["PTB510"], StringComparer.Ordinal));
        Assert.NotEmpty(violation.Cause);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void EveryFaultIsFoundOnBothArchitectures(string name, string rule)
    {
        foreach (var architecture in ArchitectureNames.All)
        {
            var result = MthpLab.Run(name + Sound, architecture, 8192);

            Assert.Contains(result.Violations, violation => violation.Rule.Id == rule);
            Assert.All(
                result.Violations,
                violation => Assert.Equal([name[(name.LastIndexOf('~') + 1)..]], violation.Cause)
            );
        }
    }

    [Fact]
    public void EveryFaultHasARow()
    {
        var rows = Faults.Select(row => (string)row[0]).Select(name => name.Split('~')[^1]);

        Assert.Equal(
            ["trust-scan"],
            MthpDecisions
                .All.Where(decision => decision.Kind == DecisionKind.Fault)
                .Select(decision => decision.Name)
                .Except(rows, StringComparer.Ordinal)
        );
    }

    /// <summary>What is a choice of policy the reference makes, too; by itself it breaks nothing but work.</summary>
    [Fact]
    public void PoliciesAreNoFaults()
    {
        foreach (
            var policy in MthpDecisions.All.Where(decision => decision.Kind == DecisionKind.Policy)
        )
        {
            var name = "linear~remember-armed";
            name = policy == MthpDecisions.ForgetArmed ? "linear" : $"{name}~{policy.Name}";

            Assert.All(
                MthpLab.Run(name, Architecture.X86, 16_384).Violations,
                violation => Assert.Equal([policy.Name], violation.Cause)
            );
        }
    }
}
