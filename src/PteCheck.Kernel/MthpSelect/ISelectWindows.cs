using PteCheck.Model.Architectures;

namespace PteCheck.Kernel.MthpSelect;

/// <summary>A walk over the windows of a scanned table: which are tried, and in which order (mthp_collapse).</summary>
internal interface ISelectWindows
{
    /// <summary>Tries windows until there are none left.</summary>
    void Walk<TArch>(ref Selection<TArch> selection)
        where TArch : struct, IArch;
}
