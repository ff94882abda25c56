namespace PteCheck.Kernel.Operations;

/// <summary>The decisions of one operation, numbered in the order in which they are added.</summary>
public sealed class DecisionRegistry
{
    /// <summary>Bits of a <see cref="DecisionSet"/>.</summary>
    private const int Most = 64;

    private readonly List<Decision> decisions = [];

    /// <summary>All decisions so far.</summary>
    public IReadOnlyList<Decision> All => decisions;

    /// <summary>Adds a choice of which one side is wrong, or was suspected to be.</summary>
    public Decision Fault(string name, string mend, string meaning) =>
        Add(name, mend, DecisionKind.Fault, meaning);

    /// <summary>Adds a choice of where batches form.</summary>
    public Decision Scope(string name, string mend, string meaning) =>
        Add(name, mend, DecisionKind.Scope, meaning);

    /// <summary>Adds a choice of the code's shape.</summary>
    public Decision Shape(string name, string mend, string meaning) =>
        Add(name, mend, DecisionKind.Shape, meaning);

    /// <summary>Adds a choice of what is to be done, which the reference makes as well.</summary>
    public Decision Policy(string name, string mend, string meaning) =>
        Add(name, mend, DecisionKind.Policy, meaning);

    private Decision Add(string name, string mend, DecisionKind kind, string meaning)
    {
        if (decisions.Count == Most)
        {
            throw new InvalidOperationException($"An operation has at most {Most} decisions.");
        }

        var decision = new Decision(decisions.Count, name, mend, kind, meaning);
        decisions.Add(decision);
        return decision;
    }
}
