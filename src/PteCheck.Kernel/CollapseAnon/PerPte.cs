using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.CollapseAnon;

/// <summary>One entry at a time, as __collapse_huge_page_copy_succeeded did up to 6.16: the reference.</summary>
internal readonly struct PerPte : IReleaseSources
{
    /// <inheritdoc/>
    public void Release<TArch>(KernelContext<TArch> kernel, in AnonCollapse state)
        where TArch : struct, IArch
    {
        for (var i = 0; i < state.Pages; i++)
        {
            var ptep = state.Ptep.Add(i);
            var pteval = kernel.PtepGet(ptep);
            if (CollapseVma.IsNoneOrZero<TArch>(pteval))
            {
                kernel.AddMmCounter(state.Mm, FolioKind.Anon, 1);
                if (!TArch.PteNone(pteval))
                {
                    kernel.SpinLockPtl(ptep.Table);
                    kernel.PtepGetAndClear(ptep);
                    kernel.SpinUnlockPtl(ptep.Table);
                }

                continue;
            }

            var src = kernel.PageFolio(pteval);
            if (!kernel.Machine.Folios[src].IsLarge)
            {
                CollapseIsolate.ReleasePteFolio(kernel, state, src);
            }

            kernel.SpinLockPtl(ptep.Table);
            kernel.PtepGetAndClear(ptep);
            kernel.FolioRemoveRmapPtes(src, kernel.Machine.FrameOf(TArch.PtePfn(pteval)), 1);
            kernel.SpinUnlockPtl(ptep.Table);
            kernel.FreeSwapCache(src);
            kernel.FolioPutRefs(src, 1);
        }

        CollapseIsolate.ReleaseLarge(kernel, state);
    }

    /// <inheritdoc/>
    public void Set<TArch>(KernelContext<TArch> kernel, in AnonCollapse state, Pte first)
        where TArch : struct, IArch
    {
        for (var i = 0; i < state.Pages; i++)
        {
            kernel.SetPteAt(state.Ptep.Add(i), TArch.PteAdvancePfn(first, i));
        }
    }
}
