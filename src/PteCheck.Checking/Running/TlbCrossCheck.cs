using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Tlbs;
using PteCheck.Model.Traces;

namespace PteCheck.Checking.Running;

/// <summary>The two TLB models disagree about what may be cached: one of them is wrong, and no verdict is.</summary>
public sealed class TlbDisagreementException : Exception
{
    /// <summary>Creates the exception.</summary>
    public TlbDisagreementException() { }

    /// <summary>Creates the exception with a message.</summary>
    public TlbDisagreementException(string message)
        : base(message) { }

    /// <summary>Creates the exception with a message and a cause.</summary>
    public TlbDisagreementException(string message, Exception innerException)
        : base(message, innerException) { }
}

/// <summary>
/// Lets the stale set and the explicit TLBs follow the same runs, and compares what they hold before
/// and after every invalidation, at every unlock and at the return. Before, since correct code
/// invalidates what it took away before it unlocks: later nothing would be left to compare.
/// </summary>
public sealed class TlbCrossCheck<TArch>(CaseRun<TArch> run)
    where TArch : struct, IArch
{
    private readonly Follower reference = new(run.ReferenceSide.Machine);
    private readonly Follower candidate = new(run.CandidateSide.Machine);

    /// <summary>Begins to follow; both machines are about to be copied from the initial one.</summary>
    /// <param name="initialStale">Stale translations of the initial state.</param>
    /// <param name="mostComparisons">Comparisons of each run before the one at its end, which is always made.</param>
    public void Attach(IList<StaleEntry> initialStale, int mostComparisons)
    {
        Attach(run.ReferenceSide, reference, initialStale, mostComparisons);
        Attach(run.CandidateSide, candidate, initialStale, mostComparisons);
    }

    /// <summary>Stops following.</summary>
    public void Detach()
    {
        run.ReferenceSide.Trace.Listener = null;
        run.CandidateSide.Trace.Listener = null;
    }

    private void Attach(
        Side<TArch> side,
        Follower follower,
        IList<StaleEntry> initialStale,
        int mostComparisons
    )
    {
        side.Machine.CopyFrom(run.Initial);
        follower.Begin(initialStale, mostComparisons);
        side.Trace.Listener = follower;
    }

    /// <summary>Both models over one machine.</summary>
    private sealed class Follower(Machine machine) : ITraceListener
    {
        private readonly StaleSet<TArch> stale = new(machine);
        private readonly ExplicitTlbs<TArch> tlbs = new(machine);
        private readonly List<Translation> expected = [];
        private readonly List<Translation> actual = [];
        private int comparisonsLeft;

        public void Begin(IList<StaleEntry> initialStale, int mostComparisons)
        {
            comparisonsLeft = mostComparisons;
            stale.Reset();
            tlbs.Reset();
            foreach (var entry in initialStale)
            {
                stale.Add(entry);
                AddTranslations(entry);
            }
        }

        private void AddTranslations(in StaleEntry entry)
        {
            var pte = new Pte(entry.Word);
            var rights = stale.RightsOf(entry);
            for (var page = 0; page < 32; page++)
            {
                for (var holder = 0; holder <= machine.Cpus; holder++)
                {
                    var isDevice = holder == machine.Cpus;
                    var held =
                        ((isDevice ? entry.DevicePages : entry.CpuPages) & (1u << page)) != 0
                        && (isDevice || (entry.Cpus & (1u << holder)) != 0);
                    if (held)
                    {
                        tlbs.Add(
                            new(
                                (byte)holder,
                                entry.Mm,
                                entry.Vpn + (uint)page,
                                TArch.PtePfn(pte) + (ulong)page,
                                rights,
                                TArch.PteCont(pte)
                            )
                        );
                    }
                }
            }
        }

        public void OnEvent(in TraceEvent traceEvent)
        {
            var invalidates =
                traceEvent.Op
                is Primitive.TlbFlushRange
                    or Primitive.TlbFlushMm
                    or Primitive.NotifierStart
                    or Primitive.NotifierEnd;
            if (invalidates)
            {
                Compare("before", traceEvent);
            }

            stale.Apply(traceEvent);
            tlbs.OnEvent(traceEvent);
            if (
                invalidates
                || traceEvent.Op
                    is Primitive.PtlUnlock
                        or Primitive.PmdStore
                        or Primitive.PmdUnlock
                        or Primitive.ReturnToUser
            )
            {
                Compare("after", traceEvent);
            }
        }

        private void Compare(string when, in TraceEvent traceEvent)
        {
            if (comparisonsLeft == 0 && traceEvent.Op != Primitive.ReturnToUser)
            {
                return;
            }

            comparisonsLeft = Math.Max(0, comparisonsLeft - 1);
            stale.Collect(expected);
            tlbs.Collect(actual);
            var count = Math.Min(expected.Count, actual.Count);
            for (var i = 0; i < count; i++)
            {
                if (expected[i] != actual[i])
                {
                    throw new TlbDisagreementException(
                        $"{when} {traceEvent.Op}: the stale set has {expected[i]}, the TLBs have {actual[i]}"
                    );
                }
            }

            if (expected.Count != actual.Count)
            {
                throw new TlbDisagreementException(
                    $"{when} {traceEvent.Op}: the stale set has {expected.Count} translations, the TLBs have {actual.Count}"
                );
            }
        }
    }
}
