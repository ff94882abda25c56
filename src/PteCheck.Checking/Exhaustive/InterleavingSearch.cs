using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Exhaustive;

/// <summary>
/// All pairs of moves of one initial state: every first move at every place of the undisturbed run, then every
/// second move at every place, from the first move's on, of the run that the first move leads to.
/// </summary>
/// <remarks>
/// A state is visited once. The run with a first move alone is judged, and its state is taken at each place. Where
/// that state has been seen before, at whatever place and after whatever first move, or without one, the second
/// moves are not tried again: <see cref="PlaceRecorder{TArch}"/> says why they would lead to the same runs and the
/// same findings from there on, and what lies before has been judged. A state counts together with the rules that its
/// run has broken so far, lest a run that is broken already hide what a sound one would show.
/// </remarks>
internal sealed class InterleavingSearch<TArch>(
    CaseWorker<TArch> worker,
    ExhaustOptions options,
    Action<Scenario> judged
)
    where TArch : struct, IArch
{
    private readonly MoveTable moves = new();
    private readonly PlaceRecorder<TArch> recorder = new(worker.Run);
    private readonly HashSet<StateKey> visited = [];
    private readonly List<Place> places = [];
    private readonly List<Place> beyond = [];

    /// <summary>Runs with moves in the last search.</summary>
    public long Interleavings { get; private set; }

    /// <summary>Distinct states of the last search.</summary>
    public long StatesVisited { get; private set; }

    /// <summary>Searches from the initial state that the worker has just evaluated; <paramref name="scenario"/> ends without steps.</summary>
    public void Search(Scenario scenario)
    {
        visited.Clear();
        Interleavings = 0;
        moves.Begin(scenario);
        Record(scenario, places);
        foreach (var place in places)
        {
            visited.Add(place.Key);
        }

        foreach (var place in places)
        {
            foreach (var move in moves.All)
            {
                if (moves.MayBegin(move, place))
                {
                    SearchAfter(scenario, place, move);
                }
            }
        }

        StatesVisited = visited.Count;
        scenario.StepCount = 0;
    }

    private void SearchAfter(Scenario scenario, in Place place, Move first)
    {
        scenario.StepCount = 0;
        Add(scenario, place, first);
        Record(scenario, beyond);
        Interleavings++;
        judged(scenario);
        var firstSteps = scenario.StepCount;
        foreach (var next in beyond)
        {
            if (options.Moves < 2 || next.Index < place.Index)
            {
                continue;
            }

            if (!visited.Add(next.Key) && !options.RevisitStates)
            {
                continue;
            }

            foreach (var second in moves.All)
            {
                if (moves.MayFollow(first, second, next))
                {
                    scenario.StepCount = firstSteps;
                    Add(scenario, next, second);
                    worker.EvaluateSteps(scenario);
                    Interleavings++;
                    judged(scenario);
                }
            }
        }
    }

    /// <summary>Runs and judges the scenario, and takes its places; each with the rules broken up to there.</summary>
    private void Record(Scenario scenario, List<Place> into)
    {
        var interferer = worker.Run.CandidateSide.Interferer;
        recorder.Begin();
        interferer.Observer = recorder;
        worker.EvaluateSteps(scenario);
        interferer.Observer = null;
        into.Clear();
        foreach (var place in recorder.Places)
        {
            into.Add(worker.Candidate.Count == 0 ? place : place with { Key = KeyOf(place) });
        }
    }

    private StateKey KeyOf(in Place place)
    {
        var hash = default(StateHash);
        hash.Add(place.Key);
        foreach (ref readonly var finding in worker.Candidate.All)
        {
            if (finding.Step >= 0 && finding.Step < place.Events)
            {
                hash.Add((int)finding.Rule.Oracle);
                foreach (var letter in finding.Rule.Id)
                {
                    hash.Add(letter);
                }
            }
        }

        return hash.Key;
    }

    private static void Add(Scenario scenario, in Place place, Move move)
    {
        foreach (ref readonly var step in move.Steps.AsSpan())
        {
            scenario.Steps[scenario.StepCount++] = place.Anchor.Place(step);
        }
    }
}
