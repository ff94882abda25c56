using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.CollapseFile;

/// <summary>
/// Step 2 in batches. "khugepaged: Optimize collapse_pte_mapped_thp() by PTE batching" (Dev Jain, v3 of 2025-07-24,
/// merged as 22d0229093b9 for 6.17). v2 of 2025-06-25 is this one with decisions taken.
/// </summary>
internal readonly struct Batched(DecisionSet decisions) : IClearPtes
{
    /// <inheritdoc/>
    public ScanResult Clear<TArch>(KernelContext<TArch> kernel, ref CollapseState state)
        where TArch : struct, IArch
    {
        var slots = kernel.Machine.Slots;
        var first = kernel.Machine.Folios[state.Folio].FirstFrame;
        for (int i = 0, nr; i < slots; i += nr)
        {
            nr = 1;
            var ptep = state.Ptep.Add(i);
            var ptent = kernel.PtepGet(ptep);
            if (TArch.PteNone(ptent))
            {
                continue;
            }

            if (!TArch.PtePresent(ptent))
            {
                return ScanResult.PteNonPresent;
            }

            // v2 looks the folio up before it knows that there is a page.
            var mapped = Has(CollapseFileDecisions.FolioBeforeCheck)
                ? kernel.PageFolio(ptent)
                : state.Folio;
            var right = kernel.VmNormalFrame(ptent) == first + i;
            if (!right && !Has(CollapseFileDecisions.TrustFirstScan))
            {
                return ScanResult.Fail;
            }

            nr = FolioPteBatch(kernel, mapped, state.Vma, ptep, ptent, slots - i);
            kernel.NoteBatch(nr);
            ClearBatch(kernel, ref state, ptep, first + i, nr);
        }

        return ScanResult.Succeed;
    }

    private void ClearBatch<TArch>(
        KernelContext<TArch> kernel,
        ref CollapseState state,
        PtePointer ptep,
        int frame,
        int nr
    )
        where TArch : struct, IArch
    {
        if (Has(CollapseFileDecisions.ClearOneByOne))
        {
            for (var k = 0; k < nr; k++)
            {
                kernel.PtepGetAndClear(ptep.Add(k));
            }
        }
        else if (!Has(CollapseFileDecisions.KeepEntries))
        {
            kernel.ClearFullPtes(ptep, nr);
        }

        kernel.FolioRemoveRmapPtes(
            state.Folio,
            frame,
            Has(CollapseFileDecisions.RmapOnce) ? 1 : nr
        );
        state.Mapped += Has(CollapseFileDecisions.CountOnce) ? 1 : nr;
    }

    private int FolioPteBatch<TArch>(
        KernelContext<TArch> kernel,
        int folio,
        int vma,
        PtePointer ptep,
        Pte ptent,
        int maxNr
    )
        where TArch : struct, IArch
    {
        maxNr = Has(CollapseFileDecisions.UnboundedBatch) ? int.MaxValue : maxNr;
        if (kernel.Machine.Context.Kernel == KernelVersion.V6_15)
        {
            const FpbIgnoreFlags Flags =
                FpbIgnoreFlags.IgnoreDirty | FpbIgnoreFlags.IgnoreSoftDirty;
            return kernel.FolioPteBatch615(folio, ptep, ptent, maxNr, Flags).Nr;
        }

        return kernel.FolioPteBatchFlags(folio, vma, ptep, ref ptent, maxNr, FpbFlags.None);
    }

    private bool Has(Decision decision) => decisions.Has(decision);
}
