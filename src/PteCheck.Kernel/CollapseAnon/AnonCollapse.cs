using System.Numerics;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.CollapseAnon;

/// <summary>What an anonymous collapse keeps from step to step.</summary>
internal struct AnonCollapse
{
    /// <summary>Index of the mm.</summary>
    public int Mm;

    /// <summary>Index of the VMA.</summary>
    public int Vma;

    /// <summary>The first page of the table, which the VMA must cover.</summary>
    public uint Haddr;

    /// <summary>The first page of the window that is collapsed.</summary>
    public uint Start;

    /// <summary>Pages of the window.</summary>
    public int Pages;

    /// <summary>Slots of the table.</summary>
    public int Slots;

    /// <summary>What was asked for.</summary>
    public CollapseRequest Request;

    /// <summary>The choices made.</summary>
    public DecisionSet Decisions;

    /// <summary>The PMD slot.</summary>
    public int Pmd;

    /// <summary>The value that the PMD entry had before it was cleared.</summary>
    public PmdEntry Old;

    /// <summary>The entries of the window.</summary>
    public PtePointer Ptep;

    /// <summary>The new folio.</summary>
    public int Folio;

    /// <summary>Entries that were not present when the table was scanned.</summary>
    public int Unmapped;

    /// <summary>Young entries that the scan met.</summary>
    public int Referenced;

    /// <summary>The anon_vma is locked.</summary>
    public bool HoldsAnonVma;

    /// <summary>The page-table lock is held, and dropped by who took it.</summary>
    public bool HoldsPtl;

    /// <summary>The window's entries are cleared; what they were is kept with the sources.</summary>
    public bool Cleared;

    /// <summary>The table is not linked.</summary>
    public bool Unlinked;

    /// <summary>Whether the window is the whole table, which is then mapped by a leaf.</summary>
    public readonly bool IsPmdOrder => Pages == Slots;

    /// <summary>Whether a decision is taken.</summary>
    public readonly bool Has(Decision decision) => Decisions.Has(decision);

    /// <summary>Begins a call.</summary>
    public static AnonCollapse Of(in OperationCall call, int slots, DecisionSet decisions) =>
        new()
        {
            Mm = call.Mm,
            Vma = call.Vma,
            Haddr = call.Vpn & ~(uint)(slots - 1),
            Start = call.Vpn,
            Pages = 1 << call.Collapse.Order,
            Slots = slots,
            Request = call.Collapse,
            Decisions =
                call.Collapse.Order == BitOperations.Log2((uint)slots)
                && decisions.Has(CollapseAnonDecisions.OneLevel)
                    ? decisions.Without(RfcBelowPmdOrder)
                    : decisions,
        };

    /// <summary>What RFC 9/12 does below PMD order alone; vma_collapse_anon_folio_pmd stays as it was.</summary>
    private static DecisionSet RfcBelowPmdOrder =>
        CollapseAnonDecisions
            .OneLevel.Set.With(CollapseAnonDecisions.CopyBeforeClear.Set)
            .With(CollapseAnonDecisions.NoFlush.Set)
            .With(CollapseAnonDecisions.CheckFirst.Set);
}
