using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.LazyfreeUnmap;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Exhaustive;

/// <summary>
/// Scopes of lazyfree-unmap: one order-2 lazyfree folio in one VMA of one mm, tables of 8 slots, CONT blocks of
/// 4, two CPUs. Every combination of placement, VMA, way of flushing, folio flags and entry classes.
/// </summary>
public sealed class LazyfreeScope(
    string name,
    string text,
    bool interleaved,
    IReadOnlyList<FolioPlacement> placements,
    params LazyfreeVma[] vmas
) : ExhaustiveScope
{
    private const int Slots = 8;
    private const int ContPtes = 4;

    /// <summary>Deferred or immediate, folio dirty or clean, one reference or pin more or not, tlb_flush_pending or not.</summary>
    private const int Settings = 16;

    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override string Text => text;

    /// <inheritdoc/>
    public override IOperation Operation => LazyfreeOperation.Instance;

    /// <inheritdoc/>
    public override bool IsInterleaved => interleaved;

    /// <inheritdoc/>
    public override long Numbers(Architecture architecture)
    {
        var numbers = 0L;
        foreach (var vma in vmas)
        {
            foreach (var placement in placements)
            {
                numbers += Numbers(vma, placement, architecture);
            }
        }

        return numbers;
    }

    /// <inheritdoc/>
    public override bool Fill(Scenario scenario, Architecture architecture, long number)
    {
        foreach (var vma in vmas)
        {
            foreach (var placement in placements)
            {
                var numbers = Numbers(vma, placement, architecture);
                if (number < numbers)
                {
                    return Fill(scenario, architecture, vma, placement, number);
                }

                number -= numbers;
            }
        }

        return false;
    }

    private static long Numbers(
        in LazyfreeVma vma,
        in FolioPlacement placement,
        Architecture architecture
    )
    {
        if (placement.ContOnly && architecture == Architecture.X86)
        {
            return 0;
        }

        var numbers = (long)Settings;
        for (var page = 0; page < placement.Pages; page++)
        {
            numbers *= vma.Classes(architecture).Count;
        }

        return numbers;
    }

    private bool Fill(
        Scenario scenario,
        Architecture architecture,
        in LazyfreeVma vma,
        in FolioPlacement placement,
        long number
    )
    {
        var settings = (int)(number % Settings);
        number /= Settings;
        scenario.Clear();
        scenario.Architecture = architecture;
        scenario.Slots = Slots;
        scenario.ContPtes = ContPtes;
        scenario.Run.Operation = OperationCatalog.IndexOf(Operation);
        scenario.Run.Deferred = (settings & 1) != 0;
        scenario.VmaCount = 1;
        scenario.Vmas[0] = new()
        {
            At = placement.At,
            Pages = placement.Pages + (2 * placement.Around),
            Flags = VmaFlags.Read | VmaFlags.Write | vma.Flags,
            NeverFolded = placement.NeverFolded,
        };
        var more = (settings >> 1) & 1;
        scenario.FolioCount = 1;
        scenario.Folios[0] = new()
        {
            Order = 2,
            Kind = FolioKind.Lazyfree,
            FilePage = -1,
            Locked = true,
            ExtraRefs = interleaved ? 1 : 1 + more,
            Pins = interleaved ? more : 0,
            Dirty = (settings & 4) != 0,
        };
        var protnone = AddEntries(scenario, vma.Classes(architecture), placement, number);
        var pending = (settings & 8) != 0;
        if (pending)
        {
            AddPending(scenario);
        }

        RunTarget.Settle(scenario);
        var ignored = interleaved && scenario.Folios[0].Dirty && vma.Flags == VmaFlags.Droppable;
        return !ignored && (!pending || (protnone && scenario.Run.Deferred));
    }

    /// <summary>The entries of a number; whether any is protnone.</summary>
    private static bool AddEntries(
        Scenario scenario,
        IReadOnlyList<EntryClass> classes,
        in FolioPlacement placement,
        long number
    )
    {
        var protnone = false;
        for (var page = 0; page < placement.Pages; page++)
        {
            var entry = classes[(int)(number % classes.Count)];
            number /= classes.Count;
            if (entry.Kind == EntryKind.None)
            {
                continue;
            }

            protnone |= entry.IsProtnone;
            var folioPage = placement.First + page;
            scenario.Folios[0].Exclusive.Set(folioPage, value: true);
            scenario.Ptes[scenario.PteCount++] = new()
            {
                Kind = entry.Kind,
                Bits = entry.Bits,
                Page = (short)(placement.Around + page),
                FolioPage = (short)folioPage,
            };
        }

        return protnone;
    }

    /// <summary>Whoever made entries protnone has not flushed yet, and CPU 1 may still hold what they gave before.</summary>
    private static void AddPending(Scenario scenario)
    {
        scenario.TlbFlushPending[0] = 1;
        foreach (ref readonly var pte in scenario.UsedPtes)
        {
            if (pte.Has(PteBits.Protnone))
            {
                scenario.Tlb[scenario.TlbCount++] = new()
                {
                    Cpu = 1,
                    Page = pte.Page,
                    FolioPage = pte.FolioPage,
                };
            }
        }
    }
}

/// <summary>A kind of VMA, and the classes of entries enumerated in it.</summary>
/// <param name="Flags">What it has beside read and write.</param>
/// <param name="Classes">The classes of an architecture.</param>
public readonly record struct LazyfreeVma(
    VmaFlags Flags,
    Func<Architecture, IReadOnlyList<EntryClass>> Classes
);
