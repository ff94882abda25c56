using PteCheck.Kernel.Interference;

namespace PteCheck.Checking.Scenarios;

/// <summary>A step of interference of a scenario: who does what to which page, and where in the run.</summary>
public record struct StepSpec
{
    /// <summary>The CPU, 1 to 3, or <see cref="InterferenceStep.Device"/>.</summary>
    public byte Actor;

    /// <summary>What it does.</summary>
    public StepVerb Verb;

    /// <summary>A load or store that walks the tables, whatever the CPU holds.</summary>
    public bool Fresh;

    /// <summary>Index of the VMA.</summary>
    public byte Vma;

    /// <summary>Page within the VMA.</summary>
    public short Page;

    /// <summary>How many pages; more than one for a zap alone.</summary>
    public short Pages;

    /// <summary>The side of the anchor's event.</summary>
    public AnchorSide Side;

    /// <summary>The anchor's event.</summary>
    public AnchorEvent Event;

    /// <summary>Which one of its kind, from 1 on.</summary>
    public byte Occurrence;

    /// <summary>Index of the VMA of the anchor's page, where the event is one of a page.</summary>
    public byte AnchorVma;

    /// <summary>The anchor's page within that VMA.</summary>
    public short AnchorPage;

    /// <summary>Whether the anchor names a page.</summary>
    public readonly bool HasAnchorPage => Event is AnchorEvent.Clear or AnchorEvent.Set;
}
