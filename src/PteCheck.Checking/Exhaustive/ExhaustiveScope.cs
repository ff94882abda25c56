using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;

namespace PteCheck.Checking.Exhaustive;

/// <summary>
/// A set of scenarios that is small enough to be judged to the last one. Its initial states are numbered, so
/// that any number of threads can share them and the lowest number that fails is the same for all.
/// </summary>
public abstract class ExhaustiveScope
{
    /// <summary>The name, for instance <c>L1</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What it holds, in a sentence that says every bound.</summary>
    public abstract string Text { get; }

    /// <summary>The operation.</summary>
    public abstract IOperation Operation { get; }

    /// <summary>Steps of others are enumerated, too; else nobody else acts.</summary>
    public abstract bool IsInterleaved { get; }

    /// <summary>Numbers of an architecture; not every number is a state.</summary>
    public abstract long Numbers(Architecture architecture);

    /// <summary>Fills a scenario with the initial state of a number.</summary>
    /// <returns>False where the number is no state of its own.</returns>
    public abstract bool Fill(Scenario scenario, Architecture architecture, long number);
}

/// <summary>All scopes.</summary>
public static class ExhaustiveScopes
{
    /// <summary>The scopes in the order of help and messages.</summary>
    public static readonly IReadOnlyList<ExhaustiveScope> All =
    [
        LazyfreeScopes.Sequential,
        LazyfreeScopes.Interleaved,
        WindowScopes.Walks,
        WindowScopes.Swapped,
    ];

    /// <summary>The scope of a name, or null.</summary>
    public static ExhaustiveScope? Find(string name) =>
        All.FirstOrDefault(scope =>
            string.Equals(scope.Name, name, StringComparison.OrdinalIgnoreCase)
        );
}
