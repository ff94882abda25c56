using PteCheck.Model.Traces;

namespace PteCheck.Checking.Oracles;

/// <summary>What one page must read as.</summary>
internal record struct ExpectedPage
{
    /// <summary>No frame: the entry maps none.</summary>
    public const int NotMapped = -2;

    /// <summary>The newest content.</summary>
    public ulong Token;

    /// <summary>The frame that the entry gives now, or <see cref="NotMapped"/>.</summary>
    public int Live;

    /// <summary>Whether anything is known.</summary>
    public bool Known;

    /// <summary>Zero is right, too.</summary>
    public bool OrZero;

    /// <summary>A page of a file, shared by its frame.</summary>
    public bool IsFile;

    /// <summary>In a VMA of a file: when given up it reads as the file does, which is not followed.</summary>
    public bool InFile;

    /// <summary>In a shared VMA.</summary>
    public bool Shared;

    /// <summary>In a droppable VMA.</summary>
    public bool Droppable;

    /// <summary>A flush is outstanding that a stale translation may outlive.</summary>
    public bool Loose;

    /// <summary>User space gave it up.</summary>
    public bool Discarded;

    /// <summary>All but content and frame, in one word.</summary>
    public readonly uint Flags =>
        Bit(Known, 0)
        | Bit(OrZero, 1)
        | Bit(IsFile, 2)
        | Bit(InFile, 3)
        | Bit(Shared, 4)
        | Bit(Droppable, 5)
        | Bit(Loose, 6)
        | Bit(Discarded, 7);

    /// <summary>Whether an access leads to a page that is rightly no longer the place's: by a stale translation, or by a pin of what user space gave up.</summary>
    public readonly bool IsElsewhere(in TraceEvent e)
    {
        var frame = AccessEvent.Frame(e);
        var device = e.Op is Primitive.DeviceLoad or Primitive.DeviceStore;
        return device ? Discarded && Live != frame : AccessEvent.IsStale(e) && IsLoose(frame);
    }

    /// <summary>Whether a stale translation leads to a page that is no longer the place's, while its flush is outstanding.</summary>
    private readonly bool IsLoose(int frame) =>
        Loose && Live != frame && (Discarded || Live != NotMapped);

    private static uint Bit(bool value, int bit) => value ? 1u << bit : 0;
}
