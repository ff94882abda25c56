namespace PteCheck.Native.Abi;

/// <summary>The operations that subjects have entries for, as their files say.</summary>
public enum SubjectOperation : uint
{
    /// <summary>PTECHECK_MREMAP(move_ptes).</summary>
    Mremap = 1,

    /// <summary>PTECHECK_LAZYFREE_UNMAP(try_to_unmap_one).</summary>
    LazyfreeUnmap = 2,

    /// <summary>PTECHECK_COLLAPSE_FILE(collapse_pte_mapped_thp).</summary>
    CollapseFile = 3,

    /// <summary>PTECHECK_FOLIO_PTE_BATCH(folio_pte_batch_flags).</summary>
    FolioPteBatch = 4,
}
