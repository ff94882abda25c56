using PteCheck.Kernel.Interference;

namespace PteCheck.Checking.Scenarios.Text;

/// <summary>The language of steps of interference, for those who write scenario files.</summary>
public static class StepHelp
{
    /// <summary>Every verb with its actor and what it does.</summary>
    public static IReadOnlyList<(string Actor, string Name, string Meaning)> Verbs =>
        [
            .. StepText.CpuVerbs.Select(known => ("cpuN", known.Name, MeaningOf(known.Verb))),
            .. StepText.DeviceVerbs.Select(known => ("device", known.Name, MeaningOf(known.Verb))),
        ];

    /// <summary>Every event that a step may be anchored at, and when it happens.</summary>
    public static IReadOnlyList<(string Name, string Meaning)> Events =>
        [
            .. StepText.Events.Select(known =>
                (
                    known.Event is AnchorEvent.Clear or AnchorEvent.Set
                        ? known.Name + " PAGE"
                        : known.Name,
                    MeaningOf(known.Event)
                )
            ),
            (
                "between scans",
                "without 'after': the read-only scan of a collapse has passed and dropped its lock"
            ),
        ];

    /// <summary>What a step does, in one sentence.</summary>
    private static string MeaningOf(StepVerb verb) =>
        verb switch
        {
            StepVerb.Load =>
                "load through any translation that the CPU may hold, else by a walk; 'fresh': by a walk",
            StepVerb.Store => "store, likewise; a translation cached clean walks again",
            StepVerb.GupRead => "GUP-fast reads the entry",
            StepVerb.GupGrab => "GUP-fast takes a reference and a pin on the folio it read",
            StepVerb.GupRecheck =>
                "GUP-fast reads the entry again; gives the page back where it changed",
            StepVerb.DeviceLoad => "a device reads the page pinned there",
            StepVerb.DeviceStore => "a device writes to the page pinned there",
            StepVerb.MarkDirty => "the user of the pin marks the folio dirty",
            StepVerb.Unpin => "the user of the pin gives it back",
            StepVerb.Zap =>
                "MADV_DONTNEED clears the entries (PAGE may be a range), or a leaf as a whole; waits for mmap_lock and PTL, and passes an empty PMD entry over",
            StepVerb.ZapFinish => "MADV_DONTNEED flushes and frees",
            StepVerb.Mkclean =>
                "writeback cleans and write-protects all entries of the page's folio; waits for rmap locks and PTL",
            StepVerb.WriteOut => "writeback reads the pages of that folio and writes them out",
            StepVerb.Truncate =>
                "truncation zaps all entries of the page's folio, flushes and drops it; waits for rmap locks and PTL",
            StepVerb.Reclaim =>
                "another reclaimer unmaps the page's folio, flush put off; waits for PTL",
            StepVerb.ReclaimFinish => "that reclaimer flushes and frees",
            StepVerb.GupWalk => "GUP-fast reads the PMD entry, with interrupts off from then on",
            StepVerb.ZapTable =>
                "MADV_DONTNEED of the page's whole table, which x86-64 frees; waits for mmap_lock, PMD lock and PTL",
            StepVerb.Retract =>
                "another collapse takes an empty table of a shared mapping away; waits for rmap locks, PMD lock and PTL",
            StepVerb.Migrate =>
                "migration turns the entries of the page's folio into migration entries, flush put off; waits for rmap locks and PTL",
            StepVerb.MigrateCopy => "that migration flushes and copies the folio",
            StepVerb.MigrateFinish =>
                "that migration gives the entries back, with the new pages; waits for rmap locks and PTL",
            StepVerb.UffdZeropage =>
                "UFFDIO_ZEROPAGE fills the slot, if it is empty; waits for mmap_lock and PTL",
            StepVerb.UffdCopy =>
                "UFFDIO_COPY fills the slot with a new page, if it is empty; waits for mmap_lock and PTL",
            _ => "",
        };

    /// <summary>When the event of an anchor happens.</summary>
    private static string MeaningOf(AnchorEvent anchor) =>
        anchor switch
        {
            AnchorEvent.Clear => "the entry of the page is cleared",
            AnchorEvent.Set => "the entry of the page is set",
            AnchorEvent.LockPtl => "a page-table lock is taken",
            AnchorEvent.UnlockPtl => "a page-table lock is dropped",
            AnchorEvent.Flush => "the TLB is flushed, of a range or of an mm",
            AnchorEvent.DeferFlush => "reclaim puts a flush off",
            AnchorEvent.RefCheck => "the references of the folio are read",
            AnchorEvent.MapCheck => "the mapcount of the folio is read",
            AnchorEvent.DirtyCheck => "the dirty flag of the folio is read",
            AnchorEvent.MarkDirty => "the folio is marked dirty",
            AnchorEvent.Rmap => "mappings of the folio are taken back",
            AnchorEvent.Put => "references to the folio are put",
            AnchorEvent.FolioFree => "the folio is freed",
            AnchorEvent.ClearPmd => "a PMD entry is cleared, or a leaf made invalid to be changed",
            AnchorEvent.SetPmd => "a PMD entry is set",
            AnchorEvent.LockPmd => "the PMD lock is taken",
            AnchorEvent.UnlockPmd => "the PMD lock is dropped",
            AnchorEvent.LockRmap => "the rmap locks are taken",
            AnchorEvent.LockFolio => "a folio is locked",
            AnchorEvent.UnlockFolio => "a folio is unlocked",
            AnchorEvent.TableFree => "a page table is freed, or will be after a grace period",
            AnchorEvent.Copy => "a page is copied",
            AnchorEvent.TableSync => "the IPI that lockless walkers hold off is sent",
            _ => "",
        };
}
