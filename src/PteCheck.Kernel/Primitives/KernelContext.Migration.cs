using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Kernel.Primitives;

/// <summary>What the migration of a folio needs beside the rest: its destination, what the two have in common (mm/migrate.c, include/linux/rmap.h).</summary>
public sealed partial class KernelContext<TArch>
{
    /// <summary>
    /// alloc_misplaced_dst_folio: a folio as large as the other, aligned like every folio, with one reference; -1 when
    /// the machine has no room for it.
    /// </summary>
    public int AllocMisplacedDstFolio(int src)
    {
        var like = Machine.Folios[src];
        var misaligned = (int)((Machine.PfnBase + (ulong)Machine.FrameCount) % (ulong)like.Pages);
        var gap = misaligned == 0 ? 0 : like.Pages - misaligned;
        if (
            Machine.FolioCount == Machine.MaxFolios
            || Machine.FrameCount + gap + like.Pages > Machine.MaxFrames
        )
        {
            return -1;
        }

        int folio = Machine.FolioCount++,
            first = Machine.FrameCount + gap,
            end = first + like.Pages;
        Machine.FrameFolios.AsSpan(Machine.FrameCount, gap).Fill(-1);
        Machine.FrameFolios.AsSpan(first, like.Pages).Fill((short)folio);
        var added = end - Machine.FrameCount;
        Machine.PageMapcounts.AsSpan(Machine.FrameCount, added).Clear();
        Machine.PageFlags.AsSpan(Machine.FrameCount, added).Clear();
        Machine.PageContents.AsSpan(Machine.FrameCount, added).Clear();
        Machine.FrameCount = end;
        Machine.Folios[folio] = new()
        {
            FirstFrame = first,
            Order = like.Order,
            RefCount = 1,
            Kind = FolioKind.Lazyfree,
            Flags = FolioFlags.Lru,
        };
        Record(Primitive.FolioAlloc, folio, nr: like.Pages, a: Machine.PfnBase + (ulong)first);
        return folio;
    }

    /// <summary>folio_isolate_lru and folio_trylock: a reference for the isolator; false where somebody else holds the lock.</summary>
    public bool IsolateAndLock(int folio)
    {
        ref var owner = ref Machine.Folios[folio];
        if ((owner.Flags & (FolioFlags.Locked | FolioFlags.Freed)) != 0)
        {
            return false;
        }

        owner.Flags |= FolioFlags.Locked;
        owner.ExtraRefs++;
        FolioRefAdd(folio, 1);
        return true;
    }

    /// <summary>folio_unlock and folio_putback_lru or folio_put: what <see cref="IsolateAndLock"/> took is given back, and the last reference frees.</summary>
    public void UnlockAndPutBack(int folio)
    {
        ref var owner = ref Machine.Folios[folio];
        owner.Flags &= ~FolioFlags.Locked;
        owner.ExtraRefs--;
        FolioPutRefs(folio, 1);
    }

    /// <summary>
    /// folio_try_share_anon_rmap_pte: the page is no longer one mapping's own; false, and nothing done, where it may be
    /// pinned.
    /// </summary>
    public bool FolioTryShareAnonRmapPte(int folio, int frame)
    {
        if (FolioMaybeDmaPinned(folio))
        {
            return false;
        }

        ClearPageAnonExclusive(folio, frame, 1);
        return true;
    }

    /// <summary>folio_migrate_flags: what is known of the old folio is known of the new one.</summary>
    public void FolioMigrateFlags(int src, int dst)
    {
        Machine.Folios[dst].Kind = Machine.Folios[src].Kind;
        var flags = Machine.Folios[src].Flags & (FolioFlags.Dirty | FolioFlags.Swapbacked);
        if (flags != 0)
        {
            SetFolioFlags(dst, flags);
        }
    }
}
