using PteCheck.Kernel.Operations;

namespace PteCheck.Kernel.NumaFault;

/// <summary>Choices of the NUMA fault and of its migration that can be taken wrongly. The reference takes none of them.</summary>
public static class NumaFaultDecisions
{
    private static readonly DecisionRegistry Known = new();

    /// <summary>The folio is copied while CPUs may still store to it: migrate_pages_batch without its try_to_unmap_flush before the moves.</summary>
    public static readonly Decision CopyBeforeFlush = Known.Fault(
        "copy-before-flush",
        "flush-before-copy",
        "the folio is copied before the flush that unmapping it has put off"
    );

    /// <summary>Before cfdd12b48202 (6.10): where a folio begins before the VMA, as many pages are counted from the VMA on, and the table has no say.</summary>
    public static readonly Decision RebuildPastTable = Known.Fault(
        "rebuild-past-table",
        "rebuild-in-table",
        "numa_rebuild_large_mapping does not stay within the page table"
    );

    /// <summary>can_change_pte_writable is not asked.</summary>
    public static readonly Decision UpgradeAlways = Known.Fault(
        "upgrade-always",
        "ask-to-upgrade",
        "every entry becomes writable where the VMA is"
    );

    /// <summary>What was found writable before the lock was dropped still counts after it.</summary>
    public static readonly Decision KeepWritable = Known.Fault(
        "keep-writable",
        "forget-writable",
        "after a migration that failed the entries become writable all the same"
    );

    /// <summary>As before d2136d749d76 (6.10): only the entry of the fault is made accessible.</summary>
    public static readonly Decision RebuildOne = Known.Fault(
        "rebuild-one",
        "rebuild-folio",
        "the other entries of a large folio stay protnone"
    );

    /// <summary>
    /// Before 20841405940e (3.13): what a NUMA scan made protnone and has not flushed yet is unmapped without a flush,
    /// and copied while CPUs may still store to it.
    /// </summary>
    public static readonly Decision IgnorePending = Known.Fault(
        "ignore-flush-pending",
        "respect-flush-pending",
        "whoever unmaps a protnone entry does not ask whether its flush is outstanding"
    );

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Decision> All => Known.All;
}
