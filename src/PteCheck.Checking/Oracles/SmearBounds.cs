using PteCheck.Checking.Running;
using PteCheck.Model.Architectures;

namespace PteCheck.Checking.Oracles;

/// <summary>
/// Relaxation R1: young and dirty of a final entry are at least those of the initial entry that it
/// came from, and at most the OR over the initial entries of the same folio in the same table, VMA
/// and range, on arm64 joined with the source and destination CONT blocks that the range touches. Where
/// such a destination block takes entries from two source tables, folding it joins what both gathered.
/// </summary>
public sealed class SmearBounds<TArch>(CaseRun<TArch> run)
    where TArch : struct, IArch
{
    private int knownMm;
    private uint knownTableBase;
    private uint knownStart;
    private int knownFolio = -1;
    private bool anyYoung;
    private bool anyDirty;

    /// <summary>Forgets what it knows of the case before.</summary>
    public void Forget() => knownFolio = -1;

    /// <summary>
    /// Whether the final entry at a page is within bounds. Dirty that the reference has as well is no difference: before
    /// 7.2, pte_mkwrite of arm64 made clean entries dirty.
    /// </summary>
    public bool Allows(int mm, uint vpn, Pte reference, Pte final)
    {
        var call = run.Call;
        var origin = run.Operation.OriginOf(call, mm, vpn);
        var initial = run.Initial.PteAt(mm, origin);
        bool young = TArch.PteYoung(final),
            dirty = TArch.PteDirty(final);
        if ((TArch.PteYoung(initial) && !young) || (TArch.PteDirty(initial) && !dirty))
        {
            return false;
        }

        Gather(mm, origin, run.Initial.FolioOf(TArch.PtePfn(final)));
        return (!young || anyYoung || TArch.PteYoung(initial))
            && (!dirty || anyDirty || TArch.PteDirty(initial) || TArch.PteDirty(reference));
    }

    private void Gather(int mm, uint origin, int folio)
    {
        var machine = run.Initial;
        var slots = (uint)machine.Slots;
        var tableBase = origin & ~(slots - 1);
        var (first, limit) = RangeAround(mm, origin);
        var known = folio == knownFolio && mm == knownMm;
        if (known && tableBase == knownTableBase && first == knownStart)
        {
            return;
        }

        knownFolio = folio;
        knownMm = mm;
        knownStart = first;
        knownTableBase = tableBase;
        anyYoung = false;
        anyDirty = false;
        if (folio < 0)
        {
            return;
        }

        var call = run.Call;
        var start = Math.Max(first, tableBase);
        var end = Math.Min(limit, tableBase + slots);
        if (!TArch.HasContpte)
        {
            GatherRange(mm, start, end, folio);
            return;
        }

        while (end < limit && InsideBlock(run.Operation.TargetOf(call, mm, end)))
        {
            end = Math.Min(limit, end + slots);
        }

        while (start > first && InsideBlock(run.Operation.TargetOf(call, mm, start)))
        {
            start = Math.Max(first, start - slots);
        }

        GatherBlocks(mm, start, end, folio);
        var target = run.Operation.TargetOf(call, mm, start);
        GatherBlocks(mm, target, target + (end - start), folio);
    }

    /// <summary>The range that the operation works on around a page: its own, or the VMA where it works on a folio.</summary>
    private (uint First, uint Limit) RangeAround(int mm, uint vpn)
    {
        var call = run.Call;
        var vma = run.Operation.WorksOnFolio ? run.Initial.FindVma(mm, vpn) : -1;
        return vma < 0
            ? (call.Vpn, call.Vpn + call.Pages)
            : (run.Initial.Vmas[vma].Start, run.Initial.Vmas[vma].End);
    }

    /// <summary>Whether a CONT block has slots on both sides of this boundary.</summary>
    private bool InsideBlock(uint vpn) => (vpn & (uint)(run.Initial.ContPtes - 1)) != 0;

    /// <summary>Joins a range widened to whole CONT blocks.</summary>
    private void GatherBlocks(int mm, uint start, uint end, int folio)
    {
        var block = (uint)run.Initial.ContPtes;
        GatherRange(mm, start & ~(block - 1), (end + block - 1) & ~(block - 1), folio);
    }

    /// <summary>Joins the entries of a folio in a range.</summary>
    private void GatherRange(int mm, uint start, uint end, int folio)
    {
        var machine = run.Initial;
        for (var vpn = start; vpn < end; vpn++)
        {
            var pte = machine.PteAt(mm, vpn);
            if (TArch.PtePresent(pte) && machine.FolioOf(TArch.PtePfn(pte)) == folio)
            {
                anyYoung |= TArch.PteYoung(pte);
                anyDirty |= TArch.PteDirty(pte);
            }
        }
    }
}
