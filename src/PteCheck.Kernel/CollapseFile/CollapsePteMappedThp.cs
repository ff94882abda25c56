using System.Numerics;
using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.CollapseFile;

/// <summary>
/// collapse_pte_mapped_thp but for the loop of its step 2, which stands the same around every version of it
/// (mm/khugepaged.c): what must be given, the read-only scan, the way from lock to lock, and the end. The caller
/// holds mmap_lock for reading, as MADV_COLLAPSE and khugepaged do.
/// </summary>
internal static class CollapsePteMappedThp
{
    /// <summary>One call, from taking mmap_lock to the return to user space.</summary>
    public static void Run<TArch, TClear>(
        KernelContext<TArch> kernel,
        in OperationCall call,
        TClear clear,
        DecisionSet decisions
    )
        where TArch : struct, IArch
        where TClear : struct, IClearPtes
    {
        kernel.MmapReadLock(call.Mm);
        var result = TryCollapse(kernel, call, clear, decisions);
        kernel.ScanResult((int)result);
        kernel.MmapReadUnlock(call.Mm);
        kernel.ReturnToUser(call.Mm);
    }

    /// <summary>try_collapse_pte_mapped_thp: the preconditions, then the folio, locked.</summary>
    private static ScanResult TryCollapse<TArch, TClear>(
        KernelContext<TArch> kernel,
        in OperationCall call,
        TClear clear,
        DecisionSet decisions
    )
        where TArch : struct, IArch
        where TClear : struct, IClearPtes
    {
        var state = new CollapseState
        {
            Mm = call.Mm,
            Vma = call.Vma,
            Haddr = call.Vpn,
        };
        var result = MayCollapse(kernel, call, ref state);
        if (result != ScanResult.Succeed)
        {
            return result;
        }

        var locks = !decisions.Has(CollapseFileDecisions.NoFolioLock);
        state.Folio = call.Folio;
        if (locks)
        {
            kernel.FolioLock(state.Folio);
        }

        result = WithFolio(kernel, ref state, clear, decisions, call.Install);
        if (locks)
        {
            kernel.FolioUnlock(state.Folio);
        }

        kernel.FilemapPutFolio(state.Folio);
        if (state.OwesFlush)
        {
            kernel.FlushTlbMm(state.Mm);
        }

        return result;
    }

    /// <summary>The preconditions in their order; with the last of them it holds a reference of the folio.</summary>
    private static ScanResult MayCollapse<TArch>(
        KernelContext<TArch> kernel,
        in OperationCall call,
        ref CollapseState state
    )
        where TArch : struct, IArch
    {
        var machine = kernel.Machine;
        ref readonly var vma = ref machine.Vmas[call.Vma];
        var covers =
            vma.Start <= state.Haddr && state.Haddr + (uint)machine.Slots <= vma.Start + vma.Pages;
        if (!covers || (vma.Flags & VmaFlags.FileBacked) == 0)
        {
            return ScanResult.VmaCheck;
        }

        state.Pmd = kernel.PmdOffset(call.Mm, state.Haddr);
        if (kernel.PmdpGetLockless(state.Pmd).Kind is PmdKind.Huge or PmdKind.Migration)
        {
            return ScanResult.PmdMapped;
        }

        if (!call.FileAligned)
        {
            return ScanResult.VmaCheck;
        }

        if (vma.Has(VmaFlags.UffdWp))
        {
            return ScanResult.PteUffd;
        }

        return kernel.FilemapGetFolio(call.Folio) ? ScanResult.Succeed : ScanResult.PageNull;
    }

    /// <summary>What is done while the folio is locked.</summary>
    private static ScanResult WithFolio<TArch, TClear>(
        KernelContext<TArch> kernel,
        ref CollapseState state,
        TClear clear,
        DecisionSet decisions,
        bool install
    )
        where TArch : struct, IArch
        where TClear : struct, IClearPtes
    {
        ref readonly var folio = ref kernel.Machine.Folios[state.Folio];
        if ((folio.Flags & (FolioFlags.Truncated | FolioFlags.Freed)) != 0)
        {
            return ScanResult.PageNull;
        }

        if (folio.Order != BitOperations.Log2((uint)kernel.Machine.Slots))
        {
            return ScanResult.PageCompound;
        }

        var seen = kernel.PmdpGetLockless(state.Pmd);
        if (!seen.IsNone)
        {
            if (seen.Kind != PmdKind.Table)
            {
                return ScanResult.PmdMapped;
            }

            var result = Verify(kernel, state);
            result =
                result == ScanResult.Succeed
                    ? Retract(kernel, ref state, clear, decisions)
                    : result;
            if (result != ScanResult.Succeed)
            {
                return result;
            }
        }

        return install ? SetHugePmd.Run(kernel, state, decisions) : ScanResult.Succeed;
    }

