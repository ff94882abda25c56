using System.Diagnostics;
using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Oracles;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Model.Architectures;

namespace PteCheck.Checking.Exhaustive;

/// <summary>One thread of a search, with machines of its own.</summary>
internal abstract class ExhaustWorker
{
    /// <summary>First case of each signature that this worker met.</summary>
    public Dictionary<SignatureKey, Sighting> Sightings { get; } = [];

    /// <summary>First case in which the reference is at fault; null when there is none.</summary>
    public Sighting? ReferenceFault { get; protected set; }

    /// <summary>What was covered by the runs without interference.</summary>
    public CoverageCounter Coverage { get; } = new();

    /// <summary>What was counted, for each number that was a state or an unreachable one.</summary>
    public List<(long Number, ExhaustCounts Counts)> Counts { get; } = [];

    /// <summary>The lowest initial state with a violation; <see cref="long.MaxValue"/> for none.</summary>
    public long Lowest { get; protected set; } = long.MaxValue;

    /// <summary>Judges the initial state of a number, and all that can follow from it.</summary>
    public abstract void Judge(long number);

    /// <summary>A worker for the architecture of the options.</summary>
    public static ExhaustWorker Create(ExhaustOptions options, Stopwatch clock) =>
        options.Architecture == Architecture.X86
            ? new ExhaustWorker<X86_64>(options, clock)
            : new ExhaustWorker<Arm64>(options, clock);
}

/// <summary>The worker of one architecture.</summary>
internal sealed class ExhaustWorker<TArch> : ExhaustWorker
    where TArch : struct, IArch
{
    private readonly ExhaustOptions options;
    private readonly Stopwatch clock;
    private readonly Scenario scenario = new();
    private readonly CaseWorker<TArch> worker;
    private readonly CaseWorker<TArch> again;
    private readonly InterleavingSearch<TArch> search;
    private long number;

    public ExhaustWorker(ExhaustOptions options, Stopwatch clock)
    {
        this.options = options;
        this.clock = clock;
        worker = NewWorker();
        again = NewWorker();
        search = new(worker, options, See);
    }

    /// <inheritdoc/>
    public override void Judge(long number)
    {
        this.number = number;
        if (!options.Scope.Fill(scenario, options.Architecture, number))
        {
            return;
        }

        if (Reachability.FirstBroken(scenario) is not null)
        {
            Add(new(0, 1, 0, 0));
            return;
        }

        worker.Evaluate(scenario);
        Coverage.Count(worker, scenario, detailed: false);
        See(scenario);
        if (options.Scope.IsInterleaved && options.Moves > 0)
        {
            search.Search(scenario);
        }

        Add(new(1, 0, search.Interleavings, search.StatesVisited));
    }

    /// <summary>Counts; without stopping at the first violation, all numbers together.</summary>
    private void Add(in ExhaustCounts counts)
    {
        if (options.StopAtFirst || Counts.Count == 0)
        {
            Counts.Add((number, counts));
            return;
        }

        Counts[0] = (number, Counts[0].Counts + counts);
    }

    private CaseWorker<TArch> NewWorker() =>
        new(options.Scope.Operation, options.Implementation, options.Implementation.Kernel);

    /// <summary>Keeps the first case of each signature; the reference is judged in it, too.</summary>
    private void See(Scenario judged)
    {
        if (worker.Candidate.Primary is not { } finding)
        {
            SeeReference(worker.Reference.Primary, judged);
            return;
        }

        Lowest = Math.Min(Lowest, number);
        var key = SignatureKey.Of(finding);
        if (Sightings.TryGetValue(key, out var known) && known.Case <= number)
        {
            return;
        }

        again.Evaluate(judged);
        if (!SeeReference(again.Reference.Primary, judged))
        {
            Sightings[key] = Sighted(finding, judged, ofReference: false);
        }
    }

    private bool SeeReference(Finding? fault, Scenario judged)
    {
        if (fault is not { } finding)
        {
            return false;
        }

        Lowest = Math.Min(Lowest, number);

        if (ReferenceFault is null || number < ReferenceFault.Case)
        {
            ReferenceFault = Sighted(finding, judged, ofReference: true);
        }

        return true;
    }

    private Sighting Sighted(in Finding finding, Scenario judged, bool ofReference) =>
        new(
            SignatureKey.Of(finding),
            number,
            judged.Clone(),
            clock.Elapsed.TotalSeconds,
            ofReference
        );
}
