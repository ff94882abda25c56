using System.Runtime.InteropServices;

namespace PteCheck.Kernel.Interference;

/// <summary>What became of a step of interference in a run.</summary>
/// <param name="Reached">Whether the run came to its anchor.</param>
/// <param name="At">Events in the trace before it happened, so that its own ones follow; -1 where it did not happen.</param>
/// <param name="Waited">Whether a lock held it up first.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct StepOutcome(bool Reached, int At, bool Waited);
