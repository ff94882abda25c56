using PteCheck.Model.Machines;

namespace PteCheck.Kernel.CollapseFile;

/// <summary>What collapse_pte_mapped_thp keeps from step to step.</summary>
internal struct CollapseState
{
    /// <summary>Index of the mm.</summary>
    public int Mm;

    /// <summary>Index of the VMA.</summary>
    public int Vma;

    /// <summary>haddr: the first page of the table.</summary>
    public uint Haddr;

    /// <summary>The PMD slot.</summary>
    public int Pmd;

    /// <summary>The folio that the page cache has there, locked.</summary>
    public int Folio;

    /// <summary>The entries, once the table is mapped the second time.</summary>
    public PtePointer Ptep;

    /// <summary>The value of the PMD entry with which the table was mapped.</summary>
    public PmdEntry Seen;

    /// <summary>nr_ptes: entries cleared whose references and counts are still to be taken off.</summary>
    public int Mapped;

    /// <summary>pml: the PMD lock is held.</summary>
    public bool HoldsPmd;

    /// <summary>The page-table lock is held.</summary>
    public bool HoldsPtl;

    /// <summary>The notifier has been started.</summary>
    public bool Notified;

    /// <summary>The flush of an abort is owed until after the folio is unlocked: a wrong order.</summary>
    public bool OwesFlush;
}
