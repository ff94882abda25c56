using PteCheck.Kernel.MadviseDontneed;
using PteCheck.Kernel.Primitives;
using PteCheck.Kernel.Zap;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.Interference;

/// <summary>
/// MADV_DONTNEED on another CPU, in two steps: the entries are cleared under the page-table lock; later, maybe
/// much later, the gather flushes and frees (zap_pte_range, tlb_finish_mmu).
/// </summary>
internal sealed class Zapper<TArch>(KernelContext<TArch> kernel)
    where TArch : struct, IArch
{
    private readonly MmuGather gather = new();
    private bool open;

    /// <summary>Forgets what the last run left.</summary>
    public void Begin() => open = false;

    /// <summary>Adds what is under way to a hash.</summary>
    public void AddTo(ref StateHash hash)
    {
        hash.Add(open);
        if (open)
        {
            gather.AddTo(ref hash);
        }
    }

    /// <summary>
    /// tlb_gather_mmu and zap_pte_range of pages of one table. Needs mmap_lock for reading and the page-table
    /// lock. A locked VMA refuses MADV_DONTNEED, and an empty PMD entry is passed over without a lock (zap_pmd_range).
    /// </summary>
    public StepResult Clear(in InterferenceStep step)
    {
        var machine = kernel.Machine;
        ref readonly var vma = ref machine.Vmas[step.Vma];
        if (open || vma.Has(VmaFlags.Locked))
        {
            return StepResult.Done;
        }

        ref readonly var mm = ref machine.Mms[vma.Mm];
        var table = machine.FindTable(vma.Mm, step.Vpn);
        var empty = machine.Pmds[machine.FindPmd(vma.Mm, step.Vpn)].Entry.IsNone;
        var busy = table < 0 ? mm.PmdLockHeld && !empty : machine.Tables[table].PtlHeld;
        if (kernel.BlocksReaders(vma.Mm) || busy)
        {
            return StepResult.Blocked;
        }

        var toTableEnd = (uint)machine.Slots - (step.Vpn & (uint)(machine.Slots - 1));
        var pages = (int)Math.Min(step.Pages, toTableEnd);
        if (empty)
        {
            kernel.UserDiscard(vma.Mm, step.Vpn, pages);
            return StepResult.Done;
        }

        if (table < 0)
        {
            ClearLeaf(step, vma.Mm, pages);
            return StepResult.Done;
        }

        kernel.TlbGatherMmu(gather, vma.Mm);
        open = true;
        kernel.MmuNotifierInvalidateRangeStart(vma.Mm, step.Vpn, pages);
        for (var done = 0; done < pages; )
        {
            var vpn = step.Vpn + (uint)done;
            done += ZapPageRange.Clear(kernel, vma.Mm, step.Vma, vpn, pages - done, gather);
            ZapPageRange.FreeForced(kernel, gather);
        }

        kernel.MmuNotifierInvalidateRangeEnd(vma.Mm, step.Vpn, pages);
        return StepResult.Done;
    }

    /// <summary>
    /// MADV_DONTNEED of a table whose pages all lie in the VMA, flush and free included, and no step in between.
    /// try_to_free_pte then unlinks the table where nothing is left in it, on x86-64 alone (mm/pt_reclaim.c). Needs
    /// mmap_lock for reading, the PMD lock and the page-table lock.
    /// </summary>
    public StepResult ClearTable(in InterferenceStep step)
    {
        var machine = kernel.Machine;
        ref readonly var vma = ref machine.Vmas[step.Vma];
        var first = step.Vpn & ~(uint)(machine.Slots - 1);
        var covered = first >= vma.Start && first + (uint)machine.Slots <= vma.End;
        var table = machine.FindTable(vma.Mm, first);
        if (open || vma.Has(VmaFlags.Locked) || !covered || table < 0)
        {
            return StepResult.Done;
        }

        ref readonly var mm = ref machine.Mms[vma.Mm];
        var busy = mm.PmdLockHeld || machine.Tables[table].PtlHeld;
        if (kernel.BlocksReaders(vma.Mm) || busy)
        {
            return StepResult.Blocked;
        }

        Clear(step with { Vpn = first, Pages = (uint)machine.Slots });
        if (TArch.Architecture == Architecture.X86)
        {
            TryToFreePte(machine.FindPmd(vma.Mm, first), table);
        }

        Finish();
        return StepResult.Done;
    }

    /// <summary>try_to_free_pte and free_pte: the table goes with the gather, after its flush and a grace period.</summary>
    private void TryToFreePte(int pmd, int table)
    {
        var machine = kernel.Machine;
        if (machine.TableWords(table).ContainsAnyExcept(0ul))
        {
            return;
        }

        int mm = machine.Pmds[pmd].Mm;
        kernel.SpinLockPmd(mm);
        kernel.SpinLockPtl(table);
        kernel.PmdClear(pmd);
        kernel.SpinUnlockPtl(table);
        kernel.SpinUnlockPmd(mm);
        kernel.MmDecNrPtes(mm);
        KernelContext<TArch>.TlbFlushPteRange(gather, machine.Pmds[pmd].BaseVpn, machine.Slots);
        kernel.TlbFlushMmu(gather);
        kernel.PteFreeDefer(table);
    }

    /// <summary>
    /// zap_huge_pmd. A part of a leaf: of a file it is split by taking all of it away, and faulted in again; that of
    /// anonymous memory, which would be split into entries, is left alone.
    /// </summary>
    private void ClearLeaf(in InterferenceStep step, int mm, int pages)
    {
        var pmd = kernel.Machine.FindPmd(mm, step.Vpn);
        var folio = ZapHugePmd.FolioOf(kernel, pmd);
        var whole = pages == kernel.Machine.Slots;
        if (folio >= 0 && (whole || !kernel.Machine.Folios[folio].IsAnon))
        {
            var vpn = kernel.Machine.Pmds[pmd].BaseVpn;
            kernel.TlbGatherMmu(gather, mm);
            open = true;
            kernel.MmuNotifierInvalidateRangeStart(mm, vpn, kernel.Machine.Slots);
            ZapHugePmd.Run(kernel, pmd, gather);
            kernel.UserDiscard(mm, step.Vpn, pages);
            kernel.MmuNotifierInvalidateRangeEnd(mm, vpn, kernel.Machine.Slots);
        }
    }

    /// <summary>Whether a zap of an mm is under way, which holds its mmap_lock, or the VMA's, for reading until the end.</summary>
    public bool HoldsMmapLock(int mm) => open && gather.Mm == mm;

    /// <summary>tlb_finish_mmu, when a zap has begun.</summary>
    public void Finish()
    {
        if (open)
        {
            open = false;
            ZapPageRange.Finish(kernel, gather);
        }
    }
}
