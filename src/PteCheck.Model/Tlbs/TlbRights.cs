namespace PteCheck.Model.Tlbs;

/// <summary>What a cached translation lets a CPU do without looking at the page table again.</summary>
[Flags]
public enum TlbRights : byte
{
    /// <summary>Not a translation at all.</summary>
    None = 0,

    /// <summary>Loads.</summary>
    Read = 1,

    /// <summary>Stores; silent ones only together with <see cref="Dirty"/>.</summary>
    Write = 2,

    /// <summary>User mode may use it.</summary>
    User = 4,

    /// <summary>Instruction fetches.</summary>
    Execute = 8,

    /// <summary>The entry was dirty when it was walked, so a store does not walk again.</summary>
    Dirty = 16,

    /// <summary>x86-64: shadow-stack stores (call, ret, wrss).</summary>
    ShadowStackWrite = 32,
}
