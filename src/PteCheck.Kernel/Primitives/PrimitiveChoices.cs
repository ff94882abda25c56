namespace PteCheck.Kernel.Primitives;

/// <summary>
/// Variants of shared primitives that decisions switch. None is upstream's behaviour.
/// </summary>
[Flags]
public enum PrimitiveChoices
{
    /// <summary>Upstream.</summary>
    None = 0,

    /// <summary>Gathering dirty leaves a shadow-stack entry alone, which is dirty already, so that it keeps its DIRTY bit.</summary>
    MergeKeepsShadowStack = 1 << 0,

    /// <summary>get_and_clear_full_ptes returns the first entry and drops the young and dirty of the rest.</summary>
    MergeDropsYoungDirty = 1 << 1,

    /// <summary>The batch helper compares pte_write instead of the raw write bit.</summary>
    BatchComparesPteWrite = 1 << 2,

    /// <summary>The batch helper does not compare uffd-wp.</summary>
    BatchIgnoresUffdWp = 1 << 3,

    /// <summary>The batch helper does not compare protnone.</summary>
    BatchIgnoresProtnone = 1 << 4,

    /// <summary>The batch helper does not stop at the end of the folio.</summary>
    BatchIgnoresFolioEnd = 1 << 5,

    /// <summary>set_ptes adds to an inverted PFN instead of subtracting (x86-64 before 6.6).</summary>
    AdvanceIgnoresInversion = 1 << 6,

    /// <summary>The 6.15 batch helper compares the write bit, which no released one of its generation could.</summary>
    BatchRespectsWrite = 1 << 7,

    /// <summary>Gathering marks young and dirty whether or not any entry was.</summary>
    MergeMarksAlways = 1 << 8,

    /// <summary>contpte_convert leaves out the invalidation between emptying and storing the block.</summary>
    ConvertWithoutTlbi = 1 << 9,

    /// <summary>Gathering dirty leaves soft-dirty as the first entry has it.</summary>
    MergeKeepsSoftDirty = 1 << 10,

    /// <summary>tlb_flush_mmu frees the gathered pages before it flushes.</summary>
    GatherFreesFirst = 1 << 11,

    /// <summary>tlb_finish_mmu does not look for other gathers of the same mm (before 4.14).</summary>
    GatherIgnoresOthers = 1 << 12,

    /// <summary>arm64: whole contiguous blocks are unfolded, with their TLBI, before they are cleared.</summary>
    UnfoldsBeforeClear = 1 << 13,

    /// <summary>Whoever clears a protnone entry does not ask whether a flush for it is outstanding (before 3.13).</summary>
    AccessibleIgnoresPending = 1 << 14,

    /// <summary>The batch helper does not clamp a hint that leads past the maximum.</summary>
    BatchTrustsHint = 1 << 15,

    /// <summary>The batch helper looks at every entry, whatever the architecture hints.</summary>
    BatchStepsByOne = 1 << 16,

    /// <summary>Merging write leaves a copy alone that is writable already.</summary>
    BatchKeepsWritable = 1 << 17,
}
