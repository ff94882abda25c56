using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Checking.Explaining;

/// <summary>The steps of a trace in words: the kernel's name of each primitive and the slots it worked on.</summary>
public static class StepWords
{
    /// <summary>Most steps that a report shows.</summary>
    public const int MaxSteps = 8;

    /// <summary>The last steps up to and with event <paramref name="step"/>, at most <see cref="MaxSteps"/>.</summary>
    /// <param name="trace">What the candidate did.</param>
    /// <param name="machine">A machine of the same shape, for the names of slots.</param>
    /// <param name="scenario">The scenario, for the names of VMAs and folios.</param>
    /// <param name="step">Index of the last event to show; -1 for the end of the run.</param>
    public static IReadOnlyList<string> Describe(
        Trace trace,
        Machine machine,
        Scenario scenario,
        int step
    )
    {
        var words = new List<string>();
        var last = step < 0 ? trace.Count - 1 : Math.Min(step, trace.Count - 1);
        for (var index = last; index >= 0 && words.Count < MaxSteps; index--)
        {
            if (Describe(trace.Events[index], machine, scenario) is { } text)
            {
                words.Add(text);
            }
        }

        words.Reverse();
        return words;
    }

    /// <summary>One event in words; null for those that say nothing by themselves (reads, single stores).</summary>
    internal static string? Describe(in TraceEvent step, Machine machine, Scenario scenario)
    {
        var name = NameOf(step.Op, machine.Context.Kernel, step.Nr);
        if (name is null)
        {
            return null;
        }

        var place = PlaceOf(step, machine, scenario);
        var by = step.ByArch ? " (by the architecture)" : "";
        return place.Length == 0 ? name + by : $"{name} {place}{by}";
    }

    private static string? NameOf(Primitive op, KernelVersion kernel, int nr) =>
        op switch
        {
            Primitive.PtepGetAndClear => "ptep_get_and_clear",
            Primitive.GetAndClearPtes => "get_and_clear_full_ptes",
            Primitive.PteClear => "pte_clear",
            Primitive.SetPtes => nr > 1 ? "set_ptes" : "set_pte_at",
            Primitive.FolioPteBatch when kernel == KernelVersion.V6_15 => "folio_pte_batch",
            Primitive.FolioPteBatch => "folio_pte_batch_flags",
            Primitive.PtlLock => "lock the page-table lock of",
            Primitive.PtlUnlock => "unlock the page-table lock of",
            Primitive.MmapLock => nr > 0 ? "mmap_read_lock" : "mmap_write_lock",
            Primitive.MmapUnlock => nr > 0 ? "mmap_read_unlock" : "mmap_write_unlock",
            Primitive.RmapLock => nr > 0 ? "anon_vma_lock_write" : "take_rmap_locks",
            Primitive.RmapUnlock => nr > 0 ? "anon_vma_unlock_write" : "drop_rmap_locks",
            Primitive.TlbFlushRange => "flush_tlb_range",
            Primitive.TlbFlushMm => "flush_tlb_mm",
            Primitive.FlushTlbBatchedPending => "flush_tlb_batched_pending",
            Primitive.NotifierStart => "mmu_notifier_invalidate_range_start",
            Primitive.NotifierEnd => "mmu_notifier_invalidate_range_end",
            Primitive.RemoveRmap => nr > 1 ? "folio_remove_rmap_ptes" : "folio_remove_rmap_pte",
            Primitive.AddRmap => nr > 1 ? "folio_add_rmap_ptes" : "folio_add_rmap_pte",
            Primitive.FolioRef => nr < 0 ? "folio_put" : "folio_get",
            Primitive.MmCounter => "add_mm_counter",
            Primitive.MightSleep => "cond_resched",
            Primitive.ContpteFold => "contpte_convert to CONT",
            Primitive.ContpteUnfold => "contpte_convert away from CONT",
            Primitive.SetTlbUbcFlushPending => "set_tlb_ubc_flush_pending",
            Primitive.TryToUnmapFlush => "try_to_unmap_flush",
            Primitive.FolioFlags => "folio_mark_dirty or folio_set_swapbacked",
            Primitive.DeferredSplit => "deferred_split_folio",
            Primitive.FolioFree => "free_unref_folios",
            Primitive.SwapFree => "free_swap_and_cache_nr",
            Primitive.FolioAlloc => nr > 1 ? "alloc_charge_folio" : "folio_prealloc",
            Primitive.CopyPage => "copy_user_highpage",
            Primitive.ClearPage => "clear_user_highpage",
            Primitive.CopyFromUser => "copy_from_user",
            Primitive.PtepSetAccessFlags => "ptep_set_access_flags",
            Primitive.TlbGatherMmu => "tlb_gather_mmu",
            Primitive.TlbFinishMmu => "tlb_finish_mmu",
            Primitive.CollapseHugePage => "collapse_huge_page",
            Primitive.CollapseScan => "collapse_scan_pmd returns",
            Primitive.PmdStore => nr switch
            {
                (int)PmdKind.None => "clear the PMD entry of",
                (int)PmdKind.Invalid => "pmdp_invalidate",
                _ => "set the PMD entry of",
            },
            Primitive.MarkLazyfree => "folio_mark_lazyfree",
            Primitive.PmdLock => "lock the PMD lock",
            Primitive.PmdUnlock => "unlock the PMD lock",
            Primitive.TableAlloc => "pte_alloc_one",
            Primitive.TableFree => nr > 0 ? "pte_free_defer" : "pte_free",
            Primitive.TableDeposit => "pgtable_trans_huge_deposit",
            Primitive.TableWithdraw => "pgtable_trans_huge_withdraw",
            Primitive.TlbRemoveTableSync => "tlb_remove_table_sync_one",
            Primitive.FolioLock => "folio_lock",
            Primitive.FolioUnlock => "folio_unlock",
            Primitive.ReturnToUser => "return to user space",
            _ => null,
        };

