using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.MthpSelect;

/// <summary>
/// What every walk over the windows works with: the enabled orders, the thresholds, the attempts and what has become
/// of them so far.
/// </summary>
internal ref struct Selection<TArch>(
    KernelContext<TArch> kernel,
    OperationCall call,
    DecisionSet decisions,
    ref CollapseControl control
)
    where TArch : struct, IArch
{
    /// <summary>What the scan has left.</summary>
    public ref CollapseControl Control = ref control;

    private int collapsed;
    private bool allocationFailed;
    private ScanResult last = ScanResult.Fail;

    /// <summary>The primitives.</summary>
    public readonly KernelContext<TArch> Kernel => kernel;

    /// <summary>The choices made.</summary>
    public readonly DecisionSet Decisions => decisions;

    /// <summary>HPAGE_PMD_NR.</summary>
    public readonly int Slots => (int)call.Pages;

    /// <summary>HPAGE_PMD_ORDER.</summary>
    public readonly int PmdOrder => Windows.PmdOrder(Slots);

    /// <summary>Whether windows of an order may be collapsed.</summary>
    public readonly bool IsEnabled(int order) => (call.Orders & (1u << order)) != 0;

    /// <summary>Whether windows of a smaller order may.</summary>
    public readonly bool IsLowerEnabled(int order) => (call.Orders & ((1u << order) - 1)) != 0;

    /// <summary>collapse_max_ptes_none as the choice of windows asks it: mmap_lock is dropped, so without the VMA.</summary>
    public readonly int MaxPtesNone(int order)
    {
        if (decisions.Has(MthpDecisions.ForgetArmed))
        {
            return CollapseLimits.MaxPtesNone(call, armed: false, order, decisions);
        }

        if (decisions.Has(MthpDecisions.AskVma))
        {
            kernel.CheckVmaLocked(call.Mm, "collapse_max_ptes_none");
        }

        var armed = (kernel.Machine.Vmas[call.Vma].Flags & VmaFlags.UffdAny) != 0;
        return CollapseLimits.MaxPtesNone(call, armed, order, decisions);
    }

    /// <summary>collapse_huge_page, and the bookkeeping of its result.</summary>
    /// <param name="offset">First slot of the window.</param>
    /// <param name="order">Its order.</param>
    public ScanResult Attempt(int offset, int order)
    {
        if (
            decisions.Has(MthpDecisions.UnlockLate)
            && kernel.Machine.Mms[call.Mm].MmapLock != LockMode.Free
        )
        {
            kernel.MmapReadUnlock(call.Mm);
        }

        var result = CollapseAttempt.Run(kernel, call, decisions, ref Control, offset, order);
        collapsed += result == ScanResult.Succeed ? 1 << order : 0;
        allocationFailed |= result == ScanResult.AllocHugePageFail;
        last = result == ScanResult.PteMappedHugepage ? last : result;
        return result;
    }

    /// <summary>What mthp_collapse returns.</summary>
    public readonly ScanResult Result =>
        collapsed > 0 ? ScanResult.Succeed
        : decisions.Has(MthpDecisions.LoseAllocationFailure) ? ScanResult.Fail
        : allocationFailed ? ScanResult.AllocHugePageFail
        : last;
}
