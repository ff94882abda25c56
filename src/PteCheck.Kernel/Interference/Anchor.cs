using System.Runtime.InteropServices;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Kernel.Interference;

/// <summary>On which side of its event a step stands.</summary>
public enum AnchorSide : byte
{
    /// <summary>The event has happened, and nothing after it.</summary>
    After,

    /// <summary>The event is about to happen.</summary>
    Before,
}

/// <summary>Events of an operation that steps of interference refer to: what any implementation of it does.</summary>
public enum AnchorEvent : byte
{
    /// <summary>The run begins.</summary>
    Start,

    /// <summary>The run has ended.</summary>
    End,

    /// <summary>The entry of a page is cleared.</summary>
    Clear,

    /// <summary>The entry of a page is set.</summary>
    Set,

    /// <summary>A page-table lock is taken.</summary>
    LockPtl,

    /// <summary>A page-table lock is dropped.</summary>
    UnlockPtl,

    /// <summary>The TLB is flushed, of a range or of an mm.</summary>
    Flush,

    /// <summary>A flush is put off (set_tlb_ubc_flush_pending).</summary>
    DeferFlush,

    /// <summary>The references of the folio are read.</summary>
    RefCheck,

    /// <summary>The mapcount of the folio is read.</summary>
    MapCheck,

    /// <summary>The dirty flag of the folio is read.</summary>
    DirtyCheck,

    /// <summary>The folio is marked dirty.</summary>
    MarkDirty,

    /// <summary>Mappings of the folio are taken back.</summary>
    Rmap,

    /// <summary>References to the folio are put.</summary>
    Put,

    /// <summary>The folio is freed.</summary>
    FolioFree,

    /// <summary>The read-only scan of a collapse is over, and the entries are not locked.</summary>
    BetweenScans,

    /// <summary>A PMD entry is cleared, or a leaf made invalid to be changed.</summary>
    ClearPmd,

    /// <summary>A PMD entry is set.</summary>
    SetPmd,

    /// <summary>The PMD lock is taken.</summary>
    LockPmd,

    /// <summary>The PMD lock is dropped.</summary>
    UnlockPmd,

    /// <summary>The rmap locks are taken.</summary>
    LockRmap,

    /// <summary>A folio is locked.</summary>
    LockFolio,

    /// <summary>A folio is unlocked.</summary>
    UnlockFolio,

    /// <summary>A page table is freed, or will be after a grace period.</summary>
    TableFree,

    /// <summary>The IPI that lockless walkers hold off (tlb_remove_table_sync_one).</summary>
    TableSync,

    /// <summary>A page is copied.</summary>
    Copy,
}

/// <summary>Where in a run a step happens: before or after an event, the first or a later one of its kind.</summary>
[StructLayout(LayoutKind.Sequential)]
public record struct Anchor
{
    /// <summary>The side of the event.</summary>
    public AnchorSide Side;

    /// <summary>The event.</summary>
    public AnchorEvent Event;

    /// <summary>Which one of its kind, from 1 on.</summary>
    public byte Occurrence;

    /// <summary>The mm of the page, where the event is one of a page.</summary>
    public byte Mm;

    /// <summary>The page number, where the event is one of a page.</summary>
    public uint Vpn;

    /// <summary>Whether an event is of the anchor's kind and place.</summary>
    public readonly bool Matches(in TraceEvent e, Machine machine) =>
        EventOf(e) == Event && (!IsOfPage(Event) || IsPlace(e, machine));

    /// <summary>The kind of an event that anchors can name; null for others, and for what the architecture layer does on its own account.</summary>
    public static AnchorEvent? EventOf(in TraceEvent e) =>
        e.ByArch
            ? null
            : e.Op switch
            {
                Primitive.PteStore => e.B == Pte.None.Word ? AnchorEvent.Clear : AnchorEvent.Set,
                Primitive.PtlLock => AnchorEvent.LockPtl,
                Primitive.PtlUnlock => AnchorEvent.UnlockPtl,
                Primitive.TlbFlushRange or Primitive.TlbFlushMm => AnchorEvent.Flush,
                Primitive.SetTlbUbcFlushPending => AnchorEvent.DeferFlush,
                Primitive.FolioRefCount => AnchorEvent.RefCheck,
                Primitive.FolioMapcount => AnchorEvent.MapCheck,
                Primitive.FolioTestDirty => AnchorEvent.DirtyCheck,
                Primitive.FolioFlags when (e.A & (ulong)FolioFlags.Dirty) != 0 =>
                    AnchorEvent.MarkDirty,
                Primitive.RemoveRmap => AnchorEvent.Rmap,
                Primitive.FolioRef => AnchorEvent.Put,
                Primitive.FolioFree => AnchorEvent.FolioFree,
                Primitive.ScanPassed => AnchorEvent.BetweenScans,
                Primitive.PmdStore => e.Nr is (short)PmdKind.None or (short)PmdKind.Invalid
                    ? AnchorEvent.ClearPmd
                    : AnchorEvent.SetPmd,
                Primitive.PmdLock => AnchorEvent.LockPmd,
                Primitive.PmdUnlock => AnchorEvent.UnlockPmd,
                Primitive.RmapLock => AnchorEvent.LockRmap,
                Primitive.FolioLock => AnchorEvent.LockFolio,
                Primitive.FolioUnlock => AnchorEvent.UnlockFolio,
                Primitive.TableFree => AnchorEvent.TableFree,
                Primitive.TlbRemoveTableSync => AnchorEvent.TableSync,
                Primitive.CopyPage => AnchorEvent.Copy,
                _ => null,
            };

    /// <summary>Whether an event of this kind is one of a page.</summary>
    public static bool IsOfPage(AnchorEvent kind) => kind is AnchorEvent.Clear or AnchorEvent.Set;

    private readonly bool IsPlace(in TraceEvent e, Machine machine) =>
        machine.Tables[e.Table].Mm == Mm && machine.Tables[e.Table].BaseVpn + (uint)e.Slot == Vpn;
}
