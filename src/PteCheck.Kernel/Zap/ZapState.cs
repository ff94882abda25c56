using PteCheck.Model.Machines;

namespace PteCheck.Kernel.Zap;

/// <summary>What zap_pte_range keeps while it holds a page-table lock: counters to add in the end, and whether it must flush.</summary>
internal struct ZapState
{
    /// <summary>Change of MM_FILEPAGES.</summary>
    public int File;

    /// <summary>Change of MM_ANONPAGES.</summary>
    public int Anon;

    /// <summary>Change of MM_SHMEMPAGES.</summary>
    public int Shmem;

    /// <summary>Change of MM_SWAPENTS.</summary>
    public int Swap;

    /// <summary>The TLB is to be flushed before the lock is dropped.</summary>
    public bool ForceFlush;

    /// <summary>The gather is full.</summary>
    public bool ForceBreak;

    /// <summary>Counts pages of a kind.</summary>
    public void Count(FolioKind kind, int nr)
    {
        switch (kind)
        {
            case FolioKind.File:
                File += nr;
                break;
            case FolioKind.Shmem:
                Shmem += nr;
                break;
            default:
                Anon += nr;
                break;
        }
    }
}