    /// <summary>Step 1: all that is mapped must be the folio's own pages, each in its place; nothing is changed.</summary>
    private static ScanResult Verify<TArch>(KernelContext<TArch> kernel, in CollapseState state)
        where TArch : struct, IArch
    {
        var slots = kernel.Machine.Slots;
        if (!kernel.TryPteOffsetMapLock(state.Mm, state.Haddr, slots, out var ptep))
        {
            return ScanResult.Fail;
        }

        var first = kernel.Machine.Folios[state.Folio].FirstFrame;
        var result = ScanResult.Succeed;
        for (var i = 0; i < slots && result == ScanResult.Succeed; i++)
        {
            var ptent = kernel.PtepGet(ptep.Add(i));
            if (TArch.PteNone(ptent))
            {
                continue;
            }

            if (!TArch.PtePresent(ptent))
            {
                result = ScanResult.PteNonPresent;
            }
            else if (kernel.VmNormalFrame(ptent) != first + i)
            {
                result = ScanResult.Fail;
            }
        }

        kernel.SpinUnlockPtl(ptep.Table);
        return result;
    }

    /// <summary>From the notifier to the freed table: steps 2 to 4, and the way out of each.</summary>
    private static ScanResult Retract<TArch, TClear>(
        KernelContext<TArch> kernel,
        ref CollapseState state,
        TClear clear,
        DecisionSet decisions
    )
        where TArch : struct, IArch
        where TClear : struct, IClearPtes
    {
        kernel.ScanPassed();
        if (!decisions.Has(CollapseFileDecisions.NoNotifier))
        {
            kernel.MmuNotifierInvalidateRangeStart(state.Mm, state.Haddr, kernel.Machine.Slots);
            state.Notified = true;
        }

        LockPmdEarly(kernel, ref state, decisions);
        var result = MapAgain(kernel, ref state, decisions);
        result = result == ScanResult.Succeed ? clear.Clear(kernel, ref state) : result;
        if (result != ScanResult.Succeed)
        {
            return Abort(kernel, ref state, decisions, result);
        }

        if (!state.HoldsPmd)
        {
            kernel.SpinUnlockPtl(state.Ptep.Table);
            state.HoldsPtl = false;
        }

        AdjustCounts(kernel, ref state);
        return RemoveTable(kernel, ref state, decisions);
    }

    /// <summary>
    /// UFFDIO_COPY and UFFDIO_ZEROPAGE fill a private mapping without the folio lock, so PTL must not be dropped
    /// between the clearing of the entries and the unlinking of the table; and the PMD lock comes first.
    /// </summary>
    private static void LockPmdEarly<TArch>(
        KernelContext<TArch> kernel,
        ref CollapseState state,
        DecisionSet decisions
    )
        where TArch : struct, IArch
    {
        ref readonly var vma = ref kernel.Machine.Vmas[state.Vma];
        var early = (vma.Flags & VmaFlags.UffdAny) != 0 && !vma.Has(VmaFlags.Shared);
        if (early && !decisions.Has(CollapseFileDecisions.LatePmdLock))
        {
            kernel.SpinLockPmd(state.Mm);
            state.HoldsPmd = true;
        }
    }

    /// <summary>pte_offset_map_rw_nolock and pmd_same: the same table as is linked now, locked.</summary>
    private static ScanResult MapAgain<TArch>(
        KernelContext<TArch> kernel,
        ref CollapseState state,
        DecisionSet decisions
    )
        where TArch : struct, IArch
    {
        state.Seen = kernel.PmdpGetLockless(state.Pmd);
        if (state.Seen.Table < 0)
        {
            return ScanResult.Fail;
        }

        state.Ptep = kernel.PteOffsetMapOf(state.Seen, state.Haddr, kernel.Machine.Slots);
        kernel.SpinLockPtl(state.Ptep.Table);
        state.HoldsPtl = true;
        var same =
            decisions.Has(CollapseFileDecisions.TrustPmd) || kernel.PmdSame(state.Pmd, state.Seen);
        return same ? ScanResult.Succeed : ScanResult.Fail;
    }

