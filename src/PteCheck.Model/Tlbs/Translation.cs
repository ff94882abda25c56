namespace PteCheck.Model.Tlbs;

/// <summary>
/// One translation as both TLB models compare it: who may use it, where it translates, to what, and
/// with which rights.
/// </summary>
/// <param name="Cpu">The CPU; the number after the last CPU is the secondary MMU.</param>
/// <param name="Mm">Index of the address space.</param>
/// <param name="Vpn">Page number of the virtual address.</param>
/// <param name="Pfn">Page frame number.</param>
/// <param name="Rights">Rights and the cached-dirty state.</param>
/// <param name="Block">arm64: taken from a descriptor with the CONT bit.</param>
public readonly record struct Translation(
    byte Cpu,
    byte Mm,
    uint Vpn,
    ulong Pfn,
    TlbRights Rights,
    bool Block
)
{
    /// <summary>The order in which both models list translations.</summary>
    public static int Compare(Translation left, Translation right)
    {
        var order = left.Cpu.CompareTo(right.Cpu);
        order = order != 0 ? order : left.Mm.CompareTo(right.Mm);
        order = order != 0 ? order : left.Vpn.CompareTo(right.Vpn);
        order = order != 0 ? order : left.Pfn.CompareTo(right.Pfn);
        order = order != 0 ? order : left.Rights.CompareTo(right.Rights);
        return order != 0 ? order : left.Block.CompareTo(right.Block);
    }
}
