using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.MthpSelect;

/// <summary>
/// collapse_huge_page as far as the choice of windows sees it. What it refuses by the entries follows from them: below
/// PMD order swapped-out and shared pages and folios as large as the window, and holes in a uffd-armed VMA at any
/// order. Everything else is the scenario's to say. Success moves no entry here: collapse-anon does that.
/// </summary>
internal static class CollapseAttempt
{
    /// <summary>One attempt; mmap_lock is not held at the beginning, nor at the end.</summary>
    public static ScanResult Run<TArch>(
        KernelContext<TArch> kernel,
        in OperationCall call,
        DecisionSet decisions,
        ref CollapseControl control,
        int offset,
        int order
    )
        where TArch : struct, IArch
    {
        var machine = kernel.Machine;
        var table = machine.FindTable(call.Mm, call.Vpn);
        var number = Windows.Number((int)call.Pages, offset, order);
        var holes = 0;
        var refusal =
            SwapIn(kernel, call, control, table, offset, order)
            ?? Isolate(kernel, call, decisions, control, table, offset, order, ref holes);
        var result = refusal ?? ScanResults.Of((WindowResult)machine.WindowResults[number]);
        kernel.CollapseHugePage(call.Mm, table, offset, 1 << order, (int)result, holes);
        if (result == ScanResult.Succeed)
        {
            Span<byte> slots = control.Collapsed;
            slots.Slice(offset, 1 << order).Fill((byte)order);
        }

        return result;
    }

    /// <summary>__collapse_huge_page_swapin: below PMD order nothing is swapped in, and markers and migration entries are no better.</summary>
    private static ScanResult? SwapIn<TArch>(
        KernelContext<TArch> kernel,
        in OperationCall call,
        in CollapseControl control,
        int table,
        int offset,
        int order
    )
        where TArch : struct, IArch
    {
        if (control.Unmapped == 0 || order == Windows.PmdOrder((int)call.Pages))
        {
            return null;
        }

        foreach (var word in kernel.Machine.TableWords(table).Slice(offset, 1 << order))
        {
            var pte = new Pte(word);
            if (!TArch.PteNone(pte) && !TArch.PtePresent(pte))
            {
                return ScanResult.ExceedSwapPte;
            }
        }

        return null;
    }

    /// <summary>__collapse_huge_page_isolate, the checks whose answer the entries give; here the VMA is at hand again.</summary>
    private static ScanResult? Isolate<TArch>(
        KernelContext<TArch> kernel,
        in OperationCall call,
        DecisionSet decisions,
        in CollapseControl control,
        int table,
        int offset,
        int order,
        ref int holes
    )
        where TArch : struct, IArch
    {
        var machine = kernel.Machine;
        var armed =
            (machine.Vmas[call.Vma].Flags & VmaFlags.UffdAny) != 0
            && !decisions.Has(MthpDecisions.TrustScan);
        var maxNone = CollapseLimits.MaxPtesNone(call, armed, order, decisions);
        var isPmd = order == Windows.PmdOrder((int)call.Pages);
        var shared = 0;
        ScanResult? refusal = null;
        for (var slot = offset; slot < offset + (1 << order); slot++)
        {
            var pte = new Pte(machine.Ptes[Machine.PteIndex(table, slot)]);
            if (control.Collapsed[slot] != 0)
            {
                var asLarge = !isPmd && control.Collapsed[slot] >= order;
                refusal ??= asLarge ? ScanResult.PteMappedHugepage : null;
            }
            else if (Entries.IsNoneOrZero<TArch>(pte))
            {
                holes++;
                refusal ??= holes > maxNone ? ScanResult.ExceedNonePte : null;
            }
            else if (TArch.PtePresent(pte))
            {
                var folio = kernel.VmNormalFolio(pte);
                shared += kernel.FolioMaybeMappedShared(folio) ? 1 : 0;
                refusal ??=
                    shared > CollapseLimits.MaxPtesShared(call, order) ? ScanResult.ExceedSharedPte
                    : !isPmd && machine.Folios[folio].Order >= order ? ScanResult.PteMappedHugepage
                    : null;
            }
        }

        return refusal;
    }
}
