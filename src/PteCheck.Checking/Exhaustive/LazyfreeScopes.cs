using PteCheck.Model.Machines;

namespace PteCheck.Checking.Exhaustive;

/// <summary>The named scopes of lazyfree-unmap.</summary>
public static class LazyfreeScopes
{
    /// <summary>The folio's first three pages in the middle of a table, and over its end after one page.</summary>
    private static readonly FolioPlacement[] ThreePages = [new(10, 0, 0, 3), new(15, 0, 0, 3)];

    /// <summary>L1: nobody else acts, every entry of the folio, all classes.</summary>
    public static readonly ExhaustiveScope Sequential = new LazyfreeScope(
        "L1",
        "one order-2 lazyfree folio in tables of 8 slots, nobody else acting: up to 4 entries over all classes that "
            + "lazyfree-unmap tells apart (write, dirty, soft-dirty, protnone, device-exclusive, none), "
            + "in a VMA that is plain, droppable or armed for uffd-wp (there uffd-wp instead of soft-dirty); in the middle of a table, "
            + "over its end after 1, 2 or 3 pages, cut off by the VMA's end or start after 1, 2 or 3 pages, on arm64 also as an aligned CONT block, folded and not; "
            + "flush immediate or deferred, folio dirty or clean, one extra reference or none, "
            + "tlb_flush_pending with stale translations of the protnone pages where it is read",
        interleaved: false,
        [
            new(9, 1, 0, 4),
            new(15, 0, 0, 4),
            new(14, 0, 0, 4),
            new(13, 0, 0, 4),
            new(10, 0, 0, 1),
            new(10, 0, 0, 2),
            new(10, 0, 0, 3),
            new(10, 0, 1, 3),
            new(10, 0, 2, 2),
            new(10, 0, 3, 1),
            new(8, 0, 0, 4, ContOnly: true),
            new(8, 0, 0, 4, ContOnly: true, NeverFolded: true),
        ],
        new(VmaFlags.None, LazyfreeClasses.Plain),
        new(VmaFlags.Droppable, LazyfreeClasses.Plain),
        new(VmaFlags.UffdWp, _ => LazyfreeClasses.Armed)
    );

    /// <summary>L3: up to three entries, and every pair of moves of another CPU and of a device.</summary>
    public static readonly ExhaustiveScope Interleaved = new LazyfreeScope(
        "L3",
        "one order-2 lazyfree folio in tables of 8 slots, up to 3 entries over the classes that loads, stores and pins tell apart "
            + "(write, dirty, clean protnone, device-exclusive, none), in a plain or droppable VMA of 3 pages, in one table or over its end "
            + "after the first page; flush immediate or deferred, folio dirty or clean (in a droppable VMA, where that is ignored, clean), "
            + "a page pinned or not, tlb_flush_pending with stale translations of the protnone pages where it is read; "
            + "every legal pair of moves of CPU 1 and of a device (load, store, GUP-fast in its steps, zap of a page or of all, flushed at once or later, "
            + "and of a pin's user store, load, mark dirty, unpin) at every anchor that the run reaches",
        interleaved: true,
        ThreePages,
        new(VmaFlags.None, _ => LazyfreeClasses.Interleaved),
        new(VmaFlags.Droppable, _ => LazyfreeClasses.Interleaved)
    );
}