    /// <summary>Step 3: references and counters of all that was cleared, at once.</summary>
    private static void AdjustCounts<TArch>(KernelContext<TArch> kernel, ref CollapseState state)
        where TArch : struct, IArch
    {
        if (state.Mapped > 0)
        {
            kernel.FolioRefAdd(state.Folio, -state.Mapped);
            kernel.AddMmCounter(state.Mm, kernel.Machine.Folios[state.Folio].Kind, -state.Mapped);
            state.Mapped = 0;
        }
    }

    /// <summary>Step 4: unlinks the empty table, flushes what it translated, and gives it back.</summary>
    private static ScanResult RemoveTable<TArch>(
        KernelContext<TArch> kernel,
        ref CollapseState state,
        DecisionSet decisions
    )
        where TArch : struct, IArch
    {
        if (!state.HoldsPmd)
        {
            kernel.SpinLockPmd(state.Mm);
            state.HoldsPmd = true;
            kernel.SpinLockPtl(state.Ptep.Table);
            state.HoldsPtl = true;
            var same =
                decisions.Has(CollapseFileDecisions.TrustPmd)
                || kernel.PmdSame(state.Pmd, state.Seen);
            if (!same)
            {
                kernel.FlushTlbMm(state.Mm);
                Unlock(kernel, ref state);
                return ScanResult.Fail;
            }
        }

        var table = UnlinkTable(kernel, state, decisions);
        Unlock(kernel, ref state);
        if (!decisions.Has(CollapseFileDecisions.KeepNrPtes))
        {
            kernel.MmDecNrPtes(state.Mm);
        }

        if (decisions.Has(CollapseFileDecisions.FreeAtOnce))
        {
            kernel.PteFree(table);
        }
        else
        {
            kernel.PteFreeDefer(table);
        }

        return ScanResult.Succeed;
    }

    private static int UnlinkTable<TArch>(
        KernelContext<TArch> kernel,
        in CollapseState state,
        DecisionSet decisions
    )
        where TArch : struct, IArch
    {
        if (decisions.Has(CollapseFileDecisions.NoPmdFlush))
        {
            return kernel.PmdPgtable(kernel.PmdpHugeGetAndClear(state.Pmd));
        }

        var end = state.Haddr + (uint)kernel.Machine.Slots;
        var vpn = decisions.Has(CollapseFileDecisions.FlushCursor) ? end : state.Haddr;
        return kernel.PmdPgtable(kernel.PmdpCollapseFlush(state.Mm, state.Pmd, vpn));
    }

    /// <summary>
    /// Gives up in step 2: the table stays, so what was cleared has to be flushed by itself, before its references go.
    /// </summary>
    private static ScanResult Abort<TArch>(
        KernelContext<TArch> kernel,
        ref CollapseState state,
        DecisionSet decisions,
        ScanResult result
    )
        where TArch : struct, IArch
    {
        if (state.Mapped > 0)
        {
            var late = decisions.Has(CollapseFileDecisions.FlushAfterPut);
            var refsFirst = decisions.Has(CollapseFileDecisions.RefsBeforeFlush);
            if (refsFirst)
            {
                AdjustCounts(kernel, ref state);
            }

            if (!late && !decisions.Has(CollapseFileDecisions.NoAbortFlush))
            {
                kernel.FlushTlbMm(state.Mm);
            }

            state.OwesFlush = late;
            AdjustCounts(kernel, ref state);
        }

        Unlock(kernel, ref state);
        return result;
    }

    /// <summary>The end of every way: page-table lock, PMD lock, notifier.</summary>
    private static void Unlock<TArch>(KernelContext<TArch> kernel, ref CollapseState state)
        where TArch : struct, IArch
    {
        if (state.HoldsPtl)
        {
            kernel.SpinUnlockPtl(state.Ptep.Table);
            state.HoldsPtl = false;
        }

        if (state.HoldsPmd)
        {
            kernel.SpinUnlockPmd(state.Mm);
            state.HoldsPmd = false;
        }

        if (state.Notified)
        {
            kernel.MmuNotifierInvalidateRangeEnd(state.Mm, state.Haddr, kernel.Machine.Slots);
            state.Notified = false;
        }
    }
}
