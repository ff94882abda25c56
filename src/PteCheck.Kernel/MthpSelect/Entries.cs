using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.MthpSelect;

/// <summary>Kinds of entries that scan and isolation tell apart.</summary>
internal static class Entries
{
    /// <summary>pte_none_or_zero: an empty slot, or the shared zero page.</summary>
    public static bool IsNoneOrZero<TArch>(Pte pte)
        where TArch : struct, IArch =>
        TArch.PteNone(pte) || (TArch.PtePresent(pte) && TArch.PtePfn(pte) == Machine.ZeroPfn);
}