    private static string PlaceOf(in TraceEvent step, Machine machine, Scenario scenario) =>
        step.Op switch
        {
            Primitive.PtepGetAndClear
            or Primitive.GetAndClearPtes
            or Primitive.PteClear
            or Primitive.SetPtes
            or Primitive.PtepSetAccessFlags
            or Primitive.ContpteFold
            or Primitive.ContpteUnfold => Slots(step, machine, scenario, step.Nr),
            Primitive.FolioPteBatch =>
                $"from {Slots(step, machine, scenario, 1)}, at most {step.A}: finds {step.Nr}",
            Primitive.PtlLock or Primitive.PtlUnlock => TableOf(step.Table, machine, scenario),
            Primitive.PmdStore => VmasIn(machine.Pmds[step.Table], machine, scenario),
            Primitive.FolioLock or Primitive.FolioUnlock => Folio(step, scenario),
            Primitive.CopyPage => "of " + Frame((int)step.A, machine, scenario),
            Primitive.FolioAlloc when step.Nr > 1 => $"of {step.Nr} pages",
            Primitive.TlbFlushRange or Primitive.NotifierStart or Primitive.NotifierEnd => Pages(
                step.Table,
                (uint)step.A,
                step.Nr,
                machine,
                scenario
            ),
            Primitive.RemoveRmap or Primitive.AddRmap or Primitive.DeferredSplit => Folio(
                step,
                scenario
            ),
            Primitive.CollapseHugePage =>
                $"{Slots(step, machine, scenario, step.Nr)}: {AttemptWords.NameOf((ScanResult)step.A)}",
            Primitive.CollapseScan => AttemptWords.NameOf((ScanResult)step.A),
            Primitive.FolioRef => $"{Folio(step, scenario)}, {Math.Abs((int)step.Nr)}",
            Primitive.MmCounter => $"{step.Nr:+0;-0}",
            _ => "",
        };

    private static string Frame(int frame, Machine machine, Scenario scenario)
    {
        var folio = frame < machine.FrameCount ? machine.FrameFolios[frame] : -1;
        return folio < 0
            ? "a new folio"
            : $"{scenario.FolioName(folio)}[{frame - machine.Folios[folio].FirstFrame}]";
    }

    private static string Folio(in TraceEvent step, Scenario scenario)
    {
        var name =
            step.Table >= 0 && step.Table < scenario.FolioCount
                ? scenario.FolioName(step.Table)
                : "a new folio";
        return step.Op != Primitive.FolioRef && step.Nr > 1 ? $"{name}, {step.Nr} pages" : name;
    }

    private static string Slots(in TraceEvent step, Machine machine, Scenario scenario, int nr)
    {
        if (step.Table < 0 || step.Table >= machine.TableCount)
        {
            return "";
        }

        ref readonly var table = ref machine.Tables[step.Table];
        return Pages(table.Mm, (uint)(table.BaseVpn + step.Slot), nr, machine, scenario);
    }

    /// <summary><c>src+0</c> or <c>src+0..3</c>; the page number where no VMA is.</summary>
    internal static string Pages(int mm, uint vpn, int nr, Machine machine, Scenario scenario)
    {
        var (vma, page) = ScenarioLayout.Find(scenario, mm, vpn);
        var name = vma < 0 ? $"page 0x{vpn:x}" : scenario.PageName(vma, page);
        if (nr <= 1)
        {
            return name;
        }

        return vma < 0 ? $"{name}, {nr} pages" : $"{name}..{page + nr - 1}";
    }

    /// <summary>A table by the VMAs that it translates.</summary>
    private static string TableOf(int index, Machine machine, Scenario scenario)
    {
        if (index < 0 || index >= machine.TableCount)
        {
            return "";
        }

        ref readonly var table = ref machine.Tables[index];
        var stretch = new Pmd { Mm = table.Mm, BaseVpn = table.BaseVpn };
        var names = VmasIn(stretch, machine, scenario);
        return names.Length == 0 ? $"table {index}" : names;
    }

    /// <summary>The VMAs in the stretch of a PMD entry.</summary>
    private static string VmasIn(in Pmd table, Machine machine, Scenario scenario)
    {
        var names = new List<string>();
        Span<uint> starts = stackalloc uint[Machine.MaxVmas];
        ScenarioLayout.Place(scenario, starts);
        for (var vma = 0; vma < scenario.VmaCount; vma++)
        {
            ref readonly var area = ref scenario.Vmas[vma];
            if (
                area.Mm == table.Mm
                && starts[vma] < table.BaseVpn + (uint)machine.Slots
                && table.BaseVpn < starts[vma] + (uint)area.Pages
            )
            {
                names.Add(scenario.VmaName(vma));
            }
        }

        return string.Join(", ", names);
    }
}
