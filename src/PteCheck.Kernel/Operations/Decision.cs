using System.Numerics;

namespace PteCheck.Kernel.Operations;

/// <summary>What kind of choice a decision is; the search for causes mends faults and policies.</summary>
public enum DecisionKind
{
    /// <summary>One side of the choice is wrong, or was suspected to be.</summary>
    Fault,

    /// <summary>Only where batches form at all. To undo it hides a violation instead of mending it.</summary>
    Scope,

    /// <summary>A different shape of the code that should not matter.</summary>
    Shape,

    /// <summary>A choice of what is to be done, not of how: the reference makes it, too.</summary>
    Policy,
}

/// <summary>
/// A named choice in which implementations differ. <c>~name</c> takes the choice, <c>~mend</c> takes
/// it back.
/// </summary>
/// <param name="Bit">Its bit in a <see cref="DecisionSet"/>.</param>
/// <param name="Name">The name of the choice, for instance <c>ignore-write</c>.</param>
/// <param name="Mend">The name of its opposite, for instance <c>respect-write</c>.</param>
/// <param name="Kind">What kind of choice it is.</param>
/// <param name="Meaning">One sentence for <c>ptecheck list</c>.</param>
public sealed record Decision(int Bit, string Name, string Mend, DecisionKind Kind, string Meaning)
{
    /// <summary>The set of this decision alone.</summary>
    public DecisionSet Set => new(1UL << Bit);
}

/// <summary>A set of decisions of one operation.</summary>
public readonly record struct DecisionSet(ulong Bits)
{
    /// <summary>No decision.</summary>
    public static readonly DecisionSet Empty;

    /// <summary>How many decisions it holds.</summary>
    public int Count => BitOperations.PopCount(Bits);

    /// <summary>Whether <paramref name="decision"/> is taken.</summary>
    public bool Has(Decision decision) => (Bits & (1UL << decision.Bit)) != 0;

    /// <summary>Both sets together.</summary>
    public DecisionSet With(DecisionSet other) => new(Bits | other.Bits);

    /// <summary>This set without the other.</summary>
    public DecisionSet Without(DecisionSet other) => new(Bits & ~other.Bits);
}
