using PteCheck.Kernel.Interference;

namespace PteCheck.Checking.Generation;

/// <summary>What a page must be for a template of steps to do anything there.</summary>
internal enum StepNeed : byte
{
    /// <summary>Any page, mostly one that the operation works on.</summary>
    AnyPage,

    /// <summary>A page that is pinned in the initial state.</summary>
    Pin,

    /// <summary>A page of a file or of shmem.</summary>
    FilePage,

    /// <summary>A page of a clean folio that reclaim may drop.</summary>
    CleanFolio,

    /// <summary>A page of an anonymous folio.</summary>
    AnonPage,

    /// <summary>An empty slot of a VMA that is registered with userfaultfd.</summary>
    ArmedSlot,
}

/// <summary>Steps of one actor that belong together, in their order: what can break something only as a whole.</summary>
/// <param name="Weight">How often it is drawn, beside the others.</param>
/// <param name="Need">Where it makes sense.</param>
/// <param name="Always">The first so many steps are always drawn, each of the others mostly.</param>
/// <param name="Verbs">The steps.</param>
internal sealed record StepTemplate(int Weight, StepNeed Need, int Always, params StepVerb[] Verbs)
{
    /// <summary>All templates.</summary>
    public static readonly StepTemplate[] All =
    [
        new(16, StepNeed.AnyPage, 1, StepVerb.Load),
        new(14, StepNeed.AnyPage, 1, StepVerb.Store),
        new(16, StepNeed.AnyPage, 3, StepVerb.GupRead, StepVerb.GupGrab, StepVerb.GupRecheck),
        new(
            14,
            StepNeed.AnyPage,
            4,
            StepVerb.GupRead,
            StepVerb.GupGrab,
            StepVerb.GupRecheck,
            StepVerb.DeviceStore,
            StepVerb.MarkDirty,
            StepVerb.Unpin
        ),
        new(20, StepNeed.Pin, 1, StepVerb.DeviceStore, StepVerb.MarkDirty, StepVerb.Unpin),
        new(4, StepNeed.Pin, 1, StepVerb.DeviceLoad, StepVerb.Unpin),
        new(4, StepNeed.AnyPage, 1, StepVerb.Zap, StepVerb.ZapFinish),
        new(4, StepNeed.FilePage, 1, StepVerb.Mkclean, StepVerb.WriteOut),
        new(3, StepNeed.FilePage, 1, StepVerb.Truncate),
        new(4, StepNeed.CleanFolio, 1, StepVerb.Reclaim, StepVerb.ReclaimFinish),
        new(6, StepNeed.ArmedSlot, 1, StepVerb.UffdZeropage),
        new(6, StepNeed.ArmedSlot, 1, StepVerb.UffdCopy),
        new(
            5,
            StepNeed.AnonPage,
            1,
            StepVerb.Migrate,
            StepVerb.MigrateCopy,
            StepVerb.MigrateFinish
        ),
    ];

    /// <summary>Those that need an operation which looks if its table is still there.</summary>
    private static readonly StepTemplate[] OfTables =
    [
        new(4, StepNeed.AnyPage, 1, StepVerb.ZapTable),
        new(2, StepNeed.AnyPage, 1, StepVerb.Retract),
        new(
            4,
            StepNeed.AnyPage,
            4,
            StepVerb.GupWalk,
            StepVerb.GupRead,
            StepVerb.GupGrab,
            StepVerb.GupRecheck
        ),
    ];

    private static readonly StepTemplate[] WithTables = [.. All, .. OfTables];

    /// <summary>Draws one by its weight.</summary>
    /// <param name="random">Draws.</param>
    /// <param name="tables">Whether tables may go.</param>
    public static StepTemplate Choose(ref SeededRandom random, bool tables)
    {
        var templates = tables ? WithTables : All;
        var total = 0;
        foreach (var template in templates)
        {
            total += template.Weight;
        }

        var left = random.Below(total);
        var index = 0;
        while (left >= templates[index].Weight)
        {
            left -= templates[index].Weight;
            index++;
        }

        return templates[index];
    }
}
