using PteCheck.Kernel.Primitives;
using PteCheck.Kernel.WpFault;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Tlbs;

namespace PteCheck.Kernel.Interference;

/// <summary>
/// Loads and stores of a CPU: through a translation that it may still hold, else by a walk, which sets young
/// and dirty as hardware does, else after a page fault.
/// </summary>
/// <remarks>
/// A store through a cached translation that was clean when it was walked walks again: it sets dirty in the
/// live entry or faults where that is gone (mm/rmap.c, above should_defer_flush; Intel SDM 3A 5.8). Only a
/// translation cached dirty writes without a look at the table.
/// In a shadow stack a store is the processor's own, as of call or wrss: it wants an entry that is read-only and
/// dirty, faults on others (Intel SDM 3A 4.6), and writes where plain stores would fault.
/// </remarks>
internal sealed class CpuAccess<TArch>(KernelContext<TArch> kernel, StaleSet<TArch> stale)
    where TArch : struct, IArch
{
    /// <summary>Contents written by steps lie above those of the initial state.</summary>
    private const ulong FirstToken = 1UL << 32;

    private ulong written;

    /// <summary>Forgets what the last run left.</summary>
    public void Begin() => written = 0;

    /// <summary>A content that nobody has written before.</summary>
    public ulong NextToken() => FirstToken + ++written;

    /// <summary>Loads or stores.</summary>
    /// <param name="step">The step.</param>
    /// <param name="mm">Index of the mm.</param>
    /// <param name="faults">Whether a VMA is there to fault in.</param>
    public StepResult Access(in InterferenceStep step, int mm, bool faults)
    {
        var store = step.Verb == StepVerb.Store;
        if (!step.Fresh && FindStale(step, mm) is { } frame)
        {
            Touch(step, mm, frame, isStale: true);
            return StepResult.Done;
        }

        if (Walk(step, mm, store) || !faults)
        {
            return StepResult.Done;
        }

        return Fault(step, mm, store);
    }

    /// <summary>The frame behind a translation that the CPU may hold and no entry gives any more; null for none that permits the access.</summary>
    private int? FindStale(in InterferenceStep step, int mm)
    {
        var vpn = step.Vpn;
        var needed = Needed(step);
        needed |= (needed & TlbRights.Write) != 0 ? TlbRights.Dirty : TlbRights.None;
        foreach (ref readonly var entry in stale.Near(vpn))
        {
            var page = vpn - entry.Vpn;
            var held =
                entry.Mm == mm
                && page < 32
                && (entry.CpuPages & (1u << (int)page)) != 0
                && (entry.Cpus & (1u << step.Actor)) != 0;
            if (held && (stale.RightsOf(entry) & needed) == needed)
            {
                var pfn = TArch.PtePfn(new(entry.Word)) + page;
                var live = kernel.Machine.Walk<TArch>(mm, vpn);
                if (!TArch.PteHwPresent(live) || TArch.PtePfn(live) != pfn)
                {
                    return kernel.Machine.FrameOf(pfn);
                }
            }
        }

        return null;
    }

    /// <summary>The right that the access asks of a translation.</summary>
    private TlbRights Needed(in InterferenceStep step) =>
        step.Verb != StepVerb.Store ? TlbRights.Read
        : kernel.Machine.Vmas[step.Vma].Has(VmaFlags.ShadowStack) ? TlbRights.ShadowStackWrite
        : TlbRights.Write;

    /// <summary>A walk of the live tables; false where it faults.</summary>
    private bool Walk(in InterferenceStep step, int mm, bool store)
    {
        var live = kernel.Machine.Walk<TArch>(mm, step.Vpn);
        if ((TArch.HardwareRights(live, kernel.Machine.Context) & Needed(step)) == 0)
        {
            return false;
        }

        kernel.WalkerUpdate(
            mm,
            step.Vpn,
            store ? TArch.WalkerMkDirty(live) : TArch.PteMkYoung(live)
        );
        Touch(step, mm, kernel.Machine.FrameOf(TArch.PtePfn(live)), isStale: false);
        return true;
    }

    /// <summary>handle_mm_fault, which needs mmap_lock for reading and the page-table lock; then the access again.</summary>
    private StepResult Fault(in InterferenceStep step, int mm, bool store)
    {
        var table = kernel.Machine.FindTable(mm, step.Vpn);
        ref readonly var owner = ref kernel.Machine.Mms[mm];
        var busy = table < 0 ? owner.PmdLockHeld : kernel.Machine.Tables[table].PtlHeld;
        if (kernel.BlocksReaders(mm) || busy)
        {
            return StepResult.Blocked;
        }

        var result = HandlePteFault.Run(kernel, step.Vma, step.Vpn, store);
        if (result is FaultResult.NumaHint && !Walk(step, mm, store))
        {
            result = HandlePteFault.Run(kernel, step.Vma, step.Vpn, store);
        }
        else if (result is FaultResult.NumaHint)
        {
            return StepResult.Done;
        }

        if (result is not FaultResult.Segv)
        {
            Walk(step, mm, store);
        }

        return StepResult.Done;
    }

    private void Touch(in InterferenceStep step, int mm, int frame, bool isStale)
    {
        if (step.Verb == StepVerb.Store)
        {
            kernel.CpuStore(step.Actor, mm, step.Vpn, frame, NextToken(), isStale);
        }
        else
        {
            kernel.CpuLoad(step.Actor, mm, step.Vpn, frame, isStale);
        }
    }
}
