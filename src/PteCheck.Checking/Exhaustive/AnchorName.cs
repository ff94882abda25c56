using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Interference;

namespace PteCheck.Checking.Exhaustive;

/// <summary>An anchor as a step of a scenario says it.</summary>
/// <param name="Side">The side of the event.</param>
/// <param name="Event">The event.</param>
/// <param name="Occurrence">Which one of its kind, from 1 on.</param>
/// <param name="Vma">The VMA of its page, where it is one of a page.</param>
/// <param name="Page">The page within the VMA.</param>
internal readonly record struct AnchorName(
    AnchorSide Side,
    AnchorEvent Event,
    byte Occurrence,
    byte Vma,
    short Page
)
{
    /// <summary>Puts a step there.</summary>
    public StepSpec Place(in StepSpec step) =>
        step with
        {
            Side = Side,
            Event = Event,
            Occurrence = Occurrence,
            AnchorVma = Vma,
            AnchorPage = Page,
        };
}
