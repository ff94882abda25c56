using PteCheck.Model.Machines;

namespace PteCheck.Checking.Scenarios;

/// <summary>What several entries, folios and stale translations have together in every state that a kernel reaches.</summary>
public static class SharingRules
{
    private const string Tlb =
        "mm/rmap.c, set_tlb_ubc_flush_pending; Documentation/mm/mmu_gather and the clean-to-dirty walk";

    /// <summary>The rules in order.</summary>
    public static readonly IReadOnlyList<ReachabilityRule> All =
    [
        new(
            "RS50",
            "Only anonymous pages are exclusive, and a lazyfree folio is not in the swap cache.",
            "include/linux/page-flags.h, PG_anon_exclusive; mm/swap.c, lru_lazyfree",
            FolioFlags
        ),
        new(
            "RS51",
            "An exclusive page is mapped once at most, over all mms.",
            "mm/memory.c, copy_present_ptes; include/linux/rmap.h, folio_try_dup_anon_rmap_ptes",
            ExclusiveMappedOnce
        ),
        new(
            "RS52",
            "An anonymous page has one entry at most in each mm.",
            "mm/rmap.c: a folio has one address in each VMA of its anon_vma, and mremap moves",
            AnonOncePerMm
        ),
        new(
            "RS53",
            "An exclusive swap entry is the only one of its slot.",
            "mm/memory.c, copy_nonpresent_pte clears the bit; pte_swp_exclusive",
            ExclusiveSwap
        ),
        new(
            "RS54",
            "A page under migration is not mapped, and one with a migration or poison entry is not flagged exclusive: the entry has taken that over.",
            "mm/rmap.c, try_to_migrate_one and folio_try_share_anon_rmap_pte",
            Migration
        ),
        new(
            "RS55",
            "A writable or read-exclusive migration entry of an anonymous page is the page's only one.",
            "include/linux/swapops.h; the page was exclusive",
            ExclusiveMigration
        ),
        new(
            "RS56",
            "A stale translation allows no more than its live entry (protnone: nothing, unless tlb-flush-pending), but write where uffd-wp and tlb-flush-pending owe a flush; or its page is mapped nowhere and its slot empty, owed by batched-flush, or beside a zap by tlb-flush-pending with extra-refs.",
            Tlb,
            StaleTranslations
        ),
        new(
            "RS57",
            "A cached translation allows stores only where the VMA and the page do.",
            "mm/memory.c, maybe_mkwrite; do_cow_fault",
            StaleRights
        ),
    ];

    private static Offender? FolioFlags(Scenario s)
    {
        for (var i = 0; i < s.FolioCount; i++)
        {
            ref readonly var folio = ref s.Folios[i];
            var exclusivePages = folio.Exclusive.Count;
            if (
                (!folio.IsAnon && (exclusivePages != 0 || folio.SwapCache))
                || (folio.Kind == FolioKind.Lazyfree && folio.SwapCache)
                || !ExclusiveInside(folio)
            )
            {
                return new(OffenderKind.Folio, i);
            }
        }

        return null;
    }

    private static bool ExclusiveInside(in FolioSpec folio)
    {
        for (var page = folio.Pages; page < Machine.TableStride; page++)
        {
            if (folio.Exclusive.Has(page))
            {
                return false;
            }
        }

        return true;
    }

    private static Offender? ExclusiveMappedOnce(Scenario s)
    {
        var pages = PageOffsets(s, stackalloc int[s.FolioCount + 1]);
        Span<bool> seen = stackalloc bool[pages[^1]];
        for (var i = 0; i < s.PteCount; i++)
        {
            ref readonly var pte = ref s.Ptes[i];
            if (!pte.IsMapping || !s.Folios[pte.Folio].Exclusive.Has(pte.FolioPage))
            {
                continue;
            }

            ref var mapped = ref seen[pages[pte.Folio] + pte.FolioPage];
            if (mapped)
            {
                return new(OffenderKind.Pte, i);
            }

            mapped = true;
        }

        return null;
    }

    private static Offender? AnonOncePerMm(Scenario s)
    {
        var pages = PageOffsets(s, stackalloc int[s.FolioCount + 1]);
        Span<byte> mms = stackalloc byte[pages[^1]];
        for (var i = 0; i < s.PteCount; i++)
        {
            ref readonly var pte = ref s.Ptes[i];
            if (!pte.HasFolio || !s.Folios[pte.Folio].IsAnon)
            {
                continue;
            }

            ref var seen = ref mms[pages[pte.Folio] + pte.FolioPage];
            var bit = (byte)(1 << s.Vmas[pte.Vma].Mm);
            if ((seen & bit) != 0)
            {
                return new(OffenderKind.Pte, i);
            }

            seen |= bit;
        }

        return null;
    }

    private static Offender? ExclusiveSwap(Scenario s)
    {
        for (var i = 0; i < s.PteCount; i++)
        {
            ref readonly var pte = ref s.Ptes[i];
            if (pte.Kind == EntryKind.Swap && pte.Has(PteBits.Exclusive) && SwapUsers(s, pte) > 1)
            {
                return new(OffenderKind.Pte, i);
            }
        }

        return null;
    }

