namespace PteCheck.Checking.Scenarios;

/// <summary>What part of a scenario breaks a reachability rule.</summary>
public enum OffenderKind
{
    /// <summary>The scenario as a whole.</summary>
    Scenario,

    /// <summary>A folio, by index.</summary>
    Folio,

    /// <summary>A VMA, by index.</summary>
    Vma,

    /// <summary>An entry, by index.</summary>
    Pte,

    /// <summary>A stale translation, by index.</summary>
    Tlb,

    /// <summary>A step of interference, by index.</summary>
    Step,

    /// <summary>An operation of the run, by index.</summary>
    Run,
}

/// <summary>Where a rule is broken.</summary>
/// <param name="Kind">Which list <paramref name="Index"/> counts in.</param>
/// <param name="Index">Index in that list.</param>
public readonly record struct Offender(OffenderKind Kind, int Index);

/// <summary>A state that no kernel reaches is not a counterexample; each rule says why one kind is none.</summary>
/// <param name="Id">RS and two digits.</param>
/// <param name="Sentence">What every reachable state has.</param>
/// <param name="Source">Where the kernel sees to it.</param>
/// <param name="Check">The first offender, or null.</param>
public sealed record ReachabilityRule(
    string Id,
    string Sentence,
    string Source,
    Func<Scenario, Offender?> Check
);

/// <summary>All reachability rules; generator, minimizer and reader obey the same list.</summary>
public static class Reachability
{
    /// <summary>What a scenario needs to be a machine and a call at all; holds for unreachable states as well.</summary>
    public static readonly IReadOnlyList<ReachabilityRule> Shape =
    [
        .. ShapeRules.All,
        .. WindowRules.Shape,
    ];

    /// <summary>Shape first, then entries, then what concerns several entries.</summary>
    public static readonly IReadOnlyList<ReachabilityRule> All =
    [
        .. Shape,
        .. EntryRules.All,
        .. SharingRules.All,
        .. LazyfreeRules.All,
        .. PinRules.All,
        .. CollapseRules.All,
        .. ProtectRules.All,
        .. WindowRules.All,
    ];

    /// <summary>The first broken rule with its offender, or null when the state is reachable.</summary>
    public static (ReachabilityRule Rule, Offender Offender)? FirstBroken(Scenario scenario)
    {
        foreach (var rule in scenario.Unreachable ? Shape : All)
        {
            if (rule.Check(scenario) is { } offender)
            {
                return (rule, offender);
            }
        }

        return null;
    }
}
