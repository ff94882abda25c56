using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.LazyfreeUnmap;
using PteCheck.Kernel.Mprotect;
using PteCheck.Kernel.Mremap;
using PteCheck.Kernel.Operations;
using PteCheck.Kernel.WpFault;
using PteCheck.Kernel.Zap;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Generation;

/// <summary>An operation that a sequence can have beside the one under test.</summary>
/// <param name="Operation">Index of the operation in the catalog.</param>
/// <param name="Weight">How often it is drawn, beside the others.</param>
/// <param name="Draw">Draws its arguments.</param>
internal sealed record SequenceTemplate(byte Operation, int Weight, SequenceTemplate.Drawing Draw)
{
    private const int MostPages = 4;
    private const VmaFlags Rights = VmaFlags.Read | VmaFlags.Write | VmaFlags.Exec;

    private static readonly SequenceTemplate[] All =
    [
        new(OperationCatalog.IndexOf(ZapOperation.Instance), 3, SomePages),
        new(OperationCatalog.IndexOf(WpFaultOperation.Instance), 4, OnePage),
        new(OperationCatalog.IndexOf(MremapOperation.Instance), 3, Move),
        new(OperationCatalog.IndexOf(LazyfreeOperation.Instance), 2, Reclaim),
        new(OperationCatalog.IndexOf(MprotectOperation.Instance), 4, Scan),
        new(OperationCatalog.IndexOf(MprotectOperation.Instance), 2, Protect),
    ];

    /// <summary>The operations that sequences can have beside the one under test.</summary>
    public static readonly IReadOnlyList<IOperation> Operations =
    [
        .. All.Select(template => OperationCatalog.All[template.Operation]).Distinct(),
    ];

    private static readonly int Weights = All.Sum(template => template.Weight);

    /// <summary>Draws the arguments of an operation.</summary>
    /// <param name="scenario">Gets what the operation needs: a destination, a folio that reclaim has isolated.</param>
    /// <param name="random">The numbers.</param>
    /// <param name="place">Where the pages are.</param>
    /// <param name="behind">Behind the operation under test, not before it.</param>
    /// <param name="run">Gets the arguments.</param>
    /// <returns>False where the operation does not fit.</returns>
    internal delegate bool Drawing(
        Scenario scenario,
        ref SeededRandom random,
        in SequencePlace place,
        bool behind,
        ref RunSpec run
    );

    /// <summary>One that fits everywhere.</summary>
    public static SequenceTemplate Plainest => All[0];

    /// <summary>One of all, by weight.</summary>
    public static SequenceTemplate Choose(ref SeededRandom random)
    {
        var left = random.Below(Weights);
        var index = 0;
        while (left >= All[index].Weight)
        {
            left -= All[index].Weight;
            index++;
        }

        return All[index];
    }

    /// <summary>
    /// One page of the place. With shadow stacks none: a write fault that finds nothing to do moves DIRTY to
    /// SAVED_DIRTY there and does not flush, so that the reference is at fault.
    /// </summary>
    private static bool OnePage(
        Scenario scenario,
        ref SeededRandom random,
        in SequencePlace place,
        bool behind,
        ref RunSpec run
    )
    {
        SetRange(place.First + random.Below(place.Pages), 1, place.Vma, ref run);
        return !scenario.ShadowStack;
    }

    /// <summary>A few pages of the place.</summary>
    private static bool SomePages(
        Scenario scenario,
        ref SeededRandom random,
        in SequencePlace place,
        bool behind,
        ref RunSpec run
    )
    {
        var first = random.Below(place.Pages);
        var pages = random.Between(1, Math.Min(MostPages, place.Pages - first));
        SetRange(place.First + first, pages, place.Vma, ref run);
        return true;
    }

