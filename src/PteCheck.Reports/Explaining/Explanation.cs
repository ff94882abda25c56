using PteCheck.Checking.Explaining;

namespace PteCheck.Reports.Explaining;

/// <summary>One slot of the page-table picture: what it holds before, and after each of the two runs.</summary>
/// <param name="Name">Its name in the scenario, for instance <c>dst+1</c>.</param>
/// <param name="Before">The initial entry, in the letters of scenario files.</param>
/// <param name="Reference">What the one-PTE loop leaves.</param>
/// <param name="Candidate">What the judged implementation leaves.</param>
public sealed record SlotView(string Name, string Before, string Reference, string Candidate)
{
    /// <summary>Whether the two runs leave different entries.</summary>
    public bool Differs => Reference != Candidate;
}

/// <summary>One scenario run again so that it can be shown: pictures and steps, already in words.</summary>
/// <param name="Slots">The slots that the operation works on or that differ, in the order of VMA and page.</param>
/// <param name="Steps">What the candidate did, up to the place of the violation, oldest first.</param>
public sealed record Explanation(IReadOnlyList<SlotView> Slots, IReadOnlyList<string> Steps)
{
    /// <summary>
    /// The steps of the operation and of others as one list, which is shown instead of <see cref="Steps"/>
    /// where it has lines: other CPUs or devices acted in between.
    /// </summary>
    public StepList Interleaved { get; init; } = StepList.Empty;

    /// <summary>Nothing to show.</summary>
    public static readonly Explanation Empty = new([], []);
}
