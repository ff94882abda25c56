using PteCheck.Model.Tlbs;

namespace PteCheck.Model.Architectures;

/// <summary>
/// arm64 stage-1 page-table entries with the 4-KiB granule: arch/arm64/include/asm/pgtable.h,
/// pgtable-hwdef.h and pgtable-prot.h. A hardware-dirty entry has WRITE (DBM) set and RDONLY clear;
/// DIRTY remembers it in software once write is gone.
/// </summary>
public readonly partial struct Arm64 : IArch
{
    /// <summary>PTE_VALID.</summary>
    public const ulong Valid = 1UL << 0;

    /// <summary>The second bit of PTE_TYPE_PAGE.</summary>
    public const ulong TypePage = 1UL << 1;

    /// <summary>PTE_ATTRINDX_MASK.</summary>
    public const ulong AttrIndex = 7UL << 2;

    /// <summary>PTE_USER, AP[1].</summary>
    public const ulong User = 1UL << 6;

    /// <summary>PTE_RDONLY, AP[2].</summary>
    public const ulong ReadOnly = 1UL << 7;

    /// <summary>PTE_SHARED: inner shareable.</summary>
    public const ulong Shareable = 3UL << 8;

    /// <summary>PTE_AF, the access flag.</summary>
    public const ulong AccessFlag = 1UL << 10;

    /// <summary>PTE_NG; the same bit is PTE_PRESENT_INVALID while VALID is clear.</summary>
    public const ulong NotGlobal = 1UL << 11;

    /// <summary>PTE_GP, the guarded page of branch target identification.</summary>
    public const ulong Guarded = 1UL << 50;

    /// <summary>PTE_WRITE, which is the hardware's DBM.</summary>
    public const ulong Write = 1UL << 51;

    /// <summary>PTE_CONT.</summary>
    public const ulong Cont = 1UL << 52;

    /// <summary>PTE_PXN.</summary>
    public const ulong Pxn = 1UL << 53;

    /// <summary>PTE_UXN.</summary>
    public const ulong Uxn = 1UL << 54;

    /// <summary>PTE_DIRTY, in software.</summary>
    public const ulong Dirty = 1UL << 55;

    /// <summary>PTE_SPECIAL.</summary>
    public const ulong Special = 1UL << 56;

    /// <summary>PTE_UFFD_WP.</summary>
    public const ulong UffdWp = 1UL << 58;

    /// <summary>PTE_PO_IDX_MASK: the permission-overlay index.</summary>
    public const ulong OverlayIndex = 7UL << 60;

    /// <summary>PTE_ADDR_LOW: the output address, bits 12 to 49.</summary>
    public const ulong AddressMask = ((1UL << 38) - 1) << PageShift;

    private const int PageShift = 12;
    private const ulong SoftwareBits = (1UL << 63) | (0xFUL << 55);
    private const ulong ModifyMask =
        User
        | Pxn
        | Uxn
        | ReadOnly
        | NotGlobal
        | Valid
        | Write
        | Guarded
        | AttrIndex
        | OverlayIndex;
    private const ulong Default = Valid | TypePage | Shareable | AccessFlag;

    /// <inheritdoc/>
    public static Architecture Architecture => Architecture.Arm64;

    /// <summary>No arm64 kernel modelled here tracks soft-dirty.</summary>
    public static bool HasSoftDirty => false;

    /// <inheritdoc/>
    public static bool HasContpte => true;

    /// <inheritdoc/>
    public static int PfnBits => 38;

    /// <summary>512 pages of stride 4 KiB flush the whole ASID.</summary>
    public static int FlushMmFromPages => 512;

    /// <inheritdoc/>
    public static Pte PageNone => new((Default & ~Valid) | NotGlobal | ReadOnly | Pxn | Uxn);

    /// <inheritdoc/>
    public static Pte PageReadOnly(bool executable) =>
        new(Default | User | ReadOnly | NotGlobal | Pxn | (executable ? 0 : Uxn));

    /// <inheritdoc/>
    public static Pte PageShared(bool executable) => new(PageReadOnly(executable).Word | Write);

    /// <inheritdoc/>
    public static bool PteNone(Pte pte) => pte.Word == 0;

    /// <inheritdoc/>
    public static bool PtePresent(Pte pte) => (pte.Word & (Valid | NotGlobal)) != 0;

    /// <inheritdoc/>
    public static bool PteHwPresent(Pte pte) => (pte.Word & Valid) != 0;

    /// <summary>pte_protnone: present-invalid, neither user-readable nor user-executable.</summary>
    public static bool PteProtnone(Pte pte) =>
        IsPresentInvalid(pte) && (pte.Word & (User | Uxn)) == Uxn;

    /// <inheritdoc/>
    public static bool PteAccessible(Pte pte, bool flushPending) =>
        flushPending ? PtePresent(pte) : PteHwPresent(pte);

    /// <inheritdoc/>
    public static bool PteWrite(Pte pte, in PteContext context) => (pte.Word & Write) != 0;

    /// <inheritdoc/>
    public static bool PteDirty(Pte pte) => (pte.Word & Dirty) != 0 || HardwareDirty(pte.Word);

    /// <inheritdoc/>
    public static bool PteYoung(Pte pte) => (pte.Word & AccessFlag) != 0;

    /// <inheritdoc/>
    public static bool PteSoftDirty(Pte pte) => false;

    /// <inheritdoc/>
    public static bool PteUffdWp(Pte pte) => (pte.Word & UffdWp) != 0;

    /// <inheritdoc/>
    public static bool PteSpecial(Pte pte) => (pte.Word & Special) != 0;

    /// <inheritdoc/>
    public static bool PteCont(Pte pte) => (pte.Word & Cont) != 0;

    /// <inheritdoc/>
    public static ulong PtePfn(Pte pte) => (pte.Word & AddressMask) >> PageShift;

    /// <inheritdoc/>
    public static Pte PfnPte(ulong pfn, Pte prot) =>
        new(((pfn << PageShift) & AddressMask) | prot.Word);

    /// <summary>
    /// pte_mkwrite_novma. Until the 6.18 cycle it also cleared RDONLY, which made a clean entry dirty at
    /// once; since commit 143937ca51cc a clean entry stays clean.
    /// </summary>
    public static Pte PteMkWriteNoVma(Pte pte, in PteContext context)
    {
        var word = pte.Word | Write;
        return context.Kernel >= KernelVersion.V7_2 && (word & Dirty) == 0
            ? new(word)
            : new(word & ~ReadOnly);
    }

    /// <inheritdoc/>
    public static Pte PteMkWrite(Pte pte, bool shadowStackVma, in PteContext context) =>
        PteMkWriteNoVma(pte, context);

    /// <inheritdoc/>
    public static Pte PteWrProtect(Pte pte)
    {
        var word = HardwareDirty(pte.Word) ? pte.Word | Dirty : pte.Word;
        return new((word & ~Write) | ReadOnly);
    }

    /// <inheritdoc/>
    public static Pte PteMkDirty(Pte pte)
    {
        var word = pte.Word | Dirty;
        return new((word & Write) != 0 ? word & ~ReadOnly : word);
    }

    /// <inheritdoc/>
    public static Pte WalkerMkDirty(Pte pte) => new((pte.Word & ~ReadOnly) | AccessFlag);

    /// <inheritdoc/>
    public static Pte PteMkClean(Pte pte) => new((pte.Word & ~Dirty) | ReadOnly);

    /// <inheritdoc/>
    public static Pte PteMkYoung(Pte pte) => new(pte.Word | AccessFlag);

    /// <inheritdoc/>
    public static Pte PteMkOld(Pte pte) => new(pte.Word & ~AccessFlag);

    /// <inheritdoc/>
    public static Pte PteMkSoftDirty(Pte pte) => pte;

    /// <inheritdoc/>
    public static Pte PteClearSoftDirty(Pte pte) => pte;

    /// <inheritdoc/>
    public static Pte PteMkUffdWp(Pte pte) => PteWrProtect(new(pte.Word | UffdWp));

    /// <inheritdoc/>
    public static Pte PteClearUffdWp(Pte pte) => new(pte.Word & ~UffdWp);

    /// <inheritdoc/>
    public static Pte PteMkSpecial(Pte pte) => new(pte.Word | Special);

    /// <inheritdoc/>
    public static Pte PteMkCont(Pte pte) => new(pte.Word | Cont);

    /// <inheritdoc/>
    public static Pte PteMkNonCont(Pte pte) => new(pte.Word & ~Cont);

    /// <inheritdoc/>
    public static Pte PteModify(Pte pte, Pte newprot)
    {
        var word = HardwareDirty(pte.Word) ? pte.Word | Dirty : pte.Word;
        var modified = new Pte((word & ~ModifyMask) | (newprot.Word & ModifyMask));
        return (modified.Word & Dirty) != 0 ? PteMkDirty(modified) : modified;
    }

    /// <inheritdoc/>
    public static Pte PteAdvancePfn(Pte pte, int nr) =>
        PfnPte(PtePfn(pte) + (ulong)nr, new(pte.Word & ~AddressMask));

    /// <summary>pte_batch_hint: from a slot of a contiguous block, all entries to the block's end.</summary>
    public static int PteBatchHint(Pte pte, int slot, int contPtes) =>
        (pte.Word & (Valid | Cont)) == (Valid | Cont) ? contPtes - (slot & (contPtes - 1)) : 1;

    /// <summary>pte_needs_flush: generic (always) until 7.0, then any change outside the software bits.</summary>
    public static bool PteNeedsFlush(Pte oldPte, Pte newPte, in PteContext context) =>
        context.Kernel < KernelVersion.V7_2
        || (PteHwPresent(oldPte) && ((oldPte.Word ^ newPte.Word) & ~SoftwareBits) != 0);

    /// <inheritdoc/>
    public static TlbRights HardwareRights(Pte pte, in PteContext context)
    {
        if ((pte.Word & Valid) == 0)
        {
            return TlbRights.None;
        }

        var rights = TlbRights.Read;
        if ((pte.Word & User) != 0)
        {
            rights |= TlbRights.User;
        }

        if ((pte.Word & Uxn) == 0)
        {
            rights |= TlbRights.Execute;
        }

        if ((pte.Word & ReadOnly) == 0 || (pte.Word & Write) != 0)
        {
            rights |= TlbRights.Write;
        }

        if ((pte.Word & ReadOnly) == 0)
        {
            rights |= TlbRights.Dirty;
        }

        return rights;
    }

    private static bool IsPresentInvalid(Pte pte) => (pte.Word & (Valid | NotGlobal)) == NotGlobal;

    private static bool HardwareDirty(ulong word) => (word & (Write | ReadOnly)) == Write;
}
