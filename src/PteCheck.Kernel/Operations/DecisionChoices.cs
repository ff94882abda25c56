using PteCheck.Kernel.Primitives;

namespace PteCheck.Kernel.Operations;

/// <summary>How the primitives behave under decisions that concern them.</summary>
internal static class DecisionChoices
{
    /// <summary>A choice that a decision makes; none where it is not taken.</summary>
    public static PrimitiveChoices Taken(
        this DecisionSet decisions,
        Decision decision,
        PrimitiveChoices choice
    ) => decisions.Has(decision) ? choice : PrimitiveChoices.None;

    /// <summary>A choice that mends what a decision does; none where it is taken.</summary>
    public static PrimitiveChoices Mended(
        this DecisionSet decisions,
        Decision decision,
        PrimitiveChoices choice
    ) => decisions.Has(decision) ? PrimitiveChoices.None : choice;
}