    /// <summary>The whole place, to a VMA of its own behind all others.</summary>
    private static bool Move(
        Scenario scenario,
        ref SeededRandom random,
        in SequencePlace place,
        bool behind,
        ref RunSpec run
    )
    {
        // Another gather holds the mmap lock for reading, and a move waits for it.
        var waits = scenario.TlbFlushPending[scenario.Vmas[place.Vma].Mm] > 0;
        if (waits || scenario.VmaCount == Machine.MaxVmas)
        {
            return false;
        }

        SetRange(place.First, place.Pages, place.Vma, ref run);
        var flags = RunFlags.OfRange(scenario, Index(scenario, behind), run);
        if (!Suits(scenario, behind, RunFlags.Moved(flags)))
        {
            return false;
        }

        run.NewVma = (byte)scenario.VmaCount;
        scenario.Vmas[scenario.VmaCount++] = new()
        {
            Mm = scenario.Vmas[place.Vma].Mm,
            At = -1,
            Pages = place.Pages,
            Destination = true,
        };
        if (LayoutChecks.VmasApart(scenario) is null)
        {
            return true;
        }

        scenario.VmaCount--;
        return false;
    }

    /// <summary>A lazyfree folio, which reclaim isolates; not the one of the operation under test, of which nothing would be left.</summary>
    private static bool Reclaim(
        Scenario scenario,
        ref SeededRandom random,
        in SequencePlace place,
        bool behind,
        ref RunSpec run
    )
    {
        var first = random.Below(Math.Max(1, scenario.PteCount));
        for (var i = 0; i < scenario.PteCount; i++)
        {
            ref readonly var pte = ref scenario.Ptes[(first + i) % scenario.PteCount];
            var fits =
                pte.IsMapping
                && scenario.Folios[pte.Folio].Kind == FolioKind.Lazyfree
                && !scenario.IsTarget(pte.Folio)
                && LazyfreeRules.IsInOrder(scenario, pte.Folio);
            if (fits)
            {
                ref var folio = ref scenario.Folios[pte.Folio];
                folio.Locked = true;
                folio.ExtraRefs = Math.Max(folio.ExtraRefs, 1);
                run.Folio = pte.Folio;
                run.Deferred = random.Chance(50);
                return true;
            }
        }

        return false;
    }

    /// <summary>A NUMA scan over all of the place or a part of it; where userfaultfd is registered, half of them for it.</summary>
    private static bool Scan(
        Scenario scenario,
        ref SeededRandom random,
        in SequencePlace place,
        bool behind,
        ref RunSpec run
    )
    {
        var first = random.Chance(50) ? 0 : random.Below(place.Pages);
        var pages = random.Chance(50)
            ? place.Pages - first
            : random.Between(1, place.Pages - first);
        SetRange(place.First + first, pages, place.Vma, ref run);
        var flags = RunFlags.OfRange(scenario, Index(scenario, behind), run);
        var armed = ProtectRules.IsArmed(flags) && random.Chance(50);
        run.Mode =
            !armed ? ProtectMode.Numa
            : random.Chance(50) ? ProtectMode.UffdWp
            : ProtectMode.UffdResolve;
        return armed || ProtectRules.MayScan(flags);
    }

    /// <summary>Other rights for all of the VMA, which stays whole.</summary>
    private static bool Protect(
        Scenario scenario,
        ref SeededRandom random,
        in SequencePlace place,
        bool behind,
        ref RunSpec run
    )
    {
        SetRange(place.First, place.Pages, place.Vma, ref run);
        run.Rights = random.Below(3) switch
        {
            0 => VmaFlags.None,
            1 => VmaFlags.Read,
            _ => VmaFlags.Read | VmaFlags.Write,
        };

        // As for moves: another gather would be waited for.
        var flags = RunFlags.OfRange(scenario, Index(scenario, behind), run);
        return Suits(scenario, behind, (flags & ~Rights) | run.Rights)
            && scenario.TlbFlushPending[scenario.Vmas[place.Vma].Mm] == 0
            && place.First == 0
            && place.Pages == scenario.Vmas[place.Vma].Pages
            && !scenario.ShadowStack;
    }

    /// <summary>Whether the operation under test, if it is still to come, is for VMAs of these flags.</summary>
    private static bool Suits(Scenario scenario, bool behind, VmaFlags flags) =>
        behind || !scenario.Operation().Protects || ProtectRules.IsFor(scenario.Run.Mode, flags);

    /// <summary>Where the operation will come to stand in the run.</summary>
    private static int Index(Scenario scenario, bool behind) =>
        behind ? scenario.RunCount : scenario.Tested;

    private static void SetRange(int first, int pages, byte vma, ref RunSpec run) =>
        (run.Vma, run.NewVma, run.First, run.Pages) = (vma, vma, (short)first, (short)pages);
}
