using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.WpFault;

/// <summary>Where a fault stands (struct vm_fault).</summary>
/// <param name="Mm">Index of the mm.</param>
/// <param name="Vma">Index of the VMA.</param>
/// <param name="Vpn">Page number.</param>
public record struct PageFault(int Mm, int Vma, uint Vpn)
{
    /// <summary>What is done otherwise than in the reference.</summary>
    public DecisionSet Decisions { get; init; }

    /// <summary>The entry.</summary>
    public PtePointer Ptep { get; set; }

    /// <summary>What the entry was when the fault was taken up.</summary>
    public Pte OrigPte { get; set; }
}
