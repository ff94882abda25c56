using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Scenarios;

/// <summary>
/// What a scenario needs to be a machine at all: counts, bounds, indices, layout. Checked even where a
/// file says <c>unreachable: true</c>. Each rule may rely on those before it.
/// </summary>
public static class ShapeRules
{
    /// <summary>Largest page number at which a VMA may end: four times what the tables cover.</summary>
    public const int MaxVpn = 4 * Machine.MaxTables * Machine.TableStride;

    /// <summary>Most references or pins of a folio beyond its mappings.</summary>
    public const int MaxReferences = 1000;

    /// <summary>Longest VMA, in pages.</summary>
    public const int MaxVmaPages = 1024;

    private const string Design = "DESIGN.md, 5";

    /// <summary>The rules in order.</summary>
    public static readonly IReadOnlyList<ReachabilityRule> All =
    [
        new(
            "RS01",
            "A table has 8, 16, 32 or 512 slots, CONT_PTES is 4 or 16 and not more than that.",
            Design,
            Geometry
        ),
        new(
            "RS02",
            "There are 1 to 4 CPUs and 1 to 4 mms, and what is pending is pending for one of them.",
            Design,
            CpusAndMms
        ),
        new(
            "RS03",
            "A folio has order 0 to 9, and an anonymous one is not of order 1; extra references and pins are 0 to 1000.",
            "mm/huge_memory.c, THP_ORDERS_ALL_ANON; DESIGN.md, 5",
            FolioOrders
        ),
        new(
            "RS04",
            "A VMA belongs to an mm, has 1 to 1024 pages and lies in the modelled space.",
            Design,
            VmaBounds
        ),
        new(
            "RS05",
            "VMAs of one mm do not overlap, and all of them need at most 16 tables.",
            "mm/vma.c, vma_merge and insert_vm_struct; DESIGN.md, 5",
            LayoutChecks.VmasApart
        ),
        new(
            "RS06",
            "Entries lie inside their VMA, in ascending order, one to a page, and none at the destination of a move.",
            "mm/mremap.c, move_vma makes a new VMA; DESIGN.md, 5",
            EntryPlaces
        ),
        new(
            "RS07",
            "An entry or stale translation names a page of a folio that exists.",
            Design,
            FolioPages
        ),
        new(
            "RS08",
            "No two folios share a PFN; each lies at a multiple of its size, above the zero page, within 8192 frames of the lowest.",
            "mm/page_alloc.c, the buddy allocator hands out naturally aligned blocks",
            LayoutChecks.Pfns
        ),
        new(
            "RS09",
            "A swap offset is 1 to 1023, a swap device 0 to 3.",
            "include/linux/swapfile.h; slot 0 is the swap header",
            SwapSlots
        ),
        new(
            "RS10",
            "An operation's range lies in its VMA, which is there by then; a destination is as long, in the same mm, and another VMA.",
            "mm/mremap.c, mremap_to and check_mremap_params",
            RunRules.Ranges
        ),
        new(
            "RS11",
            "Soft-dirty, shadow stacks and their VMAs exist on x86-64 alone, BBML2 on arm64 alone.",
            "facts: CONFIG_MEM_SOFT_DIRTY and CONFIG_X86_USER_SHADOW_STACK are x86's, ARM64_HAS_BBML2_NOABORT is arm64's",
            ArchitectureFeatures
        ),
        new(
            "RS12",
            "The letters of an entry are letters of its kind.",
            "arch/x86/include/asm/pgtable_types.h; arch/arm64/include/asm/pgtable-prot.h; include/linux/swapops.h",
            Letters
        ),
        new(
            "RS13",
            "A stale translation is on a CPU that exists, at a page of a VMA, with no letters but W and D.",
            Design,
            TlbPlaces
        ),
        new(
            "RS14",
            "A page fault is for one page.",
            "mm/memory.c, handle_pte_fault",
            RunRules.OnePage
        ),
        new(
            "RS15",
            "A step of interference is one of a device or of a CPU beside CPU 0, at pages of a VMA, and so is its anchor; tables go only beside operations that look for it.",
            Design,
            StepRules.Places
        ),
        new(
            "RS16",
            "Tables may be missing at the destination of a move and in a VMA that a file is collapsed in, where no entry is. Leaves are for operations on them, which work on whole tables: each maps one anonymous folio of its size, in order, with equal letters, exclusive as a whole or not at all, and no stale translation.",
            "mm/mremap.c, alloc_new_pmd; mm/khugepaged.c, collapse_pte_mapped_thp; mm/huge_memory.c, __do_huge_pmd_anonymous_page",
            s => NoTables(s) ?? LeafRules.Check(s)
        ),
        new(
            "RS17",
            "A run is of 1 to 5 operations; others act in between, and khugepaged works, in a run of one alone. Pages that an operation has moved away are named at their new place by those behind it.",
            Design,
            s => RunRules.Count(s) ?? RunRules.MovedAway(s)
        ),
    ];

