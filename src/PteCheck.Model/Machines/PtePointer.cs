namespace PteCheck.Model.Machines;

/// <summary>
/// A <c>pte_t *</c>: a slot of a table, together with the range that its holder was given. Walking
/// past that range is what the bounds oracle looks for, so the pointer remembers it.
/// </summary>
/// <param name="Table">Index of the table.</param>
/// <param name="Slot">Slot; may point past the end, as in C, but not be used there.</param>
/// <param name="First">First slot of the range given.</param>
/// <param name="End">Slot after the range given.</param>
public readonly record struct PtePointer(short Table, short Slot, short First, short End)
{
    /// <summary>The pointer <paramref name="nr"/> slots on, with the same range.</summary>
    public PtePointer Add(int nr) => this with { Slot = (short)(Slot + nr) };

    /// <summary>Whether the slot lies in the range given.</summary>
    public bool InRange => Slot >= First && Slot < End;
}
