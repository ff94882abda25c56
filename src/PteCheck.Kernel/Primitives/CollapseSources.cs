using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.Primitives;

/// <summary>
/// What an anonymous collapse has isolated, slot by slot of its window: the source pages, and the entries as they
/// stood. Reused from run to run.
/// </summary>
public sealed class CollapseSources
{
    /// <summary>In <see cref="Frames"/>: a hole or the zero page, whose place in the new folio is filled with zeroes.</summary>
    public const int NoFrame = -1;

    private readonly int[] large = new int[Machine.TableStride];

    /// <summary>The frame to copy for each slot, or <see cref="NoFrame"/>.</summary>
    public int[] Frames { get; } = new int[Machine.TableStride];

    /// <summary>The entry of each slot when it was isolated.</summary>
    public Pte[] Entries { get; } = new Pte[Machine.TableStride];

    /// <summary>Slots looked at and accepted so far.</summary>
    public int Count { get; private set; }

    /// <summary>compound_pagelist: the large folios among them, each locked and isolated once.</summary>
    public ReadOnlySpan<int> Large => large.AsSpan(0, LargeCount);

    private int LargeCount { get; set; }

    /// <summary>Nothing is isolated.</summary>
    public void Begin() => (Count, LargeCount) = (0, 0);

    /// <summary>The next slot is accepted.</summary>
    public void Add(Pte entry, int frame)
    {
        Entries[Count] = entry;
        Frames[Count++] = frame;
    }

    /// <summary>A large folio is locked and isolated.</summary>
    public void AddLarge(int folio) => large[LargeCount++] = folio;

    /// <summary>Whether a large folio is locked and isolated already.</summary>
    public bool HasLarge(int folio) => Large.Contains(folio);
}
