using System.Globalization;
using PteCheck.Checking.Campaigns;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;

namespace PteCheck.Checking.Exhaustive;

/// <summary>What to judge, and over which scope.</summary>
public sealed record ExhaustOptions
{
    /// <summary>The scope.</summary>
    public required ExhaustiveScope Scope { get; init; }

    /// <summary>The candidate, an implementation of the scope's operation.</summary>
    public required Implementation Implementation { get; init; }

    /// <summary>The architecture.</summary>
    public required Architecture Architecture { get; init; }

    /// <summary>Threads.</summary>
    public int Jobs { get; init; } = 1;

    /// <summary>Stop at the lowest initial state that breaks a rule; the scope is then not complete.</summary>
    public bool StopAtFirst { get; init; }

    /// <summary>Moves of others in a run, 0 to 2, where the scope has any.</summary>
    public int Moves { get; init; } = 2;

    /// <summary>
    /// Try a second move in a state as often as that comes up, instead of once: the slow way, which what is found the
    /// fast way is compared with.
    /// </summary>
    public bool RevisitStates { get; init; }

    /// <summary>Told of progress, from any thread.</summary>
    public IProgress<CampaignProgress>? Progress { get; init; }
}

/// <summary>What a search of a scope counted.</summary>
/// <param name="InitialStates">Reachable initial states, each judged in full without interference.</param>
/// <param name="Unreachable">Initial states passed over, because no kernel reaches them.</param>
/// <param name="Interleavings">Runs with moves of others.</param>
/// <param name="StatesVisited">Distinct states in which a further move was tried.</param>
public readonly record struct ExhaustCounts(
    long InitialStates,
    long Unreachable,
    long Interleavings,
    long StatesVisited
)
{
    /// <summary>Both together.</summary>
    public static ExhaustCounts operator +(ExhaustCounts left, ExhaustCounts right) =>
        Add(left, right);

    /// <summary>Both together.</summary>
    public static ExhaustCounts Add(ExhaustCounts left, ExhaustCounts right) =>
        new(
            left.InitialStates + right.InitialStates,
            left.Unreachable + right.Unreachable,
            left.Interleavings + right.Interleavings,
            left.StatesVisited + right.StatesVisited
        );
}

/// <summary>The verdict over a scope.</summary>
/// <param name="Scope">The scope.</param>
/// <param name="Result">The verdict with its violations.</param>
/// <param name="Counts">What was counted.</param>
public sealed record ExhaustResult(
    ExhaustiveScope Scope,
    CampaignResult Result,
    ExhaustCounts Counts
)
{
    /// <summary>The scope's name and the counts, in one line; of a search that was cut short, that it is not complete.</summary>
    public string Text => TextOf(Scope, Counts, Result.Complete);

    /// <summary>The same before there is a result.</summary>
    internal static string TextOf(ExhaustiveScope scope, in ExhaustCounts counts, bool complete)
    {
        var moves = scope.IsInterleaved
            ? string.Create(
                CultureInfo.InvariantCulture,
                $", {counts.Interleavings:N0} interleavings, {counts.StatesVisited:N0} states visited"
            )
            : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"scope {scope.Name}, {(complete ? "complete" : "not complete")}: {counts.InitialStates:N0} initial states{moves}; {counts.Unreachable:N0} unreachable ones left out"
        );
    }
}
