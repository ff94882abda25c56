using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Interference;

namespace PteCheck.Checking.Exhaustive;

/// <summary>
/// The moves of CPU 1 and of a device in a scenario, and which of them may follow which. At each page that has an
/// entry: load and store, each through a stale translation if there is one and by a walk; GUP-fast whole, and in
/// its steps (what it begins the next move ends, or the end of the run); what the user of a pin does; a zap,
/// flushed at once or later. And a zap of the whole VMA.
/// </summary>
internal sealed class MoveTable
{
    private const byte Cpu = 1;
    private readonly List<Move> moves = [];
    private int pinnedPage;

    /// <summary>All moves.</summary>
    public IReadOnlyList<Move> All => moves;

    /// <summary>Makes the moves of a scenario.</summary>
    public void Begin(Scenario scenario)
    {
        moves.Clear();
        pinnedPage = -1;
        foreach (ref readonly var pte in scenario.UsedPtes)
        {
            if (pinnedPage < 0 && scenario.Folios[0].Pins > 0 && pte.Kind == EntryKind.Present)
            {
                pinnedPage = pte.Page;
            }

            AddAccesses(pte.Page);
            AddGup(pte.Page);
            AddPinUser(pte.Page);
            AddZap(pte.Page, Step(StepVerb.Zap, pte.Page));
            var finish = Step(StepVerb.ZapFinish, pte.Page);
            Add(pte.Page, MoveLink.Zap, MoveLink.None, finish);
        }

        if (scenario.PteCount > 1)
        {
            var all = Step(StepVerb.Zap, 0) with { Pages = (short)scenario.Vmas[0].Pages };
            AddZap(scenario.Ptes[0].Page, all);
        }
    }

    /// <summary>Whether a move can be the first one, at a place.</summary>
    public bool MayBegin(Move move, in Place at) => IsDifferent(move, at) && IsReady(move);

    /// <summary>Whether a move can follow another one, at the same anchor or later.</summary>
    /// <param name="first">The first move.</param>
    /// <param name="second">The second one, after which nothing more comes: to read an entry for GUP-fast alone would do nothing.</param>
    /// <param name="at">Where the second one happens.</param>
    public bool MayFollow(Move first, Move second, in Place at)
    {
        if (second.Gives == MoveLink.GupRead || !IsDifferent(second, at))
        {
            return false;
        }

        var ends = second.Needs != MoveLink.None && second.Needs == first.Gives;
        if (ends && second.Page == first.Page)
        {
            return true;
        }

        var sameCpu = second.Steps[0].Actor == Cpu;
        return IsReady(second) && !(first.BusyCpu && sameCpu);
    }

    /// <summary>
    /// Whether an access by a walk differs from one through what is cached: not where nothing stale is cached. Nor
    /// does it later, where it waits for a lock: it waits since the entry does not permit it, and what is cached of
    /// that entry when it goes does not either.
    /// </summary>
    private static bool IsDifferent(Move move, in Place at) =>
        !move.IsFresh || (at.StalePages & (1u << move.Page)) != 0;

    private bool IsReady(Move move) => move.Needs == MoveLink.None || IsPinned(move);

    private bool IsPinned(Move move) => move.Needs == MoveLink.Pin && move.Page == pinnedPage;

    private void AddAccesses(int page)
    {
        foreach (var verb in (StepVerb[])[StepVerb.Load, StepVerb.Store])
        {
            Add(page, MoveLink.None, MoveLink.None, Step(verb, page));
            Add(page, MoveLink.None, MoveLink.None, Step(verb, page) with { Fresh = true });
        }
    }

    private void AddGup(int page)
    {
        var read = Step(StepVerb.GupRead, page);
        var grab = Step(StepVerb.GupGrab, page);
        var recheck = Step(StepVerb.GupRecheck, page);
        Add(page, MoveLink.None, MoveLink.Pin, read, grab, recheck);
        Add(page, MoveLink.None, MoveLink.GupRead, read);
        Add(page, MoveLink.None, MoveLink.GupGrabbed, read, grab);
        Add(page, MoveLink.GupRead, MoveLink.Pin, grab, recheck);
        Add(page, MoveLink.GupGrabbed, MoveLink.Pin, recheck);
    }

    private void AddPinUser(int page)
    {
        var store = Step(StepVerb.DeviceStore, page) with { Actor = InterferenceStep.Device };
        var load = Step(StepVerb.DeviceLoad, page) with { Actor = InterferenceStep.Device };
        var mark = Step(StepVerb.MarkDirty, page);
        var unpin = Step(StepVerb.Unpin, page);
        Add(page, MoveLink.Pin, MoveLink.None, load);
        Add(page, MoveLink.Pin, MoveLink.None, store);
        Add(page, MoveLink.Pin, MoveLink.None, mark);
        Add(page, MoveLink.Pin, MoveLink.None, unpin);
        Add(page, MoveLink.Pin, MoveLink.None, mark, unpin);
        Add(page, MoveLink.Pin, MoveLink.None, store, mark, unpin);
    }

    private void AddZap(int page, in StepSpec zap)
    {
        Add(page, MoveLink.None, MoveLink.None, zap, Step(StepVerb.ZapFinish, page));
        Add(page, MoveLink.None, MoveLink.Zap, zap);
    }

    private void Add(int page, MoveLink needs, MoveLink gives, params StepSpec[] steps) =>
        moves.Add(new(page, needs, gives, steps));

    private static StepSpec Step(StepVerb verb, int page) =>
        new()
        {
            Actor = Cpu,
            Verb = verb,
            Page = (short)page,
            Pages = 1,
        };
}
