using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.MthpSelect;

/// <summary>
/// The first part of collapse_scan_pmd: under the page-table lock every entry is looked at, in this order of checks.
/// What cannot be collapsed ends the scan of the whole table.
/// </summary>
internal ref struct TableScan<TArch>(
    KernelContext<TArch> kernel,
    OperationCall call,
    DecisionSet decisions
)
    where TArch : struct, IArch
{
    private int noneOrZero;
    private int shared;
    private int referenced;

    /// <summary>Scans the table, and leaves in <paramref name="control"/> what the choice of windows needs.</summary>
    /// <returns>SCAN_SUCCEED, or why nothing of the table is tried.</returns>
    public ScanResult Run(ref CollapseControl control)
    {
        var slots = (int)call.Pages;
        var pmdOrder = Windows.PmdOrder(slots);
        if (control.Collapsed[0] == pmdOrder)
        {
            return ScanResult.PmdMapped;
        }

        control.Present = default;
        control.Unmapped = 0;
        var maxNone = MaxNone(pmdOrder);
        var result = ScanResult.Succeed;
        var ptep = kernel.PteOffsetMapLock(call.Mm, call.Vpn, slots);
        for (var slot = 0; slot < slots && result == ScanResult.Succeed; slot++)
        {
            var pte = kernel.PtepGet(ptep.Add(slot));
            result =
                control.Collapsed[slot] != 0
                    ? Occupied(ref control, slot, young: true)
                    : Look(ref control, slot, pte, maxNone);
        }

        kernel.SpinUnlockPtl(ptep.Table);
        var lacks =
            !call.Forced && (referenced == 0 || (control.Unmapped > 0 && referenced < slots / 2));
        return result == ScanResult.Succeed && lacks ? ScanResult.LackReferencedPage : result;
    }

    /// <summary>The limit while scanning: with other orders than that of the PMD enabled, all holes but one that leaves nothing.</summary>
    private readonly int MaxNone(int pmdOrder)
    {
        var limit = CollapseLimits.MaxPtesNone(call, IsArmed(), pmdOrder, decisions);
        var scansAll = call.Orders != 1u << pmdOrder && !decisions.Has(MthpDecisions.AlwaysLimit);
        return scansAll ? (int)call.Pages - 1 : limit;
    }

    private readonly bool IsArmed() =>
        (kernel.Machine.Vmas[call.Vma].Flags & VmaFlags.UffdAny) != 0;

    private ScanResult Look(ref CollapseControl control, int slot, Pte pte, int maxNone)
    {
        var pmdOrder = Windows.PmdOrder((int)call.Pages);
        if (Entries.IsNoneOrZero<TArch>(pte))
        {
            return ++noneOrZero > maxNone ? ScanResult.ExceedNonePte : ScanResult.Succeed;
        }

        if (!TArch.PtePresent(pte))
        {
            control.Unmapped++;
            return control.Unmapped > CollapseLimits.MaxPtesSwap(call, pmdOrder)
                    ? ScanResult.ExceedSwapPte
                : TArch.PteSwpUffdWp(pte) || KernelContext<TArch>.PteIsUffdWpMarker(pte)
                    ? ScanResult.PteUffd
                : ScanResult.Succeed;
        }

        if (TArch.PteUffdWp(pte))
        {
            return ScanResult.PteUffd;
        }

        var folio = kernel.VmNormalFolio(pte);
        return folio < 0 ? ScanResult.PageNull : LookAtFolio(ref control, slot, pte, folio);
    }

    private ScanResult LookAtFolio(ref CollapseControl control, int slot, Pte pte, int folio)
    {
        ref readonly var owner = ref kernel.Machine.Folios[folio];
        var droppable = kernel.Machine.Vmas[call.Vma].Has(VmaFlags.Droppable);
        if (!call.Forced && !droppable && owner.Kind == FolioKind.Lazyfree && !TArch.PteDirty(pte))
        {
            return ScanResult.PageLazyfree;
        }

        if (!owner.IsAnon)
        {
            return ScanResult.PageAnon;
        }

        var pmdOrder = Windows.PmdOrder((int)call.Pages);
        if (
            kernel.FolioMaybeMappedShared(folio)
            && ++shared > CollapseLimits.MaxPtesShared(call, pmdOrder)
        )
        {
            return ScanResult.ExceedSharedPte;
        }

        control.Present.Set(slot);
        if ((owner.Flags & FolioFlags.Lru) == 0)
        {
            return ScanResult.PageLru;
        }

        if ((owner.Flags & FolioFlags.Locked) != 0)
        {
            return ScanResult.PageLock;
        }

        return kernel.FolioExpectedRefCount(folio) != owner.RefCount
            ? ScanResult.PageCount
            : Occupied(ref control, slot, TArch.PteYoung(pte));
    }

    private ScanResult Occupied(ref CollapseControl control, int slot, bool young)
    {
        control.Present.Set(slot);
        referenced += young ? 1 : 0;
        return ScanResult.Succeed;
    }
}
