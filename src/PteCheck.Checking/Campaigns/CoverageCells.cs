using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Checking.Campaigns;

/// <summary>
/// The situations that a campaign should have met, each a cell with a name: lengths of batches, what
/// ended them, what stood beside them, and how the range lay.
/// </summary>
public static class CoverageCells
{
    /// <summary>Cells that count entry kinds beside a batch begin with this.</summary>
    public const string BesidePrefix = "beside/";

    private static readonly int[] Lengths = [1, 2, 15, 16, 17, 32, 512];

    private static readonly string[] Situations =
    [
        "uffd/event-remap",
        "uffd/without-event-remap",
        "protnone/run",
        "cont/full",
        "cont/partial",
        "cont/misaligned-destination",
        "shadow-stack",
        "pending/batched-flush",
        "rmap-locks",
        "same-table",
        "whole-table",
        "two-mms",
    ];

    /// <summary>Those that operations of several kinds can hit.</summary>
    internal static readonly IReadOnlyList<string> Shared =
    [
        .. Lengths.Select(length => $"length/{length}"),
        .. BatchEnds.Names.Select(end => $"ended-by/{end}"),
        .. EntryKinds.Names.Select(kind => BesidePrefix + kind),
        .. Situations,
    ];

    /// <summary>All names; a cell's number is its place here.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        .. Shared,
        .. FolioCells.All,
        .. InPlaceCells.Zap,
        .. InPlaceCells.Fault,
        .. ProtectCells.All,
        .. SelectCells.Names,
        .. CollapseCells.All,
        .. AnonCells.All,
        .. BatchCells.All,
        .. LeafCells.All,
        .. SequenceCells.All,
    ];

    /// <summary>Adds the cells that a case hits; of a sequence, the operation that came last.</summary>
    public static void Count<TArch>(
        Machine initial,
        Trace trace,
        in OperationCall call,
        Scenario scenario,
        int element,
        long[] cells
    )
        where TArch : struct, IArch
    {
        if (scenario.IsSequence)
        {
            SequenceCells.Count<TArch>(scenario, element, initial, call, name => Hit(cells, name));
        }
        else
        {
            CountSituations<TArch>(initial, trace, call, scenario, cells);
        }

        foreach (ref readonly var e in trace.Events)
        {
            if (e.Op is Primitive.GetAndClearPtes or Primitive.BatchReturn)
            {
                CountBatch<TArch>(initial, call, e, cells);
            }
        }
    }

    private static void CountBatch<TArch>(
        Machine initial,
        in OperationCall call,
        in TraceEvent e,
        long[] cells
    )
        where TArch : struct, IArch
    {
        ref readonly var table = ref initial.Tables[e.Table];
        var vpn = table.BaseVpn + (uint)e.Slot;
        var last = initial.PteAt(table.Mm, vpn + (uint)e.Nr - 1);
        if (!TArch.PtePresent(last) || initial.FolioOf(TArch.PtePfn(last)) < 0)
        {
            return;
        }

        var length = Array.IndexOf(Lengths, e.Nr);
        if (length >= 0)
        {
            cells[length]++;
        }

        if (e.Nr < 2)
        {
            return;
        }

        if (TArch.PteProtnone(last))
        {
            Hit(cells, "protnone/run");
        }

        var next = vpn + (uint)e.Nr;
        Hit(cells, "ended-by/" + BatchEnds.Of<TArch>(initial, call, table.Mm, last, next));
        CountBeside<TArch>(initial, table.Mm, next, cells);
        if (vpn > 0)
        {
            CountBeside<TArch>(initial, table.Mm, vpn - 1, cells);
        }
    }

    private static void CountBeside<TArch>(Machine initial, int mm, uint vpn, long[] cells)
        where TArch : struct, IArch
    {
        var entry = initial.PteAt(mm, vpn);
        Hit(cells, BesidePrefix + EntryKinds.Of<TArch>(entry));
    }

    private static void CountSituations<TArch>(
        Machine initial,
        Trace trace,
        in OperationCall call,
        Scenario scenario,
        long[] cells
    )
        where TArch : struct, IArch
    {
        ref readonly var vma = ref initial.Vmas[call.Vma];
        var armed = vma.Has(VmaFlags.UffdWp);
        HitIf(cells, armed && vma.Has(VmaFlags.UffdEventRemap), "uffd/event-remap");
        HitIf(cells, armed && vma.HasUffdWithoutEventRemap, "uffd/without-event-remap");
        HitIf(cells, vma.Has(VmaFlags.ShadowStack) && trace.Batches > 0, "shadow-stack");
        HitIf(cells, scenario.BatchedFlushPending != 0, "pending/batched-flush");
        HitIf(cells, scenario.Mms > 1, "two-mms");
        CountOwn<TArch>(initial, trace, call, scenario, cells);
        if (TArch.HasContpte && trace.Batches > 0 && !scenario.Operation().Selects)
        {
            CountBlocks(initial, trace, call, cells);
        }
    }

    /// <summary>The situations of one kind of operation alone.</summary>
    private static void CountOwn<TArch>(
        Machine initial,
        Trace trace,
        in OperationCall call,
        Scenario scenario,
        long[] cells
    )
        where TArch : struct, IArch
    {
        Action<string> hit = name => Hit(cells, name);
        switch (scenario.Operation())
        {
            case { Selects: true }:
                SelectCells.Count(initial, trace, scenario, hit);
                break;
            case { WorksOnFolio: true }:
                FolioCells.Count(initial, trace, scenario, hit);
                break;
            case { WorksOnLeaves: true }:
                LeafCells.Count(trace, scenario, hit);
                break;
            case { OnePage: true }:
                InPlaceCells.CountFault(trace, hit);
                break;
            case { CollapsesFile: true }:
                CollapseCells.Count(initial, trace, scenario, hit);
                break;
            case { CollapsesAnon: true }:
                AnonCells.Count(initial, trace, scenario, hit);
                break;
            case { Empties: true }:
                InPlaceCells.CountZap(initial, trace, scenario, hit);
                break;
            case { CountsBatch: true }:
                BatchCells.Count<TArch>(initial, trace, call, hit);
                break;
            case { Protects: true }:
                ProtectCells.Count<TArch>(initial, trace, call, hit);
                break;
            default:
                CountMove(initial, trace, call, cells);
                break;
        }
    }

    /// <summary>How source and destination of a move lie.</summary>
    private static void CountMove(Machine initial, Trace trace, in OperationCall call, long[] cells)
    {
        var slots = (uint)initial.Slots;
        HitIf(cells, call.NewVpn < call.Vpn, "rmap-locks");
        HitIf(cells, call.Vpn / slots == call.NewVpn / slots, "same-table");
        HitIf(cells, MovesTable(trace), "whole-table");
    }

    /// <summary>How batches lie to contiguous blocks.</summary>
    private static void CountBlocks(
        Machine initial,
        Trace trace,
        in OperationCall call,
        long[] cells
    )
    {
        var block = (uint)initial.ContPtes;
        var misaligned = call.Vpn % block != call.NewVpn % block;
        var full = trace.LongestBatch >= initial.ContPtes;
        HitIf(cells, trace.Calls(Primitive.ContpteUnfold) > 0, "cont/partial");
        HitIf(cells, full, "cont/full");
        HitIf(cells, misaligned && full, "cont/misaligned-destination");
    }

    /// <summary>Whether a table moved by its PMD entry, which leaves an empty one behind.</summary>
    private static bool MovesTable(Trace trace)
    {
        foreach (ref readonly var e in trace.Events)
        {
            if (e.Op == Primitive.PmdStore && e.Nr == (short)PmdKind.None && e.Actor == 0)
            {
                return true;
            }
        }

        return false;
    }

    private static void HitIf(long[] cells, bool applies, string name)
    {
        if (applies)
        {
            Hit(cells, name);
        }
    }

    private static void Hit(long[] cells, string name)
    {
        for (var i = 0; i < Names.Count; i++)
        {
            if (Names[i] == name)
            {
                cells[i]++;
                return;
            }
        }
    }
}
