using System.Globalization;
using PteCheck.Kernel.Interference;

namespace PteCheck.Checking.Scenarios.Text;

/// <summary>The words of a step of interference, such as <c>cpu1 load a+1 after folio-free</c>.</summary>
public static class StepText
{
    /// <summary>What a CPU may do, in words.</summary>
    internal static readonly (string Name, StepVerb Verb)[] CpuVerbs =
    [
        ("load", StepVerb.Load),
        ("store", StepVerb.Store),
        ("gup-read", StepVerb.GupRead),
        ("gup-grab", StepVerb.GupGrab),
        ("gup-recheck", StepVerb.GupRecheck),
        ("mark-dirty", StepVerb.MarkDirty),
        ("unpin", StepVerb.Unpin),
        ("zap", StepVerb.Zap),
        ("zap-finish", StepVerb.ZapFinish),
        ("mkclean", StepVerb.Mkclean),
        ("write-out", StepVerb.WriteOut),
        ("truncate", StepVerb.Truncate),
        ("reclaim", StepVerb.Reclaim),
        ("reclaim-finish", StepVerb.ReclaimFinish),
        ("migrate", StepVerb.Migrate),
        ("migrate-copy", StepVerb.MigrateCopy),
        ("migrate-finish", StepVerb.MigrateFinish),
        ("uffd-zeropage", StepVerb.UffdZeropage),
        ("uffd-copy", StepVerb.UffdCopy),
        ("gup-walk", StepVerb.GupWalk),
        ("zap-table", StepVerb.ZapTable),
        ("retract", StepVerb.Retract),
    ];

    /// <summary>What a device may do to a pinned page, in words.</summary>
    internal static readonly (string Name, StepVerb Verb)[] DeviceVerbs =
    [
        ("load", StepVerb.DeviceLoad),
        ("store", StepVerb.DeviceStore),
    ];

    /// <summary>The events that a step may be anchored at, in words; those of a page are followed by it.</summary>
    internal static readonly (string Name, AnchorEvent Event)[] Events =
    [
        ("clear", AnchorEvent.Clear),
        ("set", AnchorEvent.Set),
        ("lock ptl", AnchorEvent.LockPtl),
        ("unlock ptl", AnchorEvent.UnlockPtl),
        ("flush", AnchorEvent.Flush),
        ("defer-flush", AnchorEvent.DeferFlush),
        ("refcheck", AnchorEvent.RefCheck),
        ("mapcheck", AnchorEvent.MapCheck),
        ("dirtycheck", AnchorEvent.DirtyCheck),
        ("mark-dirty", AnchorEvent.MarkDirty),
        ("rmap", AnchorEvent.Rmap),
        ("put", AnchorEvent.Put),
        ("folio-free", AnchorEvent.FolioFree),
        ("clear-pmd", AnchorEvent.ClearPmd),
        ("set-pmd", AnchorEvent.SetPmd),
        ("lock pmd", AnchorEvent.LockPmd),
        ("unlock pmd", AnchorEvent.UnlockPmd),
        ("lock rmap", AnchorEvent.LockRmap),
        ("lock folio", AnchorEvent.LockFolio),
        ("unlock folio", AnchorEvent.UnlockFolio),
        ("table-free", AnchorEvent.TableFree),
        ("ipi", AnchorEvent.TableSync),
        ("copy", AnchorEvent.Copy),
    ];

    /// <summary>The step as a scenario file says it.</summary>
    public static string Of(Scenario scenario, in StepSpec step) =>
        $"{Action(scenario, step)} {Anchor(scenario, step)}";

    /// <summary>Who does what.</summary>
    public static string Action(Scenario scenario, in StepSpec step)
    {
        var verb = step.Verb;
        var device = step.Actor == InterferenceStep.Device;
        var names = device ? DeviceVerbs : CpuVerbs;
        var actor = device ? "device" : $"cpu{Text(step.Actor)}";
        var name = names.First(known => known.Verb == verb).Name;
        var place = $"{scenario.VmaName(step.Vma)}+{EntryText.Span(step.Page, step.Pages)}";
        return $"{actor} {name} {place}{(step.Fresh ? " fresh" : "")}";
    }

    /// <summary>Where in the run.</summary>
    public static string Anchor(Scenario scenario, in StepSpec step)
    {
        if (step.Event is AnchorEvent.Start or AnchorEvent.End)
        {
            return step.Event == AnchorEvent.Start ? "at start" : "at end";
        }

        if (step.Event == AnchorEvent.BetweenScans)
        {
            return "between scans";
        }

        var anchor = step.Event;
        var side = step.Side == AnchorSide.After ? "after" : "before";
        var name = Events.First(known => known.Event == anchor).Name;
        var page = step.HasAnchorPage
            ? " " + scenario.PageName(step.AnchorVma, step.AnchorPage)
            : "";
        var occurrence = step.Occurrence > 1 ? $" #{Text(step.Occurrence)}" : "";
        return $"{side} {name}{page}{occurrence}";
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
