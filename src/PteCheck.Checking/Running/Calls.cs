using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Running;

/// <summary>The arguments of operations: of the first when the VMAs are placed, of others when their turn has come.</summary>
internal static class Calls
{
    /// <summary>
    /// The arguments of an operation for the machine as the operations before it left it: where it works on a folio,
    /// the first VMA that maps it now.
    /// </summary>
    /// <returns>Why it cannot run any more; <see cref="UnmetKind.None"/> where it can.</returns>
    public static UnmetKind Later<TArch>(
        Scenario scenario,
        in RunSpec run,
        ReadOnlySpan<uint> starts,
        Machine machine,
        out OperationCall call
    )
        where TArch : struct, IArch
    {
        call = Of(scenario, run, starts);
        if (!run.Of().WorksOnFolio)
        {
            return PlaceRange(run, machine, ref call);
        }

        ref readonly var folio = ref machine.Folios[run.Folio];
        if (folio.Mapcount == 0)
        {
            return UnmetKind.NotMapped;
        }

        if ((folio.Flags & FolioFlags.Swapbacked) != 0)
        {
            return UnmetKind.Swapbacked;
        }

        call.Vma = FirstVmaOf<TArch>(machine, run.Folio);
        ref readonly var vma = ref machine.Vmas[call.Vma];
        (call.Mm, call.NewVma) = (vma.Mm, call.Vma);
        (call.Vpn, call.NewVpn, call.Pages) = (vma.Start, vma.Start, vma.Pages);
        return UnmetKind.None;
    }

    /// <summary>
    /// Finds the VMA of a range, which an mprotect may have split off, and gives the destination of a move the
    /// rights that the source has by now.
    /// </summary>
    private static UnmetKind PlaceRange(in RunSpec run, Machine machine, ref OperationCall call)
    {
        var vma = machine.FindVma(call.Mm, call.Vpn);
        if (vma < 0 || machine.FindVma(call.Mm, call.Vpn + call.Pages - 1) != vma)
        {
            return UnmetKind.Split;
        }

        if (run.Of().Moves)
        {
            machine.Vmas[call.NewVma].Flags = RunFlags.Moved(machine.Vmas[vma].Flags);
        }
        else
        {
            call.NewVma = vma;
        }

        call.Vma = vma;
        return UnmetKind.None;
    }

    /// <summary>The first VMA with an entry that maps the folio.</summary>
    private static int FirstVmaOf<TArch>(Machine machine, int folio)
        where TArch : struct, IArch
    {
        for (var vma = 0; vma < machine.VmaCount; vma++)
        {
            ref readonly var owner = ref machine.Vmas[vma];
            for (var vpn = owner.Start; vpn < owner.End; vpn++)
            {
                var pte = machine.PteAt(owner.Mm, vpn);
                var present = TArch.PtePresent(pte);
                var maps = present
                    ? !TArch.PteSpecial(pte)
                    : !TArch.PteNone(pte) && TArch.SwpType(pte) == SwapType.DeviceExclusive;
                var pfn = present ? TArch.PtePfn(pte) : TArch.SwpOffset(pte);
                if (maps && machine.FolioOf(pfn) == folio)
                {
                    return vma;
                }
            }
        }

        return 0;
    }

    /// <summary>The arguments of an operation, once the VMAs are placed.</summary>
    public static OperationCall Of(Scenario scenario, in RunSpec run, ReadOnlySpan<uint> starts)
    {
        if (run.Of().CollapsesFile)
        {
            return OfTable(scenario, run, starts[run.Vma]);
        }

        if (run.Of().CollapsesAnon)
        {
            return CollapseWindow.CallOf(scenario, starts[run.Vma]);
        }

        return new()
        {
            Mm = scenario.Vmas[run.Vma].Mm,
            Vma = run.Vma,
            NewVma = run.NewVma,
            Vpn = starts[run.Vma] + (uint)run.First,
            NewVpn = run.NewVma == run.Vma ? starts[run.Vma] + (uint)run.First : starts[run.NewVma],
            Pages = (uint)run.Pages,
            Folio = run.Folio,
            Deferred = run.Deferred || run.Migrates,
            Migrates = run.Migrates,
            Mode = run.Mode,
            Rights = run.Rights,
            Batch = run.Batch,
            Forced = run.Forced,
            Scans = run.Scans,
            Orders = run.Orders,
            MaxPtesNone = run.MaxPtesNone,
            MaxPtesSwap = run.MaxPtesSwap,
            MaxPtesShared = run.MaxPtesShared,
        };
    }

    /// <summary>A collapse takes the whole table in which its page lies.</summary>
    private static OperationCall OfTable(Scenario scenario, in RunSpec run, uint start)
    {
        var first = (start + (uint)run.First) & ~(uint)(scenario.Slots - 1);
        return new()
        {
            Mm = scenario.Vmas[run.Vma].Mm,
            Vma = run.Vma,
            NewVma = run.Vma,
            Vpn = first,
            NewVpn = first,
            Pages = (uint)scenario.Slots,
            Folio = run.Folio,
            Install = run.Install,
            FileAligned = CollapseTarget.IsAligned(scenario, start),
        };
    }
}