    private static int SwapUsers(Scenario s, in PteSpec entry)
    {
        var users = 0;
        foreach (ref readonly var pte in s.UsedPtes)
        {
            var same = pte.SwapOffset == entry.SwapOffset && pte.SwapDevice == entry.SwapDevice;
            users += pte.Kind == EntryKind.Swap && same ? 1 : 0;
        }

        return users;
    }

    private static Offender? Migration(Scenario s)
    {
        var pages = PageOffsets(s, stackalloc int[s.FolioCount + 1]);
        Span<bool> mapped = stackalloc bool[pages[^1]];
        foreach (ref readonly var pte in s.UsedPtes)
        {
            if (pte.IsMapping)
            {
                mapped[pages[pte.Folio] + pte.FolioPage] = true;
            }
        }

        for (var i = 0; i < s.PteCount; i++)
        {
            ref readonly var pte = ref s.Ptes[i];
            var gone = IsMigration(pte) || pte.Kind == EntryKind.HwPoison;
            if (!gone)
            {
                continue;
            }

            var still = IsMigration(pte) && mapped[pages[pte.Folio] + pte.FolioPage];
            if (still || s.Folios[pte.Folio].Exclusive.Has(pte.FolioPage))
            {
                return new(OffenderKind.Pte, i);
            }
        }

        return null;
    }

    private static Offender? ExclusiveMigration(Scenario s)
    {
        for (var i = 0; i < s.PteCount; i++)
        {
            ref readonly var pte = ref s.Ptes[i];
            var exclusive =
                pte.Kind is EntryKind.MigrationWrite or EntryKind.MigrationReadExclusive
                && s.Folios[pte.Folio].IsAnon;
            if (exclusive && PageUsers(s, pte.Folio, pte.FolioPage) > 1)
            {
                return new(OffenderKind.Pte, i);
            }
        }

        return null;
    }

    private static Offender? StaleTranslations(Scenario s)
    {
        for (var i = 0; i < s.TlbCount; i++)
        {
            ref readonly var stale = ref s.Tlb[i];
            var live = s.PteAt(stale.Vma, stale.Page);
            var pending = (s.BatchedFlushPending >> s.Vmas[stale.Vma].Mm & 1) != 0;
            var left =
                pending
                && live is null or { Kind: EntryKind.Swap or EntryKind.Marker }
                && PageUsers(s, stale.Folio, stale.FolioPage) == 0;
            var flushing = s.TlbFlushPending[s.Vmas[stale.Vma].Mm] > 0;
            left |=
                flushing
                && s.Runs[0].Of().Empties
                && live is null
                && s.Folios[stale.Folio].ExtraRefs > 0
                && PageUsers(s, stale.Folio, stale.FolioPage) == 0;
            var protecting =
                flushing
                && (
                    (s.Vmas[stale.Vma].Flags & VmaFlags.UffdWp) != 0
                    || live is { } hint && hint.Has(PteBits.Protnone)
                )
                && s.Folios[stale.Folio].Exclusive.Has(stale.FolioPage);
            if (!left && !(live is { } entry && Covers(entry, stale, flushing, protecting)))
            {
                return new(OffenderKind.Tlb, i);
            }
        }

        return null;
    }

    /// <summary>
    /// Whether a walk of the live entry could have given the translation, or a stronger one; of a protnone
    /// entry only before it became that, while the flush for it is outstanding; and so with the write bit that
    /// userfaultfd or the NUMA scan has taken from an exclusive page.
    /// </summary>
    private static bool Covers(in PteSpec live, in TlbSpec stale, bool flushing, bool protecting) =>
        live.Kind == EntryKind.Present
        && (flushing || !live.Has(PteBits.Protnone))
        && live.Folio == stale.Folio
        && live.FolioPage == stale.FolioPage
        && live.Has(protecting ? stale.Bits & ~PteBits.Write : stale.Bits);

    private static Offender? StaleRights(Scenario s)
    {
        for (var i = 0; i < s.TlbCount; i++)
        {
            ref readonly var stale = ref s.Tlb[i];
            var vma = s.Vmas[stale.Vma].Flags;
            var anon = s.Folios[stale.Folio].IsAnon;
            var shared = (vma & VmaFlags.Shared) != 0;
            var fits = anon ? !shared : (vma & VmaFlags.FileBacked) != 0;
            var copied = !anon && !shared && stale.Bits != PteBits.None;
            var readOnly = (vma & VmaFlags.Write) == 0;
            if (!fits || copied || (readOnly && (stale.Bits & PteBits.Write) != 0))
            {
                return new(OffenderKind.Tlb, i);
            }
        }

        return null;
    }

    private static bool IsMigration(in PteSpec pte) =>
        pte.Kind
            is EntryKind.MigrationRead
                or EntryKind.MigrationReadExclusive
                or EntryKind.MigrationWrite;

    private static int PageUsers(Scenario s, short folio, short page)
    {
        var users = 0;
        foreach (ref readonly var pte in s.UsedPtes)
        {
            users += pte.HasFolio && pte.Folio == folio && pte.FolioPage == page ? 1 : 0;
        }

        return users;
    }

    /// <summary>For each folio the number of pages of all folios before it; the total at the end.</summary>
    private static Span<int> PageOffsets(Scenario s, Span<int> offsets)
    {
        for (var i = 0; i < s.FolioCount; i++)
        {
            offsets[i + 1] = offsets[i] + s.Folios[i].Pages;
        }

        return offsets;
    }
}