    /// <summary>The letters that an entry of a kind can have.</summary>
    public static PteBits AllowedBits(EntryKind kind) =>
        kind switch
        {
            EntryKind.Present => PteBits.Write
                | PteBits.Dirty
                | PteBits.Young
                | PteBits.SoftDirty
                | PteBits.UffdWp
                | PteBits.Protnone,
            EntryKind.Zero => PteBits.Young | PteBits.SoftDirty | PteBits.UffdWp,
            EntryKind.Swap => PteBits.SoftDirty | PteBits.UffdWp | PteBits.Exclusive,
            EntryKind.MigrationRead
            or EntryKind.MigrationReadExclusive
            or EntryKind.MigrationWrite
            or EntryKind.DeviceExclusive => PteBits.SoftDirty | PteBits.UffdWp,
            _ => PteBits.None,
        };

    private static Offender? NoTables(Scenario s)
    {
        for (var i = 0; i < s.VmaCount; i++)
        {
            ref readonly var vma = ref s.Vmas[i];
            if (vma.NoTables && !(vma.Destination || s.Operation().CollapsesFile))
            {
                return new(OffenderKind.Vma, i);
            }
        }

        for (var i = 0; i < s.PteCount; i++)
        {
            if (s.Vmas[s.Ptes[i].Vma].NoTables)
            {
                return new(OffenderKind.Pte, i);
            }
        }

        return null;
    }

    private static Offender? Geometry(Scenario s) =>
        s.Slots is 8 or 16 or 32 or 512 && s.ContPtes is 4 or 16 && s.ContPtes <= s.Slots
            ? null
            : new Offender(OffenderKind.Scenario, 0);

    private static Offender? CpusAndMms(Scenario s)
    {
        var good =
            s.Cpus is >= 1 and <= Machine.MaxCpus
            && s.Mms is >= 1 and <= Machine.MaxMms
            && s.BatchedFlushPending >> s.Mms == 0
            && !s.TlbFlushPending.AsSpan(s.Mms).ContainsAnyExcept((byte)0);
        return good ? null : new Offender(OffenderKind.Scenario, 0);
    }

    private static Offender? FolioOrders(Scenario s)
    {
        for (var i = 0; i < s.FolioCount; i++)
        {
            ref readonly var folio = ref s.Folios[i];
            if (
                folio.Order > 9
                || (folio.Order == 1 && folio.IsAnon)
                || folio.ExtraRefs is < 0 or > MaxReferences
                || folio.Pins is < 0 or > MaxReferences
            )
            {
                return new(OffenderKind.Folio, i);
            }
        }

        return null;
    }

    private static Offender? VmaBounds(Scenario s)
    {
        for (var i = 0; i < s.VmaCount; i++)
        {
            ref readonly var vma = ref s.Vmas[i];
            if (
                vma.Mm >= s.Mms
                || vma.Pages is < 1 or > MaxVmaPages
                || vma.FilePages is < 0 or > MaxVmaPages
                || vma.At < -1
                || vma.At > MaxVpn - vma.Pages
            )
            {
                return new(OffenderKind.Vma, i);
            }
        }

        return null;
    }

