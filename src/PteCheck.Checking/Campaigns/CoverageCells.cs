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

    private static readonly string[] Ends =
    [
        "write",
        "dirty",
        "soft-dirty",
        "uffd-wp",
        "protnone",
        "cont",
        "pfn",
        "table",
        "vma",
        "folio",
        "range",
    ];

    /// <summary>Kinds of entries.</summary>
    internal static readonly string[] Kinds =
    [
        "none",
        "present",
        "protnone",
        "zero",
        "swap",
        "migration",
        "device-exclusive",
        "hwpoison",
        "marker",
    ];

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

    private static readonly string[] FolioSituations =
    [
        "folio/freed",
        "folio/kept-in-part",
        "folio/restored",
        "folio/in-two-vmas",
        "folio/from-the-middle",
        "folio/straddles-a-table",
        "folio/device-exclusive",
        "folio/droppable",
        "flush/deferred",
        "flush/immediate",
        "flush/pending-elsewhere",
    ];

    private static readonly HashSet<string> OfRangesOnly = new(StringComparer.Ordinal)
    {
        "ended-by/range",
        "ended-by/uffd-wp",
        "uffd/event-remap",
        "uffd/without-event-remap",
        "pending/batched-flush",
        "rmap-locks",
        "same-table",
        "whole-table",
        "cont/partial",
        "cont/misaligned-destination",
    };

    private static readonly HashSet<string> NotOfZap = new(StringComparer.Ordinal)
    {
        "ended-by/write",
        "ended-by/dirty",
        "ended-by/soft-dirty",
        "uffd/event-remap",
        "uffd/without-event-remap",
        "rmap-locks",
        "same-table",
        "whole-table",
        "cont/misaligned-destination",
    };

    private static readonly HashSet<string> NotOfProtect = new(StringComparer.Ordinal)
    {
        "ended-by/dirty",
        "uffd/event-remap",
        "uffd/without-event-remap",
        "rmap-locks",
        "same-table",
        "whole-table",
        "cont/misaligned-destination",
    };

    /// <summary>Whether cases of an operation can hit a cell.</summary>
    public static bool BelongsTo(string name, IOperation operation)
    {
        var ofFolio = FolioSituations.Contains(name, StringComparer.Ordinal);
        var ofZap = InPlaceCells.Zap.Contains(name, StringComparer.Ordinal);
        var ofFault = InPlaceCells.Fault.Contains(name, StringComparer.Ordinal);
        var ofSelect = SelectCells.Names.Contains(name, StringComparer.Ordinal);
        if (ofSelect || operation.Selects)
        {
            return operation.Selects && (ofSelect || name == "two-mms");
        }

        var ofLeaf = LeafCells.All.Contains(name, StringComparer.Ordinal);
        if (ofLeaf || operation.WorksOnLeaves)
        {
            return operation.WorksOnLeaves
                && (LeafCells.BelongsTo(name, operation) || name == "two-mms");
        }

        var ofProtect = ProtectCells.All.Contains(name, StringComparer.Ordinal);
        if (SequenceCells.All.Contains(name, StringComparer.Ordinal))
        {
            return !operation.Alone && SequenceCells.BelongsTo(name, operation);
        }

        var ofBatch = BatchCells.All.Contains(name, StringComparer.Ordinal);
        if (ofBatch && !operation.CountsBatch)
        {
            return false;
        }

        var ofCollapse = CollapseCells.All.Contains(name, StringComparer.Ordinal);
        var ofAnon = AnonCells.All.Contains(name, StringComparer.Ordinal);
        if ((ofCollapse && !operation.CollapsesFile) || (ofAnon && !operation.CollapsesAnon))
        {
            return false;
        }

        if (operation.CountsBatch)
        {
            return ofBatch
                || !(ofFolio || ofFault || ofZap || ofProtect) && BatchCells.IsShared(name);
        }

        if (operation.Protects)
        {
            return ofProtect || !(ofFolio || ofFault || ofZap || NotOfProtect.Contains(name));
        }

        if (operation.CollapsesAnon)
        {
            return ofAnon
                || !(ofFolio || ofZap || ofFault || ofProtect || NotOfZap.Contains(name))
                    && !AnonCells.Never.Contains(name);
        }

        if (operation.CollapsesFile)
        {
            return ofCollapse
                || !(ofFolio || ofZap || ofFault || ofProtect || NotOfZap.Contains(name))
                    && !CollapseCells.Never.Contains(name);
        }

        if (operation.OnePage)
        {
            return InPlaceCells.EndsAs(name, operation) || name == "two-mms";
        }

        if (operation.Empties)
        {
            return !ofFolio && !ofFault && !ofProtect && !NotOfZap.Contains(name);
        }

        return !ofZap
            && !ofFault
            && !ofProtect
            && (operation.WorksOnFolio ? !OfRangesOnly.Contains(name) : !ofFolio);
    }

    /// <summary>All names; a cell's number is its place here.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        .. Lengths.Select(length => $"length/{length}"),
        .. Ends.Select(end => $"ended-by/{end}"),
        .. Kinds.Select(kind => BesidePrefix + kind),
        .. Situations,
        .. FolioSituations,
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
        Hit(cells, "ended-by/" + EndOf<TArch>(initial, call, table.Mm, last, next));
        CountBeside<TArch>(initial, table.Mm, next, cells);
        if (vpn > 0)
        {
            CountBeside<TArch>(initial, table.Mm, vpn - 1, cells);
        }
    }

    private static string EndOf<TArch>(
        Machine initial,
        in OperationCall call,
        int mm,
        Pte last,
        uint next
    )
        where TArch : struct, IArch
    {
        // An extent ends with the source table or with the destination table.
        var lastSlot = (uint)(initial.Slots - 1);
        if ((next & lastSlot) == 0 || ((next - call.Vpn + call.NewVpn) & lastSlot) == 0)
        {
            return "table";
        }

        if (initial.FindVma(mm, next) != initial.FindVma(mm, next - 1))
        {
            return "vma";
        }

        if (mm == call.Mm && next == call.Vpn + call.Pages)
        {
            return "range";
        }

        var folio = initial.FolioOf(TArch.PtePfn(last));
        var expected = TArch.PtePfn(last) + 1;
        if (initial.FolioOf(expected) != folio)
        {
            return "folio";
        }

        var entry = initial.PteAt(mm, next);
        if (!TArch.PtePresent(entry))
        {
            return "pfn";
        }

        return TArch.PtePfn(entry) != expected ? "pfn" : DifferenceOf<TArch>(initial, last, entry);
    }

    private static string DifferenceOf<TArch>(Machine initial, Pte last, Pte entry)
        where TArch : struct, IArch
    {
        if (TArch.PteProtnone(last) != TArch.PteProtnone(entry))
        {
            return "protnone";
        }

        if (TArch.PteUffdWp(last) != TArch.PteUffdWp(entry))
        {
            return "uffd-wp";
        }

        if (TArch.PteWrite(last, initial.Context) != TArch.PteWrite(entry, initial.Context))
        {
            return "write";
        }

        // Equal in CONT when the run began: then the first of the two blocks was unfolded by it.
        if (TArch.PteCont(last) || TArch.PteCont(entry))
        {
            return "cont";
        }

        return TArch.PteSoftDirty(last) != TArch.PteSoftDirty(entry) ? "soft-dirty" : "dirty";
    }

    private static void CountBeside<TArch>(Machine initial, int mm, uint vpn, long[] cells)
        where TArch : struct, IArch
    {
        var entry = initial.PteAt(mm, vpn);
        Hit(cells, BesidePrefix + KindOf<TArch>(entry));
    }

    /// <summary>The kind of an entry, as cells name it.</summary>
    internal static string KindOf<TArch>(Pte pte)
        where TArch : struct, IArch
    {
        if (TArch.PteNone(pte))
        {
            return "none";
        }

        if (TArch.PtePresent(pte))
        {
            return TArch.PteProtnone(pte) ? "protnone"
                : TArch.PteSpecial(pte) ? "zero"
                : "present";
        }

        return TArch.SwpType(pte) switch
        {
            <= SwapType.LastDevice => "swap",
            SwapType.HwPoison => "hwpoison",
            SwapType.DeviceExclusive => "device-exclusive",
            SwapType.Marker => "marker",
            _ => "migration",
        };
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
        HitIf(vma.Has(VmaFlags.UffdWp | VmaFlags.UffdEventRemap), "uffd/event-remap");
        HitIf(vma.Has(VmaFlags.UffdWp) && vma.HasUffdWithoutEventRemap, "uffd/without-event-remap");
        HitIf(vma.Has(VmaFlags.ShadowStack) && trace.Batches > 0, "shadow-stack");
        HitIf(scenario.BatchedFlushPending != 0, "pending/batched-flush");
        HitIf(scenario.Mms > 1, "two-mms");
        if (scenario.Operation().Selects)
        {
            SelectCells.Count(initial, trace, scenario, name => Hit(cells, name));
            return;
        }

        if (scenario.Operation().WorksOnFolio)
        {
            FolioCells.Count(initial, trace, scenario, name => Hit(cells, name));
        }
        else if (scenario.Operation().WorksOnLeaves)
        {
            LeafCells.Count(trace, scenario, name => Hit(cells, name));
        }
        else if (scenario.Operation().OnePage)
        {
            InPlaceCells.CountFault(trace, name => Hit(cells, name));
        }
        else if (scenario.Operation().CollapsesFile)
        {
            CollapseCells.Count(initial, trace, scenario, name => Hit(cells, name));
        }
        else if (scenario.Operation().CollapsesAnon)
        {
            AnonCells.Count(initial, trace, scenario, name => Hit(cells, name));
        }
        else if (scenario.Operation().Empties)
        {
            InPlaceCells.CountZap(initial, trace, scenario, name => Hit(cells, name));
        }
        else if (scenario.Operation().CountsBatch)
        {
            BatchCells.Count<TArch>(initial, trace, call, name => Hit(cells, name));
        }
        else if (scenario.Operation().Protects)
        {
            ProtectCells.Count<TArch>(initial, trace, call, name => Hit(cells, name));
        }
        else
        {
            var slots = (uint)initial.Slots;
            HitIf(call.NewVpn < call.Vpn, "rmap-locks");
            HitIf(call.Vpn / slots == call.NewVpn / slots, "same-table");
            HitIf(MovesTable(trace), "whole-table");
        }

        if (!TArch.HasContpte || trace.Batches == 0)
        {
            return;
        }

        var block = (uint)initial.ContPtes;
        var misaligned = call.Vpn % block != call.NewVpn % block;
        var unfolded = trace.Calls(Primitive.ContpteUnfold) > 0;
        HitIf(unfolded, "cont/partial");
        HitIf(trace.LongestBatch >= initial.ContPtes, "cont/full");
        HitIf(misaligned && trace.LongestBatch >= initial.ContPtes, "cont/misaligned-destination");

        void HitIf(bool hit, string name)
        {
            if (hit)
            {
                Hit(cells, name);
            }
        }
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
