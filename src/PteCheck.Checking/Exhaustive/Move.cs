using PteCheck.Checking.Scenarios;

namespace PteCheck.Checking.Exhaustive;

/// <summary>What a move begins and a later one may end, or what it needs to have been begun.</summary>
internal enum MoveLink : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>GUP-fast has read the entry of the page.</summary>
    GupRead,

    /// <summary>GUP-fast has also taken a reference.</summary>
    GupGrabbed,

    /// <summary>The page is pinned.</summary>
    Pin,

    /// <summary>A zap has cleared entries, and has yet to flush and free.</summary>
    Zap,
}

/// <summary>
/// What one of the others does at one anchor: one step, or several in a row. The steps have no anchors yet.
/// </summary>
/// <param name="Page">The page of the VMA.</param>
/// <param name="Needs">What must have been begun at that page.</param>
/// <param name="Gives">What it begins there.</param>
/// <param name="Steps">The steps.</param>
internal sealed record Move(int Page, MoveLink Needs, MoveLink Gives, StepSpec[] Steps)
{
    /// <summary>Whether a CPU is in the middle of GUP-fast after it: interrupts are off, so it does nothing else until that ends.</summary>
    public bool BusyCpu => Gives is MoveLink.GupRead or MoveLink.GupGrabbed;

    /// <summary>Whether it is an access that passes by what is cached.</summary>
    public bool IsFresh { get; } = Array.Exists(Steps, step => step.Fresh);
}
