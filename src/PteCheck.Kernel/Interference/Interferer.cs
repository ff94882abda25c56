using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Tlbs;
using PteCheck.Model.Traces;

namespace PteCheck.Kernel.Interference;

/// <summary>
/// Carries out the steps of other CPUs and of devices at their anchors, between two primitives of the
/// operation. A step that needs a lock which the operation holds waits for it; the steps of one actor keep
/// their order. Reused from run to run.
/// </summary>
/// <typeparam name="TArch">The architecture.</typeparam>
public sealed class Interferer<TArch> : IInterference
    where TArch : struct, IArch
{
    /// <summary>Most steps of a scenario.</summary>
    public const int MaxSteps = 8;

    private readonly Actors<TArch> actors;
    private readonly Trace trace;
    private readonly Machine machine;
    private readonly StaleSet<TArch> stale;
    private readonly InterferenceStep[] steps = new InterferenceStep[MaxSteps];
    private readonly StepState[] states = new StepState[MaxSteps];
    private int count;
    private int seen;
    private int open;
    private bool ended;
    private UnmappedRange gone;

    /// <summary>Creates the interference of one side of a case.</summary>
    public Interferer(Machine machine, Trace trace, FaultLog faults)
    {
        this.machine = machine;
        this.trace = trace;
        stale = new(machine);
        actors = new(new(machine, trace, faults), stale);
    }

    /// <summary>Told of every place at which others may act; null for nobody.</summary>
    public IPlaceObserver? Observer { get; set; }

    /// <summary>Begins a run, whose machine stands as it is at its start.</summary>
    /// <param name="scheduled">The steps.</param>
    /// <param name="initialStale">Stale translations of the initial state.</param>
    /// <param name="coming">Where a VMA is only when the operation drops mmap_lock.</param>
    /// <param name="going">Where no VMA is from then on.</param>
    public void Begin(
        ReadOnlySpan<InterferenceStep> scheduled,
        IList<StaleEntry> initialStale,
        UnmappedRange coming,
        UnmappedRange going
    )
    {
        gone = going;
        scheduled.CopyTo(steps);
        count = scheduled.Length;
        seen = 0;
        open = count;
        ended = false;
        stale.Reset();
        for (var i = 0; i < initialStale.Count; i++)
        {
            stale.Add(initialStale[i]);
        }

        actors.Begin();
        actors.Absent = coming;
        for (var i = 0; i < count; i++)
        {
            states[i] = new()
            {
                Reached = steps[i].Anchor.Event == AnchorEvent.Start,
                Folio = actors.FolioOf(steps[i]),
            };
        }
    }

    /// <inheritdoc/>
    public void Before(in TraceEvent upcoming)
    {
        if (IsFollowing)
        {
            CatchUp();
            Observer?.Arrive(upcoming);
            Match(upcoming, AnchorSide.Before);
            Advance();
        }

        if (upcoming.Op == Primitive.MmapLock && upcoming.Nr == 0)
        {
            actors.DropMmapLock(upcoming.Table);
            CatchUp();
        }

        if (upcoming.Op == Primitive.TlbRemoveTableSync)
        {
            actors.DrainWalkers();
            CatchUp();
        }

        Observer?.Leave(upcoming);
    }

    /// <summary>The operation has returned: what waits goes on, and what others began they bring to its end.</summary>
    public void End()
    {
        ended = true;
        CatchUp();
        Observer?.Arrive(null);
        for (var i = 0; i < count; i++)
        {
            states[i].Reached |= steps[i].Anchor.Event == AnchorEvent.End;
        }

        Advance();
        CatchUp();
        Observer?.Leave(null);
        actors.End();
    }

    /// <summary>Whether anything stale may be cached of a page.</summary>
    public bool MayBeStale(int mm, uint vpn)
    {
        foreach (ref readonly var entry in stale.Near(vpn))
        {
            var page = vpn - entry.Vpn;
            if (entry.Mm == mm && page < 32 && (entry.CpuPages & (1u << (int)page)) != 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Adds to a hash what decides, beside the machine, how others go on: what may be cached, what they have
    /// under way, and which steps are due and wait for a lock.
    /// </summary>
    public void AddTo(ref StateHash hash)
    {
        stale.AddTo(ref hash);
        actors.AddTo(ref hash);
        for (var i = 0; i < count; i++)
        {
            if (states[i].Reached && !states[i].Done)
            {
                ref readonly var step = ref steps[i];
                hash.Add(
                    ((ulong)step.Actor << 16) | ((ulong)step.Verb << 8) | (step.Fresh ? 1u : 0)
                );
                hash.Add(((ulong)step.Vpn << 32) | step.Pages);
                hash.Add(((ulong)step.Vma << 32) | (uint)states[i].Folio.Folio);
            }
        }
    }

    /// <summary>Whether the run came to the anchor of a step; without it the step did not happen.</summary>
    public bool Reached(int step) => states[step].Reached;

    /// <summary>What became of a step.</summary>
    public StepOutcome OutcomeOf(int step)
    {
        ref readonly var state = ref states[step];
        return new(state.Reached, state.Done ? state.At : -1, state.Waited);
    }

    /// <summary>Whether a step is still to come, or somebody watches; else nothing more has to be followed.</summary>
    private bool IsFollowing => open > 0 || Observer is not null;

    /// <summary>Takes into account what happened since the last time.</summary>
    private void CatchUp()
    {
        if (!IsFollowing)
        {
            return;
        }

        for (; seen < trace.Count; seen++)
        {
            ref readonly var e = ref trace.Events[seen];
            stale.Apply(e);
            if (e.Actor != 0)
            {
                continue;
            }

            actors.Absent = e.Op == Primitive.MmapUnlock ? gone : actors.Absent;
            Match(e, AnchorSide.After);
        }
    }

    private void Match(in TraceEvent e, AnchorSide side)
    {
        for (var i = 0; i < count; i++)
        {
            ref readonly var anchor = ref steps[i].Anchor;
            if (!states[i].Reached && anchor.Side == side && anchor.Matches(e, machine))
            {
                states[i].Met++;
                states[i].Reached = states[i].Met == anchor.Occurrence;
            }
        }
    }

    /// <summary>Tries every step that is due, in the order of the scenario.</summary>
    private void Advance()
    {
        for (var i = 0; i < count; i++)
        {
            if (states[i].Reached && !states[i].Done && IsNext(i))
            {
                Perform(i);
                open -= states[i].Done ? 1 : 0;
                CatchUp();
            }
        }
    }

    private void Perform(int step)
    {
        ref var state = ref states[step];
        state.At = trace.Count;
        var result = actors.Perform(steps[step], state.Folio, (byte)(step + 1));
        state.Done = result == StepResult.Done;
        state.Waited |= !state.Done;
    }

    /// <summary>Whether every earlier step of the same actor has been done, or can no longer become due.</summary>
    private bool IsNext(int step)
    {
        for (var i = 0; i < step; i++)
        {
            var waits = !states[i].Done && (states[i].Reached || !ended);
            if (waits && steps[i].Actor == steps[step].Actor)
            {
                return false;
            }
        }

        return true;
    }

    private struct StepState
    {
        public bool Reached;
        public bool Done;
        public bool Waited;
        public byte Met;
        public int At;
        public StepFolio Folio;
    }
}
