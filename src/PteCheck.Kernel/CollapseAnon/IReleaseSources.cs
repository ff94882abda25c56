using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;

namespace PteCheck.Kernel.CollapseAnon;

/// <summary>One way to carry out what is done entry by entry, or batch by batch, once the copy has succeeded.</summary>
internal interface IReleaseSources
{
    /// <summary>
    /// __collapse_huge_page_copy_succeeded: clears the window's entries, takes the mappings of their pages back and
    /// puts the references. What the new folio's pages count in rss they have from their sources; holes count anew.
    /// </summary>
    void Release<TArch>(KernelContext<TArch> kernel, in AnonCollapse state)
        where TArch : struct, IArch;

    /// <summary>Sets the window's entries, all none before, to map the new folio.</summary>
    void Set<TArch>(KernelContext<TArch> kernel, in AnonCollapse state, Pte first)
        where TArch : struct, IArch;
}
