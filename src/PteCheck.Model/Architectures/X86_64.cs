using PteCheck.Model.Tlbs;

namespace PteCheck.Model.Architectures;

/// <summary>
/// x86-64 page-table entries: arch/x86/include/asm/pgtable.h, pgtable_types.h, pgtable_64.h and
/// pgtable-invert.h. Shadow stacks made a second dirty bit necessary (SAVED_DIRTY), L1TF made the
/// PFN of entries that the hardware does not see inverted.
/// </summary>
public readonly partial struct X86_64 : IArch
{
    /// <summary>_PAGE_PRESENT.</summary>
    public const ulong Present = 1UL << 0;

    /// <summary>_PAGE_RW.</summary>
    public const ulong Rw = 1UL << 1;

    /// <summary>_PAGE_USER.</summary>
    public const ulong User = 1UL << 2;

    /// <summary>_PAGE_PWT.</summary>
    public const ulong Pwt = 1UL << 3;

    /// <summary>_PAGE_PCD.</summary>
    public const ulong Pcd = 1UL << 4;

    /// <summary>_PAGE_ACCESSED.</summary>
    public const ulong Accessed = 1UL << 5;

    /// <summary>_PAGE_DIRTY.</summary>
    public const ulong Dirty = 1UL << 6;

    /// <summary>_PAGE_PAT of a last-level entry.</summary>
    public const ulong Pat = 1UL << 7;

    /// <summary>_PAGE_GLOBAL; the same bit is _PAGE_PROTNONE while PRESENT is clear.</summary>
    public const ulong GlobalOrProtnone = 1UL << 8;

    /// <summary>_PAGE_SPECIAL (software bit 1).</summary>
    public const ulong Special = 1UL << 9;

    /// <summary>_PAGE_UFFD_WP (software bit 2).</summary>
    public const ulong UffdWp = 1UL << 10;

    /// <summary>_PAGE_SOFT_DIRTY (software bit 3).</summary>
    public const ulong SoftDirty = 1UL << 11;

    /// <summary>Software bit 4, DEVMAP until it was removed.</summary>
    public const ulong SoftW4 = 1UL << 57;

    /// <summary>_PAGE_SAVED_DIRTY (software bit 5): dirty of an entry without RW.</summary>
    public const ulong SavedDirty = 1UL << 58;

    /// <summary>_PAGE_PKEY_BIT0..3.</summary>
    public const ulong Pkey = 0xFUL << 59;

    /// <summary>_PAGE_NX.</summary>
    public const ulong Nx = 1UL << 63;

    /// <summary>PTE_PFN_MASK: bits 12 to 51.</summary>
    public const ulong PfnMask = ((1UL << 40) - 1) << PfnShift;

    private const int PfnShift = 12;
    private const ulong DirtyBits = Dirty | SavedDirty;
    private const ulong KnightsLandingErratum = Accessed | Dirty;
    private const ulong ChangeMask =
        PfnMask | Pcd | Pwt | Pat | Special | Accessed | DirtyBits | SoftDirty | UffdWp;

    /// <inheritdoc/>
    public static Architecture Architecture => Architecture.X86;

    /// <inheritdoc/>
    public static bool HasSoftDirty => true;

    /// <inheritdoc/>
    public static bool HasContpte => false;

    /// <inheritdoc/>
    public static int PfnBits => 40;

    /// <summary>tlb_single_page_flush_ceiling is 33; more pages flush the address space.</summary>
    public static int FlushMmFromPages => 34;

    /// <inheritdoc/>
    public static Pte PageNone => new(Accessed | GlobalOrProtnone);

    /// <inheritdoc/>
    public static Pte PageReadOnly(bool executable) =>
        new(Present | User | Accessed | (executable ? 0 : Nx));

    /// <inheritdoc/>
    public static Pte PageShared(bool executable) => new(PageReadOnly(executable).Word | Rw);

    /// <summary>pte_none: stray A and D of the Knights Landing erratum count as nothing.</summary>
    public static bool PteNone(Pte pte) => (pte.Word & ~KnightsLandingErratum) == 0;

    /// <inheritdoc/>
    public static bool PtePresent(Pte pte) => (pte.Word & (Present | GlobalOrProtnone)) != 0;

    /// <inheritdoc/>
    public static bool PteHwPresent(Pte pte) => (pte.Word & Present) != 0;

    /// <inheritdoc/>
    public static bool PteProtnone(Pte pte) =>
        (pte.Word & (Present | GlobalOrProtnone)) == GlobalOrProtnone;

    /// <inheritdoc/>
    public static bool PteAccessible(Pte pte, bool flushPending) =>
        (pte.Word & Present) != 0 || (flushPending && (pte.Word & GlobalOrProtnone) != 0);

    /// <summary>pte_write: RW, or a shadow-stack entry (pte_shstk).</summary>
    public static bool PteWrite(Pte pte, in PteContext context) =>
        (pte.Word & Rw) != 0 || (context.ShadowStack && (pte.Word & Dirty) != 0);

    /// <inheritdoc/>
    public static bool PteDirty(Pte pte) => (pte.Word & DirtyBits) != 0;

    /// <inheritdoc/>
    public static bool PteYoung(Pte pte) => (pte.Word & Accessed) != 0;

    /// <inheritdoc/>
    public static bool PteSoftDirty(Pte pte) => (pte.Word & SoftDirty) != 0;

    /// <inheritdoc/>
    public static bool PteUffdWp(Pte pte) => (pte.Word & UffdWp) != 0;

    /// <inheritdoc/>
    public static bool PteSpecial(Pte pte) => (pte.Word & Special) != 0;

    /// <inheritdoc/>
    public static bool PteCont(Pte pte) => false;

    /// <inheritdoc/>
    public static ulong PtePfn(Pte pte) =>
        ((pte.Word ^ InvertMask(pte.Word)) & PfnMask) >> PfnShift;

    /// <inheritdoc/>
    public static Pte PfnPte(ulong pfn, Pte prot) =>
        new((((pfn << PfnShift) ^ InvertMask(prot.Word)) & PfnMask) | prot.Word);

    /// <inheritdoc/>
    public static Pte PteMkWriteNoVma(Pte pte, in PteContext context) => new(pte.Word | Rw);

    /// <inheritdoc/>
    public static Pte PteMkWrite(Pte pte, bool shadowStackVma, in PteContext context) =>
        shadowStackVma ? new((pte.Word & ~Rw) | Dirty) : new(ClearSavedDirty(pte.Word | Rw));

    /// <inheritdoc/>
    public static Pte PteWrProtect(Pte pte) => new(MakeSavedDirty(pte.Word & ~Rw));

    /// <inheritdoc/>
    public static Pte PteMkDirty(Pte pte) => new(MakeSavedDirty(pte.Word | Dirty | SoftDirty));

    /// <inheritdoc/>
    public static Pte WalkerMkDirty(Pte pte) => new(pte.Word | Dirty | Accessed);

    /// <inheritdoc/>
    public static Pte PteMkClean(Pte pte) => new(pte.Word & ~DirtyBits);

    /// <inheritdoc/>
    public static Pte PteMkYoung(Pte pte) => new(pte.Word | Accessed);

    /// <inheritdoc/>
    public static Pte PteMkOld(Pte pte) => new(pte.Word & ~Accessed);

    /// <inheritdoc/>
    public static Pte PteMkSoftDirty(Pte pte) => new(pte.Word | SoftDirty);

    /// <inheritdoc/>
    public static Pte PteClearSoftDirty(Pte pte) => new(pte.Word & ~SoftDirty);

    /// <inheritdoc/>
    public static Pte PteMkUffdWp(Pte pte) => PteWrProtect(new(pte.Word | UffdWp));

    /// <inheritdoc/>
    public static Pte PteClearUffdWp(Pte pte) => new(pte.Word & ~UffdWp);

    /// <inheritdoc/>
    public static Pte PteMkSpecial(Pte pte) => new(pte.Word | Special);

    /// <inheritdoc/>
    public static Pte PteMkCont(Pte pte) => pte;

    /// <inheritdoc/>
    public static Pte PteMkNonCont(Pte pte) => pte;

    /// <summary>
    /// pte_modify. Turns the PFN field over when the entry changes sides of the L1TF inversion, and
    /// moves dirty between its two bits according to what RW was before.
    /// </summary>
    public static Pte PteModify(Pte pte, Pte newprot)
    {
        var word = (pte.Word & ChangeMask) | (newprot.Word & ~ChangeMask);
        if (NeedsInvert(pte.Word) != NeedsInvert(word))
        {
            word ^= PfnMask;
        }

        return new((pte.Word & Rw) != 0 ? MakeSavedDirty(word) : ClearSavedDirty(word));
    }

    /// <inheritdoc/>
    public static Pte PteAdvancePfn(Pte pte, int nr)
    {
        var step = (ulong)nr << PfnShift;
        return new(NeedsInvert(pte.Word) ? pte.Word - step : pte.Word + step);
    }

    /// <inheritdoc/>
    public static int PteBatchHint(Pte pte, int slot, int contPtes) => 1;

    /// <summary>
    /// pte_needs_flush (pte_flags_need_flush in arch/x86/include/asm/tlbflush.h): software bits and
    /// ACCESSED do not matter; losing DIRTY or PRESENT does, any change of the rest does.
    /// </summary>
    public static bool PteNeedsFlush(Pte oldPte, Pte newPte, in PteContext context)
    {
        const ulong OnClear = Dirty | Present;
        const ulong Software = Special | UffdWp | SoftDirty | SoftW4 | SavedDirty | Accessed;
        const ulong OnChange =
            Rw | User | Pwt | Pcd | Pat | GlobalOrProtnone | (1UL << 12) | Pkey | Nx;
        if (!PteHwPresent(oldPte))
        {
            return false;
        }

        if (PtePfn(oldPte) != PtePfn(newPte))
        {
            return true;
        }

        // The PFNs are equal, so the PFN field tells only about the inversion, which PRESENT does too.
        var oldFlags = oldPte.Word & ~PfnMask & ~Software;
        var newFlags = newPte.Word & ~PfnMask & ~Software;
        var diff = oldFlags ^ newFlags;
        return (diff & oldFlags & OnClear) != 0 || (diff & OnChange) != 0;
    }

    /// <inheritdoc/>
    public static TlbRights HardwareRights(Pte pte, in PteContext context)
    {
        if ((pte.Word & Present) == 0)
        {
            return TlbRights.None;
        }

        var rights = TlbRights.Read;
        if ((pte.Word & User) != 0)
        {
            rights |= TlbRights.User;
        }

        if ((pte.Word & Nx) == 0)
        {
            rights |= TlbRights.Execute;
        }

        if ((pte.Word & Rw) != 0)
        {
            rights |= TlbRights.Write;
        }
        else if (context.ShadowStack && (pte.Word & Dirty) != 0)
        {
            rights |= TlbRights.ShadowStackWrite;
        }

        if ((pte.Word & Dirty) != 0)
        {
            rights |= TlbRights.Dirty;
        }

        return rights;
    }

    /// <summary>__pte_needs_invert: anything but zero that the hardware does not see.</summary>
    private static bool NeedsInvert(ulong word) => word != 0 && (word & Present) == 0;

    private static ulong InvertMask(ulong word) => NeedsInvert(word) ? ulong.MaxValue : 0;

    /// <summary>pte_mksaveddirty: without RW the dirty state lives in SAVED_DIRTY.</summary>
    private static ulong MakeSavedDirty(ulong word) =>
        (word & (Rw | Dirty)) == Dirty ? (word & ~Dirty) | SavedDirty : word;

    /// <summary>pte_clear_saveddirty: with RW it lives in DIRTY.</summary>
    private static ulong ClearSavedDirty(ulong word) =>
        (word & (Rw | SavedDirty)) == (Rw | SavedDirty) ? (word & ~SavedDirty) | Dirty : word;
}