    private static Offender? EntryPlaces(Scenario s)
    {
        var before = -1;
        for (var i = 0; i < s.PteCount; i++)
        {
            ref readonly var pte = ref s.Ptes[i];
            var place = (pte.Vma << 16) + pte.Page;
            if (
                pte.Kind == EntryKind.None
                || pte.Vma >= s.VmaCount
                || pte.Page < 0
                || pte.Page >= s.Vmas[pte.Vma].Pages
                || s.Vmas[pte.Vma].Destination
                || place <= before
            )
            {
                return new(OffenderKind.Pte, i);
            }

            before = place;
        }

        return null;
    }

    private static Offender? FolioPages(Scenario s)
    {
        for (var i = 0; i < s.PteCount; i++)
        {
            ref readonly var pte = ref s.Ptes[i];
            if (pte.HasFolio && !IsPage(s, pte.Folio, pte.FolioPage))
            {
                return new(OffenderKind.Pte, i);
            }
        }

        for (var i = 0; i < s.TlbCount; i++)
        {
            if (!IsPage(s, s.Tlb[i].Folio, s.Tlb[i].FolioPage))
            {
                return new(OffenderKind.Tlb, i);
            }
        }

        return null;
    }

    private static bool IsPage(Scenario s, short folio, short page) =>
        folio >= 0 && folio < s.FolioCount && page >= 0 && page < s.Folios[folio].Pages;

    private static Offender? SwapSlots(Scenario s)
    {
        for (var i = 0; i < s.PteCount; i++)
        {
            ref readonly var pte = ref s.Ptes[i];
            var good =
                pte.SwapOffset is >= 1 and < Machine.SwapSlotsPerDevice
                && pte.SwapDevice < Machine.SwapDevices;
            if (pte.Kind == EntryKind.Swap && !good)
            {
                return new(OffenderKind.Pte, i);
            }
        }

        return null;
    }

    private static Offender? ArchitectureFeatures(Scenario s)
    {
        var x86 = s.Architecture == Architecture.X86;
        if (x86 ? s.Bbml2 : s.ShadowStack)
        {
            return new(OffenderKind.Scenario, 0);
        }

        for (var i = 0; i < s.VmaCount && !x86; i++)
        {
            if ((s.Vmas[i].Flags & (VmaFlags.ShadowStack | VmaFlags.SoftDirtyTracked)) != 0)
            {
                return new(OffenderKind.Vma, i);
            }
        }

        for (var i = 0; i < s.PteCount && !x86; i++)
        {
            if (s.Ptes[i].Has(PteBits.SoftDirty))
            {
                return new(OffenderKind.Pte, i);
            }
        }

        return null;
    }

    private static Offender? Letters(Scenario s)
    {
        for (var i = 0; i < s.PteCount; i++)
        {
            ref readonly var pte = ref s.Ptes[i];
            var marker = pte.Kind == EntryKind.Marker;
            var badMarker =
                marker != (pte.Markers != 0)
                || (byte)pte.Markers
                    > (byte)(PteMarkers.UffdWp | PteMarkers.Poisoned | PteMarkers.Guard);
            if ((pte.Bits & ~AllowedBits(pte.Kind)) != 0 || badMarker)
            {
                return new(OffenderKind.Pte, i);
            }
        }

        return null;
    }

    private static Offender? TlbPlaces(Scenario s)
    {
        for (var i = 0; i < s.TlbCount; i++)
        {
            ref readonly var stale = ref s.Tlb[i];
            var placed =
                stale.Cpu < s.Cpus
                && stale.Vma < s.VmaCount
                && stale.Page >= 0
                && stale.Page < s.Vmas[stale.Vma].Pages
                && !s.Vmas[stale.Vma].Destination;
            if (!placed || (stale.Bits & ~(PteBits.Write | PteBits.Dirty)) != 0)
            {
                return new(OffenderKind.Tlb, i);
            }
        }

        return null;
    }
}
