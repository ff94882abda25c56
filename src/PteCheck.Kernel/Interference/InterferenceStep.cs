using System.Runtime.InteropServices;

namespace PteCheck.Kernel.Interference;

/// <summary>What a step does. Each is atomic; FIDELITY.md says of each which locks it takes and what blocks it.</summary>
public enum StepVerb : byte
{
    /// <summary>A CPU loads, through any translation that it may hold, else by a walk, else after a fault.</summary>
    Load,

    /// <summary>A CPU stores, likewise.</summary>
    Store,

    /// <summary>gup_fast_pte_range reads the entry.</summary>
    GupRead,

    /// <summary>try_grab_folio_fast takes a reference and a pin.</summary>
    GupGrab,

    /// <summary>gup_fast_pte_range reads the entry again and gives up where it changed.</summary>
    GupRecheck,

    /// <summary>The device reads the pinned page.</summary>
    DeviceLoad,

    /// <summary>The device writes to the pinned page.</summary>
    DeviceStore,

    /// <summary>The user of the pin marks the folio dirty (folio_mark_dirty).</summary>
    MarkDirty,

    /// <summary>The user of the pin gives it back (unpin_user_page).</summary>
    Unpin,

    /// <summary>MADV_DONTNEED clears entries under the page-table lock.</summary>
    Zap,

    /// <summary>MADV_DONTNEED flushes and frees (tlb_finish_mmu).</summary>
    ZapFinish,

    /// <summary>Writeback cleans and write-protects the entries of the page's folio (folio_mkclean).</summary>
    Mkclean,

    /// <summary>Writeback reads the page and writes it out.</summary>
    WriteOut,

    /// <summary>Truncation unmaps the folio of the page and takes it out of the page cache.</summary>
    Truncate,

    /// <summary>A second reclaimer unmaps the folio of the page and puts the flush off.</summary>
    Reclaim,

    /// <summary>The second reclaimer flushes and frees.</summary>
    ReclaimFinish,

    /// <summary>Migration turns the entries of the page's folio into migration entries and puts the flush off.</summary>
    Migrate,

    /// <summary>Migration flushes and copies.</summary>
    MigrateCopy,

    /// <summary>Migration gives the entries back, with the new pages.</summary>
    MigrateFinish,

    /// <summary>UFFDIO_ZEROPAGE fills an empty slot.</summary>
    UffdZeropage,

    /// <summary>UFFDIO_COPY fills an empty slot with a page of its own.</summary>
    UffdCopy,

    /// <summary>gup_fast_pmd_range reads the PMD entry, with interrupts off from then on.</summary>
    GupWalk,

    /// <summary>MADV_DONTNEED of all that one table translates; on x86-64 the empty table goes, too (PT_RECLAIM).</summary>
    ZapTable,

    /// <summary>Another collapse retracts an empty table of a shared mapping (retract_page_tables).</summary>
    Retract,

    /// <summary>How many there are.</summary>
    Count,
}

/// <summary>One step of somebody else.</summary>
[StructLayout(LayoutKind.Sequential)]
public record struct InterferenceStep
{
    /// <summary>The actor of the device, beside those of the CPUs.</summary>
    public const byte Device = byte.MaxValue;

    /// <summary>The CPU, 1 to 3 (CPU 0 runs the operation), or <see cref="Device"/>. The steps of one actor happen in their order.</summary>
    public byte Actor;

    /// <summary>What it does.</summary>
    public StepVerb Verb;

    /// <summary>A load or store that walks the tables, whatever the CPU holds.</summary>
    public bool Fresh;

    /// <summary>Index of the VMA of the page.</summary>
    public byte Vma;

    /// <summary>The page number.</summary>
    public uint Vpn;

    /// <summary>How many pages, for <see cref="StepVerb.Zap"/>.</summary>
    public uint Pages;

    /// <summary>Where in the run.</summary>
    public Anchor Anchor;
}
