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

    /// <summary>A PMD entry is cleared.</summary>
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

    /// <summary>Whether an event is of the anchor's kind and place. What the architecture layer does on its own account is not.</summary>
    public readonly bool Matches(in TraceEvent e, Machine machine) =>
        !e.ByArch
        && Event switch
        {
            AnchorEvent.Clear => IsStore(e, machine) && e.B == Pte.None.Word,
            AnchorEvent.Set => IsStore(e, machine) && e.B != Pte.None.Word,
            AnchorEvent.LockPtl => e.Op == Primitive.PtlLock,
            AnchorEvent.UnlockPtl => e.Op == Primitive.PtlUnlock,
            AnchorEvent.Flush => e.Op is Primitive.TlbFlushRange or Primitive.TlbFlushMm,
            AnchorEvent.DeferFlush => e.Op == Primitive.SetTlbUbcFlushPending,
            AnchorEvent.RefCheck => e.Op == Primitive.FolioRefCount,
            AnchorEvent.MapCheck => e.Op == Primitive.FolioMapcount,
            AnchorEvent.DirtyCheck => e.Op == Primitive.FolioTestDirty,
            AnchorEvent.MarkDirty => e.Op == Primitive.FolioFlags
                && (e.A & (ulong)FolioFlags.Dirty) != 0,
            AnchorEvent.Rmap => e.Op == Primitive.RemoveRmap,
            AnchorEvent.Put => e.Op == Primitive.FolioRef,
            AnchorEvent.FolioFree => e.Op == Primitive.FolioFree,
            AnchorEvent.BetweenScans => e.Op == Primitive.ScanPassed,
            AnchorEvent.ClearPmd => e.Op == Primitive.PmdStore && e.Nr == (short)PmdKind.None,
            AnchorEvent.SetPmd => e.Op == Primitive.PmdStore && e.Nr != (short)PmdKind.None,
            AnchorEvent.LockPmd => e.Op == Primitive.PmdLock,
            AnchorEvent.UnlockPmd => e.Op == Primitive.PmdUnlock,
            AnchorEvent.LockRmap => e.Op == Primitive.RmapLock,
            AnchorEvent.LockFolio => e.Op == Primitive.FolioLock,
            AnchorEvent.UnlockFolio => e.Op == Primitive.FolioUnlock,
            AnchorEvent.TableFree => e.Op == Primitive.TableFree,
            AnchorEvent.TableSync => e.Op == Primitive.TlbRemoveTableSync,
            AnchorEvent.Copy => e.Op == Primitive.CopyPage,
            _ => false,
        };

    private readonly bool IsStore(in TraceEvent e, Machine machine) =>
        e.Op == Primitive.PteStore
        && machine.Tables[e.Table].Mm == Mm
        && machine.Tables[e.Table].BaseVpn + (uint)e.Slot == Vpn;
}
